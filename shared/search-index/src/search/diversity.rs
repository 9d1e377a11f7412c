//! A first page with more than one shop, where that costs little.
//!
//! Every further listing of a shop that is on the page already must fit a little better than the next one of another
//! shop. So a shop that has by far the best listings keeps the page, and among equals each shop gets a place.

use super::reranking::Ranked;

/// How many places are shared out: the first page.
const PLACES: usize = 24;
/// Among how many hits: nobody's first page shows what fits as badly as those behind.
const CANDIDATES: usize = 72;
/// How many listings of a shop may stand among them for nothing.
const FREE: usize = 2;
/// How much better each further one must fit, where a perfect fit is about 1.
const HANDICAP: f32 = 0.02;
/// The handicap stops growing here: no listing is put off for ever.
const MAX_HANDICAP: f32 = 0.2;

/// Shares out the first places of `hits`, the best of which come first. `shops` are those of the hits, in their order.
pub(super) fn share_out(hits: &mut [Ranked], mut shops: Vec<u64>) {
    let candidates = CANDIDATES.min(hits.len());
    for place in 0..PLACES.min(candidates) {
        let handicapped = |hit: usize| {
            let before = shops[..place].iter().filter(|shop| **shop == shops[hit]).count();
            hits[hit].0 - handicap(before)
        };
        // The first of equals, which is the better one.
        let best = (place..candidates).rev().max_by(|one, other| handicapped(*one).total_cmp(&handicapped(*other)));
        if let Some(best) = best {
            hits[place..=best].rotate_right(1);
            shops[place..=best].rotate_right(1);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "at most a page of hits")]
const fn handicap(before: usize) -> f32 {
    let handicap = before.saturating_sub(FREE - 1) as f32 * HANDICAP;
    if handicap < MAX_HANDICAP { handicap } else { MAX_HANDICAP }
}

#[cfg(test)]
mod tests {
    use tantivy::DocAddress;

    use super::*;
    use crate::search::order::{Hit, HitKey};

    /// The places that hits with these scores, of these shops, had before.
    fn shared_out(scores: &[f32], shops: &[u64]) -> Vec<u64> {
        let hit = |id: u64| Hit { key: HitKey { rank: 0, id }, address: DocAddress::new(0, 0) };
        let mut hits: Vec<Ranked> = (0..).zip(scores).map(|(place, score)| (*score, hit(place))).collect();
        share_out(&mut hits, shops.to_vec());
        hits.into_iter().map(|(_, hit)| hit.key.id).collect()
    }

    #[test]
    fn among_equals_each_shop_gets_a_place() {
        assert_eq!(shared_out(&[1.0; 5], &[7, 7, 7, 7, 8]), [0, 1, 4, 2, 3]);
    }

    #[test]
    fn the_best_stays_the_best() {
        assert_eq!(shared_out(&[1.0, 0.99, 0.98, 0.5], &[7, 7, 7, 8]), [0, 1, 2, 3]);
    }

    #[test]
    fn with_one_shop_nothing_changes() {
        let scores: Vec<f32> = (0_u8..100).rev().map(f32::from).collect();
        assert!(shared_out(&scores, &[7; 100]).is_sorted());
        assert!(shared_out(&[1.0; 100], &[7; 100]).is_sorted());
    }
}
