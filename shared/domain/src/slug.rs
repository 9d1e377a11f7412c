//! Names that stand in addresses.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Invalid;
use crate::fold::plain_letters;

/// A name fit for a URL path: lower-case letters, digits and single hyphens, at most 80 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

impl Slug {
    /// The longest slug.
    pub const MAX_LEN: usize = 80;

    /// The slug of a free text: `L'Atelier de Zoé` becomes `l-atelier-de-zoe`; a text without letters or digits has none.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut slug = String::with_capacity(text.len());
        for letter in text.chars().flat_map(char::to_lowercase) {
            match plain_letters(letter) {
                Some(plain) => slug.push_str(plain),
                None if letter.is_ascii_alphanumeric() => slug.push(letter),
                None if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
                None => {}
            }
            if slug.len() >= Self::MAX_LEN {
                break;
            }
        }
        slug.truncate(Self::MAX_LEN);
        let trimmed = slug.trim_end_matches('-');
        (!trimmed.is_empty()).then(|| Self(trimmed.to_owned()))
    }

    /// The slug's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Slug {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let lawful = !text.is_empty()
            && text.len() <= Self::MAX_LEN
            && !text.starts_with('-')
            && !text.ends_with('-')
            && !text.contains("--")
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if lawful {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new("slug", "must be 1 to 80 lower-case letters, digits and single hyphens"))
        }
    }
}

impl TryFrom<String> for Slug {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folds_french_letters() {
        assert_eq!(Slug::from_text("L'Atelier de Zoé & Cœur").map(String::from), Some("l-atelier-de-zoe-coeur".into()));
        assert_eq!(Slug::from_text(" — "), None);
    }

    proptest! {
        #[test]
        fn whatever_from_text_makes_parses_again(text in "\\PC{0,120}") {
            if let Some(slug) = Slug::from_text(&text) {
                let reparsed = slug.as_str().parse::<Slug>();
                prop_assert_eq!(reparsed, Ok(slug));
            }
        }
    }
}
