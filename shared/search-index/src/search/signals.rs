//! What a listing is worth apart from the words: enough to decide between equals, not enough to bring a worse match
//! forward.

use tantivy::columnar::Column;
use tantivy::{DocId, Score, SegmentReader};

use crate::schema::ORDERABLE;

/// What being orderable is worth.
const ORDERABLE_BONUS: Score = 0.5;

/// The signals of the listings of one segment. They are numbers that are read for those who are in the race, where a
/// clause of the query would have to walk through nearly the whole index.
pub(super) struct SegmentSignals {
    orderable: Column<u64>,
}

impl SegmentSignals {
    /// The most that any listing gains.
    pub const MOST: Score = ORDERABLE_BONUS;

    pub fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        Ok(Self { orderable: segment.fast_fields().u64(ORDERABLE)? })
    }

    /// What a listing gains.
    #[inline]
    pub fn of(&self, listing: DocId) -> Score {
        if self.orderable.first(listing) == Some(1) { ORDERABLE_BONUS } else { 0.0 }
    }
}
