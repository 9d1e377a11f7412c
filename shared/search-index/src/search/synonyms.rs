//! Words that mean the same, as the shop's people write them down.
//!
//! One line each: `laptop, notebook, ordinateur portable` for words that stand for each other, `ps4 => playstation 4`
//! for one that also stands for another but not the other way round; `#` begins a comment. Plural and accents do not
//! matter, and a phrase may have up to four words.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::tokenizer::{TextAnalyzer, TokenizerManager};

use super::SearchText;
use crate::analysis::{FRENCH, analyse_word, analyses};

/// The longest phrase.
const MAX_WORDS: usize = 4;
/// The most phrases that one phrase may stand for; each is looked for.
const MAX_MEANINGS: usize = 12;

/// A list of synonyms, ready to be looked up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Synonyms(Arc<HashMap<String, Vec<Phrase>>>);

/// The words of a phrase.
pub(super) type Phrase = Vec<String>;

/// A line that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct BadSynonyms {
    /// Which line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

impl Synonyms {
    /// Reads a list; one bad line refuses it all, so that nobody searches with half a list.
    pub fn parse(text: &str) -> Result<Self, BadSynonyms> {
        let mut meanings: HashMap<String, Vec<Phrase>> = HashMap::new();
        let mut keys = Keys::new(&analyses());
        for (number, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            let bad = |reason: String| BadSynonyms { line: number + 1, reason };
            let (sources, targets) = match line.split_once("=>") {
                Some((sources, targets)) => (phrases(sources).map_err(bad)?, phrases(targets).map_err(bad)?),
                None => (phrases(line).map_err(bad)?, phrases(line).map_err(bad)?),
            };
            for source in &sources {
                let known = meanings.entry(keys.of(source)).or_default();
                known.extend(targets.iter().filter(|target| *target != source).cloned());
                if known.is_empty() || known.len() > MAX_MEANINGS {
                    return Err(bad(format!("a phrase must have between 1 and {MAX_MEANINGS} others")));
                }
            }
        }
        Ok(Self(Arc::new(meanings)))
    }

    /// How many phrases have synonyms.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The longest phrase at the front of `words` that has synonyms: how many words it has, and what else it may be.
    pub(super) fn at_front_of(&self, words: &[String], keys: &mut Keys) -> Option<(usize, &[Phrase])> {
        if self.is_empty() {
            return None;
        }
        let lengths = (1..=words.len().min(MAX_WORDS)).rev();
        lengths.into_iter().find_map(|length| Some((length, self.0.get(&keys.of(&words[..length]))?.as_slice())))
    }
}

pub(super) fn phrases(list: &str) -> Result<Vec<Phrase>, String> {
    let phrase = |text: &str| {
        let words = SearchText::new(text).map_err(|error| error.to_string())?.words().to_vec();
        if (1..=MAX_WORDS).contains(&words.len()) {
            Ok(words)
        } else {
            Err(format!("{:?} must have between 1 and {MAX_WORDS} words", text.trim()))
        }
    };
    list.split(',').map(phrase).collect()
}

/// Makes the keys by which phrases are looked up.
pub(super) struct Keys(Option<TextAnalyzer>);

impl Keys {
    pub fn new(analyses: &TokenizerManager) -> Self {
        Self(analyses.get(FRENCH))
    }

    /// The key of a phrase.
    pub fn of(&mut self, words: &[String]) -> String {
        let mut key = String::new();
        for word in words {
            let analysed = self.0.as_mut().and_then(|analysis| analyse_word(analysis, word));
            let whole = analysed.map(|word| word.joined.unwrap_or_else(|| word.parts.concat()));
            key.push_str(whole.as_deref().unwrap_or(word));
            key.push(' ');
        }
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meanings(list: &str, text: &str) -> Vec<String> {
        let synonyms = Synonyms::parse(list).expect("a good list");
        let words = SearchText::new(text).expect("a text");
        let found = synonyms.at_front_of(words.words(), &mut Keys::new(&analyses()));
        found.map(|(_, phrases)| phrases.iter().map(|phrase| phrase.join(" ")).collect()).unwrap_or_default()
    }

    #[test]
    fn synonyms_go_both_ways_or_one_way() {
        let list = "# computers\nlaptop, ordinateur portable, notebook\nps4 => playstation 4 # not back\n";
        assert_eq!(meanings(list, "Ordinateurs portables gris"), ["laptop", "notebook"]);
        assert_eq!(meanings(list, "laptops"), ["ordinateur portable", "notebook"]);
        assert_eq!(meanings(list, "ps4"), ["playstation 4"]);
        assert_eq!(meanings(list, "playstation 4"), <[&str; 0]>::default());
    }

    #[test]
    fn a_bad_line_is_named() {
        for (list, line) in [("a, b\nlonely", 2), ("a => ", 1), ("one two three four five, six", 1), ("\n\n,", 3)] {
            assert_eq!(Synonyms::parse(list).err().map(|error| error.line), Some(line), "{list:?}");
        }
    }
}
