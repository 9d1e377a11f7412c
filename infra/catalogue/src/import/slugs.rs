//! Names in addresses for what other people named.

use halles_domain::Slug;

/// A slug below another: `toys-hobbies-model-trains`. One that grows too long is cut and told apart by a check value.
/// A name without letters or digits has none.
pub fn joined_slug(above: &Slug, name: &str) -> Option<Slug> {
    bounded(&format!("{above}-{}", full_slug(name)?))
}

/// A shop's slug, with its source behind it, since other sources may know a shop of the same name: `hp-icecat`.
pub fn shop_slug(name: &str, source: &Slug) -> Option<Slug> {
    bounded(&format!("{}-{source}", full_slug(name)?))
}

/// The text on one line, without blanks at its ends.
pub fn tidy(text: &str) -> String {
    text.split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// `Slug` cuts long texts, so that two of them could become one: those get a check value of the whole text.
fn full_slug(name: &str) -> Option<String> {
    let slug = Slug::from_text(name)?;
    let cut = slug.as_str().len() + 2 >= Slug::MAX_LEN;
    Some(if cut { format!("{slug}-{:08x}", check_value(name)) } else { slug.into() })
}

fn bounded(text: &str) -> Option<Slug> {
    if text.len() <= Slug::MAX_LEN {
        return text.parse().ok();
    }
    let ending = format!("-{:08x}", check_value(text));
    // Slugs are ASCII, so every position is a boundary.
    let start = text[..Slug::MAX_LEN - ending.len()].trim_end_matches('-');
    format!("{start}{ending}").parse().ok()
}

/// FNV-1a: small, and the same for ever.
fn check_value(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn source() -> Slug {
        "flipkart".parse().expect("a slug")
    }

    #[test]
    fn names_carry_their_source() {
        assert_eq!(
            joined_slug(&source(), "Women's Clothing").map(String::from),
            Some("flipkart-women-s-clothing".into())
        );
        assert_eq!(shop_slug("StarTech.com", &source()).map(String::from), Some("startech-com-flipkart".into()));
        assert_eq!(shop_slug("—", &source()), None);
    }

    proptest! {
        #[test]
        fn long_names_stay_apart(name in "[a-z ]{90,120}") {
            let longer = format!("{name}x");
            if let (Some(one), Some(other)) = (joined_slug(&source(), &name), joined_slug(&source(), &longer)) {
                prop_assert_ne!(one, other);
            }
        }

        #[test]
        fn whatever_the_name_the_slug_is_lawful(name in "\\PC{0,200}") {
            prop_assert_eq!(joined_slug(&source(), &name).is_some(), Slug::from_text(&name).is_some());
        }
    }
}
