//! In which order hits come.
//!
//! Every order is a pair of numbers, the greater the further in front: what the order is about, and the listing's number,
//! so that among equals the newest comes first and no two hits are equal. So one heap serves all orders, and the key of
//! the last hit is all that it takes to go on behind it.

use std::sync::Arc;

use halles_domain::{Currency, ListingId};
use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, Score, SegmentReader};

use super::columns::Prices;
use super::hit_columns::HitColumns;
use super::near::{Distances, Near};
use super::newest_ids::NewestIds;

/// In which order hits come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SearchSort {
    /// The best match first; without words, the newest.
    #[default]
    Relevance,
    /// The lowest price first, those without a price in the search's currency last.
    PriceAsc,
    /// The highest price first, those without a price in the search's currency last.
    PriceDesc,
    /// The newest first.
    Newest,
    /// The nearest first, those of which nobody knows where they are last; without a place to be near to, the newest.
    Distance,
}

/// A hit's place in the order: the greater, the further in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HitKey {
    pub(super) rank: u64,
    pub(super) id: u64,
}

impl HitKey {
    /// The score of a hit that is ranked by it.
    pub(super) fn score(self) -> Score {
        u32::try_from(self.rank).map_or(0.0, Score::from_bits)
    }
}

/// A hit, and where the engine has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    pub key: HitKey,
    pub address: DocAddress,
}

impl Hit {
    /// The listing's number.
    pub fn id(&self) -> Option<ListingId> {
        i64::try_from(self.key.id).ok().map(ListingId::new)
    }
}

/// What an order needs to know of a search.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ordering {
    pub sort: SearchSort,
    pub currency: Currency,
    pub near: Option<Near>,
    /// Whether hits have scores.
    pub has_words: bool,
}

impl Ordering {
    /// Whether scores decide.
    pub fn is_by_score(self) -> bool {
        self.sort == SearchSort::Relevance && self.has_words
    }

    pub fn in_segment(self, segment: &SegmentReader, columns: &HitColumns) -> tantivy::Result<SegmentOrdering> {
        let ranks = match (self.sort, self.near) {
            (SearchSort::Relevance, _) if self.has_words => Ranks::Scores,
            (SearchSort::PriceAsc, _) => Ranks::Cheapest(Prices::open(segment, self.currency)?),
            (SearchSort::PriceDesc, _) => Ranks::Dearest(Prices::open(segment, self.currency)?),
            (SearchSort::Distance, Some(near)) => Ranks::Nearest(Distances::open(segment, near.coordinates)?),
            _ => Ranks::AllAlike,
        };
        Ok(SegmentOrdering { ranks, ids: columns.ids.clone(), newest: Arc::clone(&columns.newest) })
    }
}

/// The order, ready for the listings of one segment.
pub(super) struct SegmentOrdering {
    ranks: Ranks,
    ids: Column<u64>,
    newest: Arc<NewestIds>,
}

enum Ranks {
    Scores,
    Cheapest(Prices),
    Dearest(Prices),
    Nearest(Distances),
    AllAlike,
}

impl Ranks {
    /// The rank that is read of the listing, whatever its score.
    fn rank(&self, listing: DocId) -> u64 {
        match self {
            Self::Cheapest(prices) => prices.of(listing).map_or(0, |cents| u64::MAX - cents),
            Self::Dearest(prices) => prices.of(listing).map_or(0, |cents| cents + 1),
            Self::Nearest(distances) => distances.metres(listing).map_or(0, |metres| u64::MAX - whole_metres(metres)),
            Self::Scores | Self::AllAlike => 0,
        }
    }
}

impl SegmentOrdering {
    #[inline]
    pub fn rank(&self, listing: DocId, score: Score) -> u64 {
        match &self.ranks {
            Ranks::Scores => rank_of_score(score),
            read => read.rank(listing),
        }
    }
    /// Whether a listing of this rank, or a lower one, may come in front of a hit; without reading its number.
    #[inline]
    pub fn may_precede(&self, listing: DocId, rank: u64, hit: HitKey) -> bool {
        rank > hit.rank || (rank == hit.rank && self.newest.may_be_newer(listing, hit.id))
    }

    #[inline]
    pub fn id(&self, listing: DocId) -> u64 {
        self.ids.first(listing).unwrap_or_default()
    }
}

/// Floats that are not negative are in the order of their bits.
fn rank_of_score(score: Score) -> u64 {
    u64::from(score.max(0.0).to_bits())
}

/// Nobody tells listings apart that are less than a metre further.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it saturates, and no distance is negative"
)]
const fn whole_metres(metres: f64) -> u64 {
    metres as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn better_scores_rank_higher() {
        let scores: [Score; 8] = [0.0, f32::MIN_POSITIVE, 0.5, 1.0, 1.000_000_1, 17.25, 1e30, f32::INFINITY];
        let ranks: Vec<u64> = scores.iter().copied().map(rank_of_score).collect();
        assert!(ranks.windows(2).all(|pair| pair[0] < pair[1]), "{ranks:?}");
        assert_eq!(rank_of_score(-1.0), 0);
        let back = ranks.iter().map(|rank| HitKey { rank: *rank, id: 1 }.score());
        assert!(back.eq(scores));
    }
}
