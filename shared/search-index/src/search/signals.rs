//! What a listing is worth apart from the words: enough to decide between equals, not enough to bring a worse match
//! forward.

use tantivy::columnar::Column;
use tantivy::{DocId, Score, SegmentReader};

use super::columns::BlockReader;
use crate::schema::ORDERABLE;

/// What being orderable is worth.
const ORDERABLE_BONUS: Score = 0.5;

/// The signals of the listings of one segment. They are numbers that are read for each hit, where a clause of the query
/// would have to walk through nearly the whole index.
pub(super) struct SegmentSignals {
    orderable: Column<u64>,
    block: BlockReader,
}

impl SegmentSignals {
    pub fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        Ok(Self { orderable: segment.fast_fields().u64(ORDERABLE)?, block: BlockReader::default() })
    }

    /// Adds to the scores of `listings`, which rise.
    pub fn add_to(&mut self, scores: &mut [Score], listings: &[DocId]) {
        let orderable = self.block.read(&self.orderable, listings);
        for (score, orderable) in scores.iter_mut().zip(orderable) {
            *score += ORDERABLE_BONUS * f32::from(u8::from(*orderable == 1));
        }
    }
}
