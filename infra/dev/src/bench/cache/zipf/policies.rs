//! What other caches would have made of the same requests: plain LRU, the best that any cache of that size could have
//! done, and a cache that never has to let go of anything.
//!
//! All entries count as equally large, and none expires.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Which requests are hits of a cache that lets go of what was not asked for longest.
pub fn lru(trace: &[u32], room: usize) -> Vec<bool> {
    let mut last_use: HashMap<u32, usize> = HashMap::new();
    let mut by_age: BTreeMap<usize, u32> = BTreeMap::new();
    let mut ask = |(now, key): (usize, &u32)| {
        let before = last_use.insert(*key, now);
        match before {
            Some(before) => {
                by_age.remove(&before);
            }
            None if last_use.len() > room => {
                if let Some((_, oldest)) = by_age.pop_first() {
                    last_use.remove(&oldest);
                }
            }
            None => {}
        }
        by_age.insert(now, *key);
        before.is_some()
    };
    trace.iter().enumerate().map(&mut ask).collect()
}

/// Which requests are hits of a cache that knows the future (Belady): it keeps what will be asked for soonest, and what
/// it was just asked for only if that is sooner than the rest.
pub fn optimum(trace: &[u32], room: usize) -> Vec<bool> {
    let next_use = next_uses(trace);
    // By the request that will ask for it next.
    let mut kept: BTreeSet<(usize, u32)> = BTreeSet::new();
    let mut ask = |(now, key): (usize, &u32)| {
        // What is kept and asked for now is what has "now" as its next use.
        let is_hit = kept.remove(&(now, *key));
        kept.insert((next_use[now], *key));
        if kept.len() > room {
            kept.pop_last();
        }
        is_hit
    };
    trace.iter().enumerate().map(&mut ask).collect()
}

/// Which requests are hits of a cache with room for everything: all but the first for each key.
pub fn unlimited(trace: &[u32]) -> Vec<bool> {
    let mut seen = HashSet::new();
    trace.iter().map(|key| !seen.insert(*key)).collect()
}

/// For each request, the number of the next one for the same key; beyond the end when there is none.
fn next_uses(trace: &[u32]) -> Vec<usize> {
    let mut next: HashMap<u32, usize> = HashMap::new();
    let mut uses: Vec<usize> =
        trace.iter().enumerate().rev().map(|(now, key)| next.insert(*key, now).unwrap_or(usize::MAX)).collect();
    uses.reverse();
    uses
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of every textbook.
    const TEXTBOOK: [u32; 12] = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];

    fn hits(requests: &[bool]) -> usize {
        requests.iter().filter(|hit| **hit).count()
    }

    #[test]
    fn lru_as_worked_out_by_hand() {
        // Room for 3: the second 1 and 2 after the 5 are hits.
        let expected = [false, false, false, false, false, false, false, true, true, false, false, false];
        assert_eq!(lru(&TEXTBOOK, 3), expected);
        // Room for 4: 1 2 and, after the 5, 1 2 again.
        assert_eq!(hits(&lru(&TEXTBOOK, 4)), 4);
        assert_eq!(lru(&[7, 7, 8, 7], 1), [false, true, false, false]);
    }

    #[test]
    fn the_optimum_as_worked_out_by_hand() {
        // Room for 3: 1 and 2 are kept throughout, and the third place goes from 3 or 5 to one that comes again.
        assert_eq!(hits(&optimum(&TEXTBOOK, 3)), 5);
        assert_eq!(hits(&optimum(&TEXTBOOK, 4)), 6);
        // Who only passes by is not let in.
        assert_eq!(optimum(&[7, 8, 7, 9, 7], 1), [false, false, true, false, true]);
    }

    #[test]
    fn only_first_requests_miss_a_cache_with_room_for_all() {
        assert_eq!(unlimited(&[1, 1, 2, 1, 2]), [false, true, false, true, true]);
    }

    #[test]
    fn nobody_beats_the_optimum_and_nothing_beats_having_room_for_all() {
        let trace = super::super::keys::trace(500, 0.99, 5_000);
        for room in [1, 10, 50, 200] {
            let (lru, optimum) = (hits(&lru(&trace, room)), hits(&optimum(&trace, room)));
            assert!(lru <= optimum && optimum <= hits(&unlimited(&trace)), "room {room}: {lru}, {optimum}");
        }
        assert_eq!(lru(&trace, 500), unlimited(&trace));
        assert_eq!(optimum(&trace, 500), unlimited(&trace));
    }
}
