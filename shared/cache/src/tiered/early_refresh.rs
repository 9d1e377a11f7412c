//! Loading a hot entry again before its end comes, so that nobody ever waits for it.
//!
//! XFetch (Vattani, Chierichetti, Lowenstein: Optimal Probabilistic Cache Stampede Prevention, 2015): whoever reads an
//! entry refreshes it when `−β · δ · ln(random) ≥ time left`, with δ the time that loading it took. The closer the end and
//! the slower the load, the likelier; a key that is read a thousand times a second is refreshed well in time, by one, and a
//! key that nobody reads is not refreshed at all.

use std::sync::Arc;
use std::time::Duration;

use super::Inner;
use super::entry::{Entry, State};
use super::load::{Errand, load};
use crate::Origin;

/// The logarithm of the smallest chance that is ever thrown, nearly: one in 500 million.
const FARTHEST: f64 = 20.0;

/// A load is never quicker than this: there is a round trip to L2 before it, and a little time is better lost than none
/// left.
const QUICKEST_LOAD: Duration = Duration::from_millis(1);

/// How long before its end an entry may be refreshed at the earliest.
pub(super) fn reach(load_time: Duration, percent: u32) -> Duration {
    scaled(load_time, percent, FARTHEST)
}

/// Whether to refresh an entry with so much time left; `chance` is between 0 and 1.
pub(super) fn is_due(left: Duration, load_time: Duration, percent: u32, chance: f64) -> bool {
    percent > 0 && scaled(load_time, percent, -chance.ln()) >= left
}

fn scaled(load_time: Duration, percent: u32, by: f64) -> Duration {
    let seconds = load_time.max(QUICKEST_LOAD).as_secs_f64() * f64::from(percent) / 100.0 * by;
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}

/// A key, its entry that is to be renewed, and why: it is early or aged.
type Due<O> = (<O as Origin>::Key, Arc<Entry<<O as Origin>::Value>>, State);

impl<O: Origin> Inner<O> {
    /// Loads entries again in the background, unless somebody is at it already or the origin was just found to be away.
    pub(super) fn renew(self: &Arc<Self>, due: Vec<Due<O>>) {
        if due.is_empty() || self.origin_rests() {
            return;
        }
        let mut errands = Vec::with_capacity(due.len());
        for (key, have, state) in due {
            if let Some(claim) = self.flights.try_claim(&key) {
                self.meters.refresh(if state == State::Early { "early" } else { "late" });
                errands.push(Errand::renewing(claim, have));
            }
        }
        if !errands.is_empty() {
            tokio::spawn(load(Arc::clone(self), errands, Duration::ZERO));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOAD: Duration = Duration::from_millis(10);

    #[test]
    fn the_closer_the_end_the_likelier() {
        let due = |left_ms, chance| is_due(Duration::from_millis(left_ms), LOAD, 100, chance);
        assert!(due(10, 0.3) && !due(10, 0.4), "e to the power of -1 is between them");
        assert!(due(30, 0.04) && !due(30, 0.05), "e to the power of -3 is between them");
        assert!(due(0, 0.999));
    }

    #[test]
    fn it_can_be_switched_off_and_pressed_hard() {
        assert!(!is_due(Duration::ZERO, LOAD, 0, 1e-9));
        assert_eq!(reach(LOAD, 0), Duration::ZERO);
        assert!(is_due(Duration::from_secs(3_600), Duration::ZERO, u32::MAX, 0.9));
    }

    #[test]
    fn nothing_is_due_beyond_its_reach() {
        assert_eq!(reach(LOAD, 200), 40 * LOAD);
        assert!(!is_due(reach(LOAD, 200), LOAD, 200, 1e-8));
    }
}
