//! What terms weigh: how often they occur, and how long texts are.
//!
//! The engine would weigh a term by its frequency in each field alone, so that a word which hardly ever stands in a title
//! would weigh more there than anywhere else. Here a term has one frequency for all fields of its language.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, FieldType};
use tantivy::{Score, Searcher, Term};

use super::word_query::Norms;

/// How much more than its logarithm a rare word says.
const RARITY_EXPONENT: Score = 1.3;

/// How long the texts of a generation are, field by field; counted once, when it is opened.
pub(super) struct Lengths {
    documents: u64,
    tokens: HashMap<Field, u64>,
    norms: HashMap<Field, Arc<Norms>>,
}

impl Lengths {
    /// Counts the tokens of every text field.
    pub fn of(searcher: &Searcher) -> tantivy::Result<Self> {
        let texts = searcher.schema().fields().filter(|(_, entry)| matches!(entry.field_type(), FieldType::Str(_)));
        let tokens = texts.map(|(field, _)| Ok((field, searcher.total_num_tokens(field)?)));
        let tokens = tokens.collect::<tantivy::Result<HashMap<Field, u64>>>()?;
        let documents = searcher.total_num_docs()?;
        let average = |tokens: u64| (score(tokens) / score(documents.max(1))).max(1.0);
        let norms = tokens.iter().map(|(field, tokens)| (*field, Arc::new(Norms::new(average(*tokens))))).collect();
        Ok(Self { documents, tokens, norms })
    }

    /// What the lengths of a field's texts make of the words in them.
    pub fn norms(&self, field: Field) -> Option<&Arc<Norms>> {
        self.norms.get(&field)
    }

    /// What a term says by being in a listing, when so many listings have it. Rare words say more than the logarithm
    /// of theory gives them.
    pub fn rarity(&self, frequency: u64) -> Score {
        let without = score(self.documents.saturating_sub(frequency)) + 0.5;
        (1.0 + without / (score(frequency) + 0.5)).ln().powf(RARITY_EXPONENT)
    }
}

/// How often the terms of one query occur.
#[derive(Default)]
pub(super) struct Frequencies(HashMap<Term, u64>);

impl Frequencies {
    /// Notes how often a term counts as occurring. Asked for twice in one query, it is as common as its commoner use.
    pub fn note(&mut self, term: &Term, frequency: u64) {
        let known = self.0.entry(term.clone()).or_default();
        *known = frequency.max(*known);
    }

    /// How often the term counts as occurring; nothing when it is not in the index.
    pub fn get(&self, term: &Term) -> Option<u64> {
        self.0.get(term).copied()
    }
}

/// The statistics of one query on one generation.
pub(super) struct Statistics<'a> {
    pub lengths: &'a Lengths,
    pub frequencies: &'a Frequencies,
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        Ok(self.lengths.tokens.get(&field).copied().unwrap_or_default())
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.lengths.documents)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        Ok(self.frequencies.get(term).unwrap_or_default().min(self.lengths.documents))
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few listings more or less do not matter")]
const fn score(count: u64) -> Score {
    count as Score
}
