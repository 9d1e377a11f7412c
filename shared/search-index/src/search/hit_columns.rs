//! What is read of single hits, opened once for each segment of a generation.

use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::{DocAddress, SegmentOrdinal, SegmentReader};

use super::newest_ids::NewestIds;
use crate::schema::{CATEGORY, ID, PUBLISHED_AT, SELLER, TITLE_STEMS};

/// The columns of one segment.
pub(super) struct HitColumns {
    pub ids: Column<u64>,
    pub newest: Arc<NewestIds>,
    pub sellers: Column<u64>,
    pub categories: Column<u64>,
    pub published_at: Column<u64>,
    pub title_stems: Column<u64>,
}

impl HitColumns {
    /// Opens those of a segment; how new its listings are is read unless it is known.
    pub fn open(segment: &SegmentReader, newest: Option<Arc<NewestIds>>) -> tantivy::Result<Self> {
        let column = |name: &str| segment.fast_fields().u64(name);
        let ids = column(ID)?;
        Ok(Self {
            newest: newest.unwrap_or_else(|| Arc::new(NewestIds::read(&ids))),
            ids,
            sellers: column(SELLER)?,
            categories: column(CATEGORY)?,
            published_at: column(PUBLISHED_AT)?,
            title_stems: column(TITLE_STEMS)?,
        })
    }

    /// Those of a segment.
    pub fn in_segment(columns: &[Self], ordinal: SegmentOrdinal) -> Option<&Self> {
        columns.get(usize::try_from(ordinal).ok()?)
    }

    /// Those of the segment that a hit is in.
    pub fn of(columns: &[Self], hit: DocAddress) -> Option<&Self> {
        Self::in_segment(columns, hit.segment_ord)
    }
}
