//! The words of a generation as people write them: folded, but with their endings.
//!
//! Answers how common a word is, which known words a mistyped one may stand for, which it may be the beginning of, and
//! where it may have lost a blank. What is read is bounded by the number of different words in titles and in names of
//! categories and shops.

use std::collections::HashMap;

use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Field;
use tantivy::tokenizer::TokenizerManager;
use tantivy::{Searcher, Term};

/// How many words one mistyped or unfinished word may stand for.
const MAX_CANDIDATES: usize = 6;

/// How many words with the same beginning are looked at; a beginning that more words share says too little.
const MAX_COMPLETIONS_READ: usize = 2_000;

/// The shortest half of a word that lost its blank.
const SHORTEST_HALF: usize = 3;

/// The words of one generation.
pub(super) struct Vocabulary<'a> {
    searcher: &'a Searcher,
    field: Field,
}

/// A word of the vocabulary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KnownWord {
    pub word: String,
    /// In how many listings it is.
    pub frequency: u64,
}

impl<'a> Vocabulary<'a> {
    /// The words that `field` was indexed with.
    pub const fn new(searcher: &'a Searcher, field: Field) -> Self {
        Self { searcher, field }
    }

    /// The analyses that the index was built with.
    pub fn analyses(&self) -> &'a TokenizerManager {
        self.searcher.index().tokenizers()
    }

    /// In how many listings a folded word is.
    pub fn frequency(&self, word: &str) -> tantivy::Result<u64> {
        self.searcher.doc_freq(&Term::from_field_text(self.field, word))
    }

    /// The words at exactly this many typos from `word` if no word is closer, the commonest first. A swap of two
    /// neighbours is one typo. With two typos allowed, the first letter must be right.
    pub fn near(&self, word: &str, typos: u8) -> tantivy::Result<Vec<KnownWord>> {
        // Made once for all segments: it costs more than walking through a small one with it.
        let automaton = FuzzyTermQuery::new(Term::from_field_text(self.field, word), typos, true).automaton()?;
        let first = word.chars().next().map(String::from).filter(|_| typos > 1).unwrap_or_default();
        let mut found = HashMap::new();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.field)?;
            let mut stream = index.terms().search(&automaton).ge(first.as_bytes()).into_stream()?;
            while let Some((term, info)) = stream.next() {
                if !term.starts_with(first.as_bytes()) {
                    break;
                }
                count(&mut found, term, info.doc_freq);
            }
        }
        found.remove(word);
        Ok(commonest(found))
    }

    /// The commonest words that begin with `beginning` and are longer.
    pub fn completions(&self, beginning: &str) -> tantivy::Result<Vec<KnownWord>> {
        let mut found = HashMap::new();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.field)?;
            let mut stream = index.terms().range().gt(beginning.as_bytes()).into_stream()?;
            while let Some((term, info)) = stream.next() {
                if !term.starts_with(beginning.as_bytes()) {
                    break;
                }
                count(&mut found, term, info.doc_freq);
                if found.len() > MAX_COMPLETIONS_READ {
                    return Ok(Vec::new());
                }
            }
        }
        Ok(commonest(found))
    }

    /// Two known words that `word` may be without the blank between them; of several, those whose rarer one is
    /// commonest, with the frequency of that one.
    pub fn halves(&self, word: &str) -> tantivy::Result<Option<([String; 2], u64)>> {
        let mut best: Option<([String; 2], u64)> = None;
        let places = word.char_indices().map(|(place, _)| place);
        for place in places.filter(|place| (SHORTEST_HALF..=word.len().saturating_sub(SHORTEST_HALF)).contains(place)) {
            let (one, other) = word.split_at(place);
            let rarer = match self.frequency(one)? {
                0 => 0,
                frequency => frequency.min(self.frequency(other)?),
            };
            if rarer > best.as_ref().map_or(0, |(_, frequency)| *frequency) {
                best = Some(([one.to_owned(), other.to_owned()], rarer));
            }
        }
        Ok(best)
    }
}

fn count(found: &mut HashMap<String, u64>, term: &[u8], frequency: u32) {
    if let Ok(word) = std::str::from_utf8(term) {
        *found.entry(word.to_owned()).or_default() += u64::from(frequency);
    }
}

fn commonest(found: HashMap<String, u64>) -> Vec<KnownWord> {
    let mut words: Vec<KnownWord> = found.into_iter().map(|(word, frequency)| KnownWord { word, frequency }).collect();
    words.sort_unstable_by(|one, other| other.frequency.cmp(&one.frequency).then_with(|| one.word.cmp(&other.word)));
    words.truncate(MAX_CANDIDATES);
    words
}
