//! What somebody has typed so far: words, the last of which may be unfinished.

use halles_domain::Invalid;

use crate::analysis::{analyse_word, plain, query_words};

/// The beginning of a search. Two texts that mean the same are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct TypedText {
    words: Vec<TypedWord>,
    /// Whether the last word may go on.
    is_open: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct TypedWord {
    /// In lower case, with its accents.
    pub shown: String,
    /// Without them, compounds in their parts.
    pub folded: Vec<String>,
}

impl TypedText {
    /// The longest text that is accepted: what the search field takes.
    pub const MAX_CHARS: usize = 200;

    /// Whoever has typed more words knows what they want.
    const MAX_WORDS: usize = 8;

    /// Parses what was typed.
    pub fn new(text: &str) -> Result<Self, Invalid> {
        if text.len() > Self::MAX_CHARS * 4 || text.chars().count() > Self::MAX_CHARS {
            return Err(Invalid::new("q", format!("must have at most {} characters", Self::MAX_CHARS)));
        }
        // "d'" is the beginning of whatever comes next.
        let text = text.strip_suffix(['\'', '’']).map_or(text, without_last_word);
        let mut plain = plain();
        let mut words = Vec::new();
        for word in query_words(text) {
            let folded = analyse_word(&mut plain, word).map(|analysed| analysed.parts).unwrap_or_default();
            if !folded.is_empty() {
                words.push(TypedWord { shown: word.to_lowercase(), folded });
            }
        }
        if words.len() > Self::MAX_WORDS {
            words.clear();
        }
        let is_open = !words.is_empty() && text.ends_with(char::is_alphanumeric);
        Ok(Self { words, is_open })
    }

    /// Whether there is nothing to suggest anything for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether the last word may go on.
    pub(super) const fn is_open(&self) -> bool {
        self.is_open
    }

    pub(super) fn words(&self) -> &[TypedWord] {
        &self.words
    }

    /// The folded words: the same for texts that differ in case, accents and blanks only.
    pub fn key(&self) -> String {
        self.folded(0).collect::<Vec<_>>().join(" ")
    }

    /// The folded words from `first` on, as the keys of whatever goes on with them begin.
    pub fn beginning(&self, first: usize) -> String {
        let mut beginning = self.folded(first).collect::<Vec<_>>().join(" ");
        if !self.is_open {
            beginning.push(' ');
        }
        beginning
    }

    /// The folded words from `first` on.
    pub(super) fn folded(&self, first: usize) -> impl Iterator<Item = &str> {
        self.words.iter().skip(first).flat_map(|word| word.folded.iter().map(String::as_str))
    }

    /// `phrase` behind the words before `first`.
    pub(super) fn completed(&self, first: usize, phrase: &str) -> String {
        let before = self.words.iter().take(first).map(|word| word.shown.as_str());
        before.chain([phrase]).collect::<Vec<_>>().join(" ")
    }

    /// The text with the word at `place` put right.
    pub(super) fn with_word(&self, place: usize, word: String) -> Self {
        let mut changed = self.clone();
        changed.words[place] = TypedWord { folded: vec![word.clone()], shown: word };
        changed
    }

    /// Whether a name begins with what was typed: each word is one of its words, the last may be the beginning of one.
    pub(super) fn begins(&self, name: &Self) -> bool {
        let is_one_of = |typed: &str, is_last: bool| {
            name.folded(0).any(|word| word == typed || (is_last && self.is_open && word.starts_with(typed)))
        };
        let typed: Vec<&str> = self.folded(0).collect();
        typed.iter().enumerate().all(|(place, word)| is_one_of(word, place + 1 == typed.len()))
    }
}

fn without_last_word(text: &str) -> &str {
    text.trim_end_matches(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> TypedText {
        TypedText::new(text).expect("a text")
    }

    #[test]
    fn the_last_word_is_open_until_something_follows() {
        assert_eq!(typed("Grès  É").beginning(0), "gres e");
        assert_eq!(typed("Grès É ").beginning(0), "gres e ");
        assert_eq!(typed("grès é").beginning(1), "e");
        assert_eq!(typed("t-shirt bl").beginning(0), "t shirt bl");
    }

    #[test]
    fn an_unfinished_elision_waits_for_its_word() {
        assert_eq!(typed("housse d'").beginning(0), "housse ");
        assert_eq!(typed("housse d'o").beginning(0), "housse o");
        assert!(typed("d'").is_empty());
    }

    #[test]
    fn texts_are_bounded() {
        assert!(TypedText::new(&"x".repeat(201)).is_err());
        assert!(typed("a b c d e f g h i").is_empty());
        assert!(typed(" \u{0} * ").is_empty());
    }

    #[test]
    fn names_begin_with_what_was_typed() {
        let name = typed("Céramique & arts de la table");
        for beginning in ["cer", "Céram", "table", "arts table", "table cer", "ceramique "] {
            assert!(typed(beginning).begins(&name), "{beginning}");
        }
        for other in ["eram", "cer table", "cer "] {
            assert!(!typed(other).begins(&name), "{other}");
        }
    }
}
