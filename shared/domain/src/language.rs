//! The languages that the shop speaks.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Invalid;

/// A language of pages and of listing texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// French, the default.
    #[default]
    Fr,
    /// English.
    En,
}

impl Language {
    /// Every language, in the order in which the switch shows them.
    pub const ALL: [Self; 2] = [Self::Fr, Self::En];

    /// The BCP 47 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    /// The best language for an `Accept-Language` header (RFC 9110, section 12.5.4): the known one with the highest
    /// weight, the first named on a tie, French when none is known.
    pub fn negotiate(accept_language: &str) -> Self {
        let mut best: Option<(Self, f32)> = None;
        for range in accept_language.split(',').take(MAX_RANGES) {
            let mut parts = range.trim().split(';');
            let tag = parts.next().unwrap_or_default().trim();
            let Ok(language) = tag.get(..2).unwrap_or_default().parse::<Self>() else { continue };
            let weight = parts
                .find_map(|parameter| parameter.trim().strip_prefix("q="))
                .map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
            if weight > 0.0 && best.is_none_or(|(_, best_weight)| weight > best_weight) {
                best = Some((language, weight));
            }
        }
        best.map_or_else(Self::default, |(language, _)| language)
    }
}

/// No browser sends more; a longer header is somebody else's problem.
const MAX_RANGES: usize = 16;

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Language {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::ALL
            .into_iter()
            .find(|language| language.code().eq_ignore_ascii_case(text))
            .ok_or_else(|| Invalid::new("language", "must be fr or en"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_weight_wins_and_french_is_the_default() {
        assert_eq!(Language::negotiate("en-GB,en;q=0.9,fr;q=0.8"), Language::En);
        assert_eq!(Language::negotiate("de, fr;q=0.5, en;q=0.4"), Language::Fr);
        assert_eq!(Language::negotiate("en;q=0.2, fr;q=0.9"), Language::Fr);
        assert_eq!(Language::negotiate("de"), Language::Fr);
        assert_eq!(Language::negotiate("en;q=0"), Language::Fr);
        assert_eq!(Language::negotiate("é;q=x,,;"), Language::Fr);
    }
}
