//! What is read of single hits, opened once for each segment of a generation.

use tantivy::columnar::Column;
use tantivy::{DocAddress, SegmentReader};

use crate::schema::{CATEGORY, ID, PUBLISHED_AT, SELLER, TITLE_STEMS};

/// The columns of one segment.
pub(super) struct HitColumns {
    pub ids: Column<u64>,
    pub sellers: Column<u64>,
    pub categories: Column<u64>,
    pub published_at: Column<u64>,
    pub title_stems: Column<u64>,
}

impl HitColumns {
    /// Opens those of a segment.
    pub fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let column = |name: &str| segment.fast_fields().u64(name);
        Ok(Self {
            ids: column(ID)?,
            sellers: column(SELLER)?,
            categories: column(CATEGORY)?,
            published_at: column(PUBLISHED_AT)?,
            title_stems: column(TITLE_STEMS)?,
        })
    }

    /// Those of the segment that a hit is in.
    pub fn of(columns: &[Self], hit: DocAddress) -> Option<&Self> {
        columns.get(usize::try_from(hit.segment_ord).ok()?)
    }
}
