//! What may have been meant when the words typed so far are known to no listing: the same words with one letter put
//! right. The first letter is taken to be right; nearly everybody gets it right.

use std::collections::HashMap;

use tantivy::query::FuzzyTermQuery;
use tantivy::{Searcher, Term};

use super::typed::TypedText;
use crate::schema::Fields;
use crate::search::vocabulary::Vocabulary;

/// A word of fewer letters is the beginning of too many others.
const LETTERS_FOR_ONE_TYPO: usize = 4;
/// Nobody means another word of more letters.
const LONGEST_GUESSED: usize = 40;
/// How many words one may have been meant for.
const MAX_MEANT: usize = 3;
/// How many words are looked at; a beginning that fits more of them says too little.
const MAX_READ: usize = 5_000;

/// The texts that may have been meant, the likeliest first; none when every word is known.
pub(super) fn guesses(typed: &TypedText, fields: &Fields, searcher: &Searcher) -> tantivy::Result<Vec<TypedText>> {
    let vocabulary = Vocabulary::new(searcher, fields.words);
    let mut guessed = vec![typed.clone()];
    for (place, word) in typed.words().iter().enumerate() {
        let [folded] = word.folded.as_slice() else { continue };
        let is_unfinished = typed.is_open() && place + 1 == typed.words().len();
        if !is_guessable(folded) || vocabulary.frequency(folded)? > 0 {
            continue;
        }
        if is_unfinished && !vocabulary.completions(folded)?.is_empty() {
            continue;
        }
        let like = Term::from_field_text(fields.words, folded);
        let like =
            if is_unfinished { FuzzyTermQuery::new_prefix(like, 1, true) } else { FuzzyTermQuery::new(like, 1, true) };
        let meant = words_like(&like, folded, fields, searcher)?;
        // Only one reading of the words before the last is followed: the commonest.
        let kept = if is_unfinished { MAX_MEANT } else { 1 };
        guessed = match guessed.first() {
            Some(likeliest) => meant.into_iter().take(kept).map(|word| likeliest.with_word(place, word)).collect(),
            None => break,
        };
    }
    guessed.retain(|guess| guess != typed);
    Ok(guessed)
}

fn is_guessable(word: &str) -> bool {
    let letters = word.chars().count();
    (LETTERS_FOR_ONE_TYPO..=LONGEST_GUESSED).contains(&letters)
        && !word.contains(|letter: char| letter.is_ascii_digit())
}

/// The commonest words that are like `word` but for one letter, and begin with the same.
fn words_like(like: &FuzzyTermQuery, word: &str, fields: &Fields, searcher: &Searcher) -> tantivy::Result<Vec<String>> {
    let automaton = like.automaton()?;
    let first = word.chars().next().map(String::from).unwrap_or_default();
    let mut found: HashMap<String, u64> = HashMap::new();
    let mut read = 0;
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(fields.words)?;
        let mut stream = index.terms().search(&automaton).ge(first.as_bytes()).into_stream()?;
        while let Some((term, info)) = stream.next() {
            read += 1;
            if !term.starts_with(first.as_bytes()) || read > MAX_READ {
                break;
            }
            if let Ok(word) = std::str::from_utf8(term) {
                *found.entry(word.to_owned()).or_default() += u64::from(info.doc_freq);
            }
        }
    }
    let mut words: Vec<(String, u64)> = found.into_iter().collect();
    words.sort_unstable_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    Ok(words.into_iter().take(MAX_MEANT).map(|(word, _)| word).collect())
}
