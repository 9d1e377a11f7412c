//! Which listing each request asks for: few are asked for often, most hardly ever.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// Neighbours in popularity are this far apart by number, so that popular listings lie scattered over the tables.
/// A prime, so that no two ranks meet in a catalogue of any smaller size.
const STRIDE: u64 = 2_147_483_647;
/// The same requests in each run.
const SEED: u64 = 3;

/// The listings (from 0) that so many requests ask for, when the listing of rank r is asked for in proportion to
/// `1 / r^exponent`.
pub fn trace(listings: u32, exponent: f64, requests: usize) -> Vec<u32> {
    ranks(listings as usize, exponent, requests).into_iter().map(|rank| scattered(rank, listings)).collect()
}

/// The ranks (from 0) of so many things that requests ask for, by the same law.
pub fn ranks(things: usize, exponent: f64, requests: usize) -> Vec<usize> {
    let shares = (1..=things).map(|rank| (rank as f64).powf(-exponent));
    let cumulative: Vec<f64> = shares
        .scan(0.0, |sum, share| {
            *sum += share;
            Some(*sum)
        })
        .collect();
    let total = cumulative.last().copied().unwrap_or_default();
    let mut dice = StdRng::seed_from_u64(SEED);
    let mut draw = || {
        let point = dice.random_range(0.0..total);
        cumulative.partition_point(|sum| *sum <= point)
    };
    (0..requests).map(|_| draw()).collect()
}

fn scattered(rank: usize, listings: u32) -> u32 {
    let place = rank as u64 * STRIDE % u64::from(listings);
    u32::try_from(place).expect("it is smaller than the number of listings")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_first_ranks_have_their_share() {
        let requests = 200_000;
        let trace = trace(1_000, 0.99, requests);
        let harmonic: f64 = (1..=1_000).map(|rank| f64::from(rank).powf(-0.99)).sum();
        for rank in [1, 2, 10] {
            let listing = scattered(rank - 1, 1_000);
            let asked = trace.iter().filter(|asked| **asked == listing).count();
            let expected = f64::from(u32::try_from(rank).expect("small")).powf(-0.99) / harmonic;
            let share = asked as f64 / requests as f64;
            assert!((share / expected - 1.0).abs() < 0.05, "rank {rank}: {share} instead of {expected}");
        }
    }

    #[test]
    fn every_rank_has_a_listing_of_its_own() {
        let listings: HashSet<u32> = (0..10_000).map(|rank| scattered(rank, 10_000)).collect();
        assert_eq!(listings.len(), 10_000);
    }

    #[test]
    fn the_trace_is_the_same_each_time() {
        assert_eq!(trace(100, 0.99, 50), trace(100, 0.99, 50));
    }
}
