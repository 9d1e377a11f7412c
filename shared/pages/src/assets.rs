//! What pages load besides themselves: one stylesheet, named after its content so that it may be kept for ever, and
//! two drawings.

/// The one stylesheet.
pub const STYLESHEET: &str = include_str!("style.css");

/// The little picture in the browser's tab: a market stall.
pub const FAVICON: &str = include_str!("favicon.svg");

/// The market hall on the home page.
pub const HALL: &str = include_str!("hall.svg");

/// Where the stylesheet is served; another content has another address.
pub fn stylesheet_path() -> String {
    format!("/assets/style-{:016x}.css", FINGERPRINT)
}

/// Where the tab's picture is served.
pub const FAVICON_PATH: &str = "/assets/favicon.svg";

/// Where the market hall is served; the address changes with the content.
pub fn hall_path() -> String {
    format!("/assets/hall-{:016x}.svg", fingerprint(HALL.as_bytes()))
}

const FINGERPRINT: u64 = fingerprint(STYLESHEET.as_bytes());

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
    fn the_stylesheet_asks_nobody_for_anything() {
        for forbidden in ["http:", "https:", "@import", "url("] {
            assert!(!STYLESHEET.contains(forbidden), "{forbidden}");
        }
    }
}
