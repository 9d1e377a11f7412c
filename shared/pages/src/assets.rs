//! What pages load besides themselves: one stylesheet and a few small scripts, named after their content so that they may
//! be kept for ever, and two drawings. Every page works without its script.

/// The one stylesheet.
pub const STYLESHEET: &str = include_str!("style.css");

/// The script of every page: suggestions below the search field.
pub const SEARCH_FIELD_SCRIPT: &str = include_str!("search_field.js");

/// The script of an order's page: keeps it true while it is open.
pub const ORDER_STATUS_SCRIPT: &str = include_str!("order_status.js");

/// The script of the checkout: sends the form again, with the same key, when nobody could note it.
pub const CHECKOUT_SCRIPT: &str = include_str!("checkout.js");

/// The little picture in the browser's tab: a market stall.
pub const FAVICON: &str = include_str!("favicon.svg");

/// The market hall on the home page.
pub const HALL: &str = include_str!("hall.svg");

/// Where the stylesheet is served; another content has another address.
pub fn stylesheet_path() -> String {
    format!("/assets/style-{:016x}.css", STYLESHEET_FINGERPRINT)
}

/// Where the script is served; another content has another address.
pub fn search_field_script_path() -> String {
    format!("/assets/search-field-{:016x}.js", SCRIPT_FINGERPRINT)
}

/// Where the script of an order's page is served.
pub fn order_status_script_path() -> String {
    format!("/assets/order-status-{:016x}.js", const { fingerprint(ORDER_STATUS_SCRIPT.as_bytes()) })
}

/// Where the script of the checkout is served.
pub fn checkout_script_path() -> String {
    format!("/assets/checkout-{:016x}.js", const { fingerprint(CHECKOUT_SCRIPT.as_bytes()) })
}

/// Where the tab's picture is served.
pub const FAVICON_PATH: &str = "/assets/favicon.svg";

/// Where the market hall is served; the address changes with the content.
pub fn hall_path() -> String {
    format!("/assets/hall-{:016x}.svg", fingerprint(HALL.as_bytes()))
}

const STYLESHEET_FINGERPRINT: u64 = fingerprint(STYLESHEET.as_bytes());
const SCRIPT_FINGERPRINT: u64 = fingerprint(SEARCH_FIELD_SCRIPT.as_bytes());

/// FNV-1a: plenty to tell two versions of a file apart, and computed while compiling.
const fn fingerprint(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut index = 0;
    while index < bytes.len() {
        hash = (hash ^ bytes[index] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        index += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_content_has_another_address() {
        assert_ne!(fingerprint(b"a"), fingerprint(b"b"));
        assert!(stylesheet_path().starts_with("/assets/style-"));
        assert!(stylesheet_path().ends_with(".css"));
    }

    #[test]
    fn scripts_are_small_and_ask_only_us() {
        for script in [SEARCH_FIELD_SCRIPT, ORDER_STATUS_SCRIPT, CHECKOUT_SCRIPT] {
            assert!(script.len() < 6_000, "it is a favour, not an application");
            for forbidden in ["http:", "https:", "eval", "cookie", "localStorage", "import"] {
                assert!(!script.contains(forbidden), "{forbidden}");
            }
        }
    }

    #[test]
    fn the_stylesheet_asks_nobody_for_anything() {
        for forbidden in ["http:", "https:", "@import", "url("] {
            assert!(!STYLESHEET.contains(forbidden), "{forbidden}");
        }
    }
}
