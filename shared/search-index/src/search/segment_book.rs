//! What is read of a segment once, and kept for as long as a generation in use has that segment.
//!
//! Segments never change and generations share most of theirs, so a small commit costs the reading of what is new in it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tantivy::Searcher;
use tantivy::index::SegmentId;

use super::facet_numbers::FacetBook;
use super::hit_columns::HitColumns;
use super::newest_ids::NewestIds;

/// What is known of the segments in use.
#[derive(Debug, Default)]
pub(crate) struct SegmentBook {
    pub(super) facets: FacetBook,
    newest: Mutex<HashMap<SegmentId, Weak<NewestIds>>>,
}

impl SegmentBook {
    /// The columns of each segment of a generation.
    pub(super) fn columns(&self, searcher: &Searcher) -> tantivy::Result<Vec<HitColumns>> {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let columns = searcher.segment_readers().iter().map(|segment| {
            let known = newest.get(&segment.segment_id()).and_then(Weak::upgrade);
            let columns = HitColumns::open(segment, known)?;
            newest.insert(segment.segment_id(), Arc::downgrade(&columns.newest));
            Ok(columns)
        });
        let columns = columns.collect::<tantivy::Result<_>>();
        newest.retain(|_, ids| ids.strong_count() > 0);
        columns
    }
}
