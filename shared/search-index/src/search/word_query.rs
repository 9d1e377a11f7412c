//! A word, wherever it stands in a listing, as one query of the engine: BM25F.
//!
//! The engine would score a word in each field by itself, and adding that up rewards whoever repeats a word everywhere.
//! Here what stands in the fields is added up first, each field weighed and shortened texts counting more, and then the
//! sum is worth less and less the more there is of it. One pass over all fields, too, where a tree of the engine's own
//! queries would take several.

use std::fmt;
use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings as _, SegmentPostings};
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

/// How fast repeating a word stops paying: with so much of it, half of all it can be worth is reached. A title alone
/// brings 4 (see `terms.rs`), so that a word that stands in the description as well still counts for something.
const HALF_WORTH: Score = 8.0;

/// How far texts of uneven length are evened out, between not at all (0) and entirely (1).
const EVENING_OUT: Score = 0.75;

/// What the length of a text makes of a word in it, for every length that the engine tells apart.
pub(super) struct Norms([Score; 256]);

impl Norms {
    /// For texts that have `average` words on average.
    pub fn new(average: Score) -> Self {
        let mut norms = [0.0; 256];
        for (norm, length) in norms.iter_mut().zip(0..=u8::MAX) {
            *norm = 1.0 / (1.0 - EVENING_OUT + EVENING_OUT * words(FieldNormReader::id_to_fieldnorm(length)) / average);
        }
        Self(norms)
    }
}

impl fmt::Debug for Norms {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Norms")
    }
}

#[expect(clippy::cast_precision_loss, reason = "texts have thousands of words at most")]
const fn words(length: u32) -> Score {
    length as Score
}

/// The word in one field.
#[derive(Debug, Clone)]
pub(super) struct InField {
    pub term: Term,
    /// What one of it is worth, in a text of average length.
    pub worth: Score,
    pub norms: Arc<Norms>,
}

/// The word in all fields that have it.
#[derive(Debug, Clone)]
pub(super) struct WordQuery {
    pub fields: Vec<InField>,
    /// What the word says by being there at all.
    pub rarity: Score,
}

impl Query for WordQuery {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(WordWeight(self.clone())))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.fields.iter().for_each(|field| visitor(&field.term, false));
    }
}

struct WordWeight(WordQuery);

impl Weight for WordWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut found = Vec::with_capacity(self.0.fields.len());
        for field in &self.0.fields {
            let index = segment.inverted_index(field.term.field())?;
            let Some(postings) = index.read_postings(&field.term, IndexRecordOption::WithFreqs)? else { continue };
            let lengths = segment.get_fieldnorms_reader(field.term.field())?;
            found.push(Found { postings, lengths, norms: Arc::clone(&field.norms), worth: field.worth });
        }
        let at: Vec<DocId> = found.iter().map(|found| found.postings.doc()).collect();
        let listing = at.iter().copied().min().unwrap_or(TERMINATED);
        Ok(Box::new(WordScorer { found, at, listing, most: boost * self.0.rarity * (1.0 + HALF_WORTH) }))
    }

    fn explain(&self, segment: &SegmentReader, listing: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(segment, 1.0)?;
        if scorer.seek(listing) != listing {
            return Err(TantivyError::InvalidArgument(format!("document {listing} does not match")));
        }
        Ok(Explanation::new("a word in all fields", scorer.score()))
    }
}

struct Found {
    postings: SegmentPostings,
    lengths: FieldNormReader,
    norms: Arc<Norms>,
    worth: Score,
}

struct WordScorer {
    found: Vec<Found>,
    /// At which listing each of them stands: side by side, since that is looked at for every listing and the rest only for
    /// those that have the word in the field.
    at: Vec<DocId>,
    listing: DocId,
    most: Score,
}

impl DocSet for WordScorer {
    fn advance(&mut self) -> DocId {
        let mut next = TERMINATED;
        for (at, found) in self.at.iter_mut().zip(&mut self.found) {
            if *at == self.listing {
                *at = found.postings.advance();
            }
            next = next.min(*at);
        }
        self.listing = next;
        next
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let mut next = TERMINATED;
        for (at, found) in self.at.iter_mut().zip(&mut self.found) {
            if *at < target {
                *at = found.postings.seek(target);
            }
            next = next.min(*at);
        }
        self.listing = next;
        next
    }

    fn doc(&self) -> DocId {
        self.listing
    }

    fn size_hint(&self) -> u32 {
        self.found.iter().map(|found| found.postings.size_hint()).max().unwrap_or_default()
    }
}

impl Scorer for WordScorer {
    fn score(&mut self) -> Score {
        let mut sum = 0.0;
        for (at, found) in self.at.iter().zip(&self.found) {
            if *at == self.listing {
                let norm = found.norms.0[usize::from(found.lengths.fieldnorm_id(self.listing))];
                sum += found.worth * words(found.postings.term_freq()) * norm;
            }
        }
        self.most * sum / (sum + HALF_WORTH)
    }
}
