//! The last resort, when nothing at all was found: whatever looks like the word.
//!
//! A useful answer is better than an empty page, and whoever typed an ordinary word gets here only with a shop that has
//! none of it. So a longer part of a compound will do, two typos in a word of five letters, or a word with the same
//! beginning. Codes are left alone: for those anything would look alike.

use tantivy::tokenizer::TextAnalyzer;

use super::asked::{LONGEST_GUESSED, MetBy, Way, may_have_typos};
use super::vocabulary::{KnownWord, Vocabulary};
use crate::analysis::analyse_word;

/// The shortest beginning that says anything.
const SHORTEST_BEGINNING: usize = 3;

/// What `typed` may have been; nothing when there is no telling.
pub(super) fn guesses(
    vocabulary: &Vocabulary<'_>,
    plain: Option<&mut TextAnalyzer>,
    typed: &str,
) -> tantivy::Result<Vec<Way>> {
    let Some(analysed) = plain.and_then(|plain| analyse_word(plain, typed)) else { return Ok(Vec::new()) };
    let [word] = analysed.parts.as_slice() else {
        let way = |word: String| Way { words: vec![word], how: MetBy::Guess, frequency: 0 };
        return Ok(analysed.parts.into_iter().filter(|part| may_have_typos(part)).map(way).collect());
    };
    let mut alike = if may_have_typos(word) { vocabulary.near(word, 2)? } else { Vec::new() };
    if alike.is_empty() && word.len() <= LONGEST_GUESSED && word.chars().all(char::is_alphabetic) {
        alike = same_beginning(vocabulary, word)?;
    }
    Ok(Way::each_of(alike, MetBy::Guess).collect())
}

/// The words that share the longest beginning with `word`.
fn same_beginning(vocabulary: &Vocabulary<'_>, word: &str) -> tantivy::Result<Vec<KnownWord>> {
    let ends = word.char_indices().map(|(end, _)| end).skip(SHORTEST_BEGINNING);
    for end in ends.collect::<Vec<_>>().into_iter().rev() {
        let beginning = &word[..end];
        let mut alike = vocabulary.completions(beginning)?;
        let frequency = vocabulary.frequency(beginning)?;
        if frequency > 0 {
            alike.insert(0, KnownWord { word: beginning.to_owned(), frequency });
        }
        if !alike.is_empty() {
            return Ok(alike);
        }
    }
    Ok(Vec::new())
}
