//! What a shopper asks for, parsed and bounded.

use halles_domain::{CategoryId, Currency, Invalid};

use super::facets::FacetsWanted;
use super::narrowing::{Narrowing, Respect};
use super::near::Near;
use super::order::{HitKey, SearchSort};
use super::rules::Rules;
use super::synonyms::Synonyms;
use crate::analysis::query_words;

/// A search, ready to be answered.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SearchQuery {
    /// The words; without any, everything matches.
    pub text: SearchText,
    /// Only this category and what is below it.
    pub category: Option<CategoryId>,
    /// What else is asked of listings.
    pub narrowing: Narrowing,
    /// Where they should be.
    pub near: Option<Near>,
    /// The currency that prices are compared in: listings priced in another one are in no price range.
    pub currency: Currency,
    /// In which order.
    pub sort: SearchSort,
    /// Where in that order to begin.
    pub start: Start,
    /// How many hits to return; the total counts them all.
    pub limit: usize,
    /// What to count beside the hits; nothing when only they are wanted.
    pub facets: Option<FacetsWanted>,
    /// What else the words may be called.
    pub synonyms: Synonyms,
    /// What the shop's people want to be seen first, further down or not at all.
    pub rules: Rules,
}

impl SearchQuery {
    /// In which respects it is narrowed.
    pub(super) fn respects(&self) -> Vec<Respect> {
        self.narrowing.respects(self.near)
    }
}

/// Where in the order of the hits an answer begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Start {
    /// With the hit behind so many others: for pages that people turn. Nothing is found beyond [`Start::DEEPEST`].
    At(usize),
    /// With the first hit of a walk, which goes through all hits in strict order.
    Walk,
    /// With the hit behind another one, wherever that stands by now.
    Behind(HitKey),
}

impl Start {
    /// Each page costs as much as all before it together. A walk costs the same everywhere.
    pub const DEEPEST: usize = 10_000;
}

impl Default for Start {
    fn default() -> Self {
        Self::At(0)
    }
}

/// The words of a query: nothing but letters and digits counts, so there are no operators to escape or to attack with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct SearchText {
    text: String,
    words: Vec<String>,
}

impl SearchText {
    /// The longest text that is accepted: twice the longest product title that people paste.
    pub const MAX_CHARS: usize = 400;

    /// How many different words count. Every word costs a look into nine fields; whoever pastes a whole title is
    /// served as well by its first words.
    pub const MAX_WORDS: usize = 16;

    /// Parses what was typed.
    pub fn new(text: &str) -> Result<Self, Invalid> {
        if text.len() > Self::MAX_CHARS * 4 || text.chars().count() > Self::MAX_CHARS {
            return Err(Invalid::new("q", format!("must have at most {} characters", Self::MAX_CHARS)));
        }
        let mut words: Vec<String> = Vec::new();
        for word in query_words(text) {
            let word = word.to_lowercase();
            if words.len() < Self::MAX_WORDS && !words.contains(&word) {
                words.push(word);
            }
        }
        let is_blank = |letter: char| letter.is_whitespace() || letter.is_control();
        let shown: Vec<&str> = text.split(is_blank).filter(|part| !part.is_empty()).collect();
        Ok(Self { text: shown.join(" "), words })
    }

    /// What was typed, on one line, to show in the search field again.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The different words, in lower case, in their order.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether nothing was asked for: no text, or nothing but punctuation.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_bounded() {
        assert!(SearchText::new(&"x".repeat(10_000)).is_err());
        let many_words: String = (0..100).map(|number| format!("w{number} ")).collect();
        assert_eq!(SearchText::new(&many_words[..390]).expect("a text").words().len(), SearchText::MAX_WORDS);
    }

    #[test]
    fn punctuation_and_control_characters_ask_for_nothing() {
        let text = SearchText::new("  +\u{0}- \"*\" ").expect("a text");
        assert!(text.is_empty());
        assert_eq!(text.as_str(), "+ - \"*\"");
    }

    #[test]
    fn anything_but_apostrophes_and_hyphens_separates_words() {
        let text = SearchText::new("title:bol^2,l'été\tt-shirt -noir 'x'").expect("a text");
        assert_eq!(text.words(), ["title", "bol", "2", "l'été", "t-shirt", "noir", "x"]);
    }

    #[test]
    fn words_count_once() {
        assert_eq!(SearchText::new("Bol BOL bol bleu").expect("a text").words(), ["bol", "bleu"]);
    }
}
