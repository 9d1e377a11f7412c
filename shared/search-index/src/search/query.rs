//! What a shopper asks for, parsed and bounded.

use halles_domain::{CategoryId, Invalid};

use super::{PriceRange, Synonyms};
use crate::analysis::query_words;

/// A search, ready to be answered.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SearchQuery {
    /// The words; without any, everything matches.
    pub text: SearchText,
    /// Only this category and what is below it.
    pub category: Option<CategoryId>,
    /// Only listings with a price in this range.
    pub price: PriceRange,
    /// In which order.
    pub sort: SearchSort,
    /// How many hits to leave out at the front.
    pub offset: usize,
    /// How many hits to return; the total counts them all.
    pub limit: usize,
    /// Where one price band ends and the next begins, in cents, rising; empty for no price counts.
    pub price_edges_cents: Vec<i64>,
    /// What else the words may be called.
    pub synonyms: Synonyms,
}

/// In which order hits come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SearchSort {
    /// The best match first; without words, the newest.
    #[default]
    Relevance,
    /// The lowest price first, those without a price last.
    PriceAsc,
    /// The highest price first, those without a price last.
    PriceDesc,
    /// The newest first.
    Newest,
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
