//! Listings that prove a suggestion: nothing is suggested that finds nothing in the generation that answers.

use halles_domain::{CategoryId, ListingId};
use tantivy::query::{BooleanQuery, EnableScoring, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, Searcher, SegmentReader, TERMINATED, Term};

use crate::document::as_number;
use crate::schema::{Fields, ID, ORDERABLE};

/// How many listings of a suggestion are looked at to choose the ones to show.
const LOOKED_AT: usize = 64;

/// A listing that may be shown, the better the greater: one that can be ordered, then the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Witness {
    is_orderable: bool,
    id: u64,
}

impl Witness {
    pub fn id(self) -> Option<ListingId> {
        i64::try_from(self.id).ok().map(ListingId::new)
    }
}

/// Some of the listings that have all of the folded `words` in their titles or in the names of category and shop, the
/// best first.
pub(super) fn listings_with(words: &[&str], fields: &Fields, searcher: &Searcher) -> tantivy::Result<Vec<Witness>> {
    let term = |word: &&str| -> Box<dyn Query> {
        Box::new(TermQuery::new(Term::from_field_text(fields.words, word), IndexRecordOption::Basic))
    };
    let query = BooleanQuery::intersection(words.iter().map(term).collect());
    let mut witnesses = look_at(&query, LOOKED_AT, searcher)?;
    witnesses.sort_unstable_by(|one, other| other.cmp(one));
    Ok(witnesses)
}

/// Whether anything can be found in a category.
pub(super) fn is_filled(category: CategoryId, fields: &Fields, searcher: &Searcher) -> tantivy::Result<bool> {
    let id = Term::from_field_u64(fields.category, as_number(i64::from(category.get())));
    Ok(!look_at(&TermQuery::new(id, IndexRecordOption::Basic), 1, searcher)?.is_empty())
}

fn look_at(query: &dyn Query, limit: usize, searcher: &Searcher) -> tantivy::Result<Vec<Witness>> {
    let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
    let mut witnesses = Vec::new();
    for segment in searcher.segment_readers() {
        let mut matching = weight.scorer(segment, 1.0)?;
        let read = reader_of(segment)?;
        let alive = segment.alive_bitset();
        let mut listing = matching.doc();
        while listing != TERMINATED && witnesses.len() < limit {
            if alive.is_none_or(|alive| alive.is_alive(listing)) {
                witnesses.extend(read(listing));
            }
            listing = matching.advance();
        }
    }
    Ok(witnesses)
}

fn reader_of(segment: &SegmentReader) -> tantivy::Result<impl Fn(u32) -> Option<Witness>> {
    let (ids, orderable) = (segment.fast_fields().u64(ID)?, segment.fast_fields().u64(ORDERABLE)?);
    Ok(move |listing| Some(Witness { is_orderable: orderable.first(listing) == Some(1), id: ids.first(listing)? }))
}
