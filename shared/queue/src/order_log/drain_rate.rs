//! How fast requests leave the log, and what that means for whoever comes last.
//!
//! Measured is the work, not the traffic: entries that were settled against the time from taking to settling them. So an
//! idle worker keeps its rate, and full batches soon say what the machine can do.

use std::time::Duration;

/// How much of the past counts when a batch is added: some ten batches.
const MEMORY: f64 = 0.9;

/// The rate at which the leading worker settles requests.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct DrainRate {
    entries: f64,
    seconds: f64,
}

impl DrainRate {
    /// Adds a batch. Large ones weigh more, because they took longer.
    pub(super) fn note(&mut self, entries: usize, took: Duration) {
        let entries = u32::try_from(entries).unwrap_or(u32::MAX);
        self.entries = MEMORY * self.entries + f64::from(entries);
        self.seconds = MEMORY * self.seconds + took.as_secs_f64();
    }

    /// Entries per second; none before anything was measured.
    pub(super) fn per_second(&self) -> Option<f64> {
        (self.entries > 0.0 && self.seconds > 0.0).then(|| self.entries / self.seconds)
    }
}

/// Where a request stands in the log, as far as that can be told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QueuePlace {
    /// How many wait up to and including this one.
    pub place: u64,
    /// How long it will take until its turn: what waits, divided by what leaves in a second. None while nobody takes
    /// requests.
    pub expected: Option<Duration>,
}

impl QueuePlace {
    /// The place behind `waiting` requests that leave at this rate.
    #[expect(clippy::cast_precision_loss, reason = "a log holds far fewer than 2^52 requests")]
    pub(super) fn new(waiting: u64, per_second: Option<f64>) -> Self {
        let seconds = per_second.filter(|rate| *rate > 0.0).map(|rate| waiting as f64 / rate);
        let expected = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        Self { place: waiting, expected }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_batches_soon_say_what_can_be_done() {
        let mut rate = DrainRate::default();
        assert_eq!(rate.per_second(), None);
        for _ in 0..100 {
            rate.note(1, Duration::from_millis(5));
        }
        let at_leisure = rate.per_second().expect("measured");
        assert!((199.0..201.0).contains(&at_leisure), "{at_leisure}");
        for _ in 0..5 {
            rate.note(200, Duration::from_millis(50));
        }
        let in_a_crowd = rate.per_second().expect("measured");
        assert!((3_000.0..4_000.0).contains(&in_a_crowd), "{in_a_crowd}");
    }

    #[test]
    fn the_wait_is_the_depth_divided_by_the_rate() {
        assert_eq!(QueuePlace::new(300, Some(150.0)).expected, Some(Duration::from_secs(2)));
        assert_eq!(QueuePlace::new(300, None), QueuePlace { place: 300, expected: None });
        assert_eq!(QueuePlace::new(1, Some(0.0)).expected, None);
    }
}
