//! What a shopper wants written on a piece, or told to its maker.

use serde::{Deserialize, Serialize};

use crate::{Invalid, ListingId};

/// A wish for one line of an order: 1 to [`Personalisation::MAX_CHARS`] characters on one line. Whoever shows it escapes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Personalisation(String);

/// A wish and the listing that it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonalisedLine {
    /// Which line of the order.
    pub listing_id: ListingId,
    /// What is wished for.
    pub text: Personalisation,
}

impl Personalisation {
    /// The longest wish: what fits on a bowl, not a letter.
    pub const MAX_CHARS: usize = 200;

    /// Parses a wish; none when nothing but blanks was typed.
    pub fn parse(text: &str) -> Result<Option<Self>, Invalid> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let refuse = |reason: String| Err(Invalid::new("personalisation", reason));
        if text.chars().count() > Self::MAX_CHARS {
            return refuse(format!("must have at most {} characters", Self::MAX_CHARS));
        }
        if text.chars().any(char::is_control) {
            return refuse("must be a single line without control characters".to_owned());
        }
        Ok(Some(Self(text.to_owned())))
    }

    /// The wish's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Personalisation {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)?.ok_or_else(|| Invalid::new("personalisation", "must not be empty"))
    }
}

impl From<Personalisation> for String {
    fn from(text: Personalisation) -> Self {
        text.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_have_bounds_and_nothing_is_no_wish() {
        assert_eq!(Personalisation::parse("  \t ").expect("lawful"), None);
        let wish = Personalisation::parse(" Pour Zoé, 12 ♥ ").expect("lawful").expect("a wish");
        assert_eq!(wish.as_str(), "Pour Zoé, 12 ♥");
        assert!(Personalisation::parse(&"é".repeat(200)).is_ok());
        for bad in ["é".repeat(201), "two\nlines".to_owned(), "a\0b".to_owned()] {
            assert_eq!(Personalisation::parse(&bad).expect_err("refused").field, "personalisation");
        }
    }
}
