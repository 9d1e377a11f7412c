//! How new the listings of a segment can be, stretch by stretch.
//!
//! Where many hits are equal, the newest come first, and a short query finds tens of thousands of equals. Reading each
//! one's number costs more than scoring it. The greatest number of each stretch tells which need no reading at all: an
//! index that was built newest first has hardly any others.

use tantivy::DocId;
use tantivy::columnar::{Cardinality, Column};

/// How many listings a stretch has; a number in memory for each of them, half a megabyte for 16 million listings.
const STRETCH: u32 = 256;

/// The greatest number in each stretch of a segment.
#[derive(Debug)]
pub(super) struct NewestIds(Box<[u64]>);

impl NewestIds {
    /// Reads all numbers of a segment once.
    pub fn read(ids: &Column<u64>) -> Self {
        // Every listing has one number. Of a segment that says otherwise, nothing is known.
        if ids.get_cardinality() != Cardinality::Full {
            return Self(Box::default());
        }
        let numbers = &ids.values;
        let mut stretch = [0; STRETCH as usize];
        let starts = (0..numbers.num_vals()).step_by(STRETCH as usize);
        let newest = starts.map(|start| {
            let length = STRETCH.min(numbers.num_vals() - start) as usize;
            numbers.get_range(u64::from(start), &mut stretch[..length]);
            stretch[..length].iter().copied().max().unwrap_or(u64::MAX)
        });
        Self(newest.collect())
    }

    /// Whether a listing may have a greater number than this; without reading its own.
    #[inline]
    pub fn may_be_newer(&self, listing: DocId, than: u64) -> bool {
        self.0.get((listing / STRETCH) as usize).is_none_or(|newest| *newest > than)
    }
}

#[cfg(test)]
mod tests {
    use tantivy::schema::{FAST, Schema};
    use tantivy::{Index, doc};

    use super::*;

    #[test]
    fn no_listing_that_is_newer_is_missed() {
        let mut schema = Schema::builder();
        let field = schema.add_u64_field("id", FAST);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 20_000_000).expect("a writer");
        let ids: Vec<u64> = (0..1_000).rev().map(|id| id * 7 % 1_000 + 1).collect();
        for id in &ids {
            writer.add_document(doc!(field => *id)).expect("room");
        }
        writer.commit().expect("a commit");
        let searcher = index.reader().expect("a reader").searcher();
        let column = searcher.segment_reader(0).fast_fields().u64("id").expect("a column");
        let newest = NewestIds::read(&column);
        assert_eq!(newest.0.len(), 4);
        for (listing, id) in (0..).zip(&ids) {
            assert!(newest.may_be_newer(listing, id - 1), "{id}");
            assert!(!newest.may_be_newer(listing, 1_000), "nothing is newer than the newest");
        }
        let old = ids[..256].iter().max().expect("a stretch");
        assert!(!newest.may_be_newer(0, *old));
    }
}
