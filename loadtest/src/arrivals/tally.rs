//! What came of the arrivals.

use std::ops::AddAssign;
use std::time::Duration;

use hdrhistogram::Histogram;

/// Latencies are told apart to one part in a thousand, up to a minute.
const LONGEST: Duration = Duration::from_secs(60);
const DIGITS: u8 = 3;

/// Sent later than this, a request says more about the driver than about the shop.
const LATEST: Duration = Duration::from_millis(1);

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The right page.
    Right,
    /// A page, but not the right one.
    Wrong,
    /// Refused for now (429, 503): shed.
    Refused,
    /// Another status that is no success.
    Failed,
    /// Nothing within the time that the driver waits.
    TimedOut,
    /// No connection, or one that broke.
    Unconnected,
}

/// What came of one kind of request.
#[derive(Debug, Clone)]
pub struct Tally {
    /// How many ended in each way, in the order of [`Ending`].
    endings: [u64; 6],
    /// From due to the first byte of the right page, in microseconds.
    pub first_byte: Histogram<u64>,
    /// From due to the last byte of the right page, in microseconds.
    pub last_byte: Histogram<u64>,
}

/// What came of a run.
#[derive(Debug, Clone)]
pub struct Measured {
    /// By kind of request.
    pub tallies: Vec<Tally>,
    /// How late requests were sent, in microseconds: the driver's own fault.
    pub lag: Histogram<u64>,
    /// Requests that were not sent because too many were under way.
    pub dropped: u64,
    /// From the beginning to the last answer.
    pub took: Duration,
}

impl Tally {
    pub(super) fn new() -> Self {
        Self { endings: [0; 6], first_byte: histogram(), last_byte: histogram() }
    }

    pub(super) fn note(&mut self, ending: Ending, first_byte: Duration, last_byte: Duration) {
        self.endings[ending as usize] += 1;
        if ending == Ending::Right {
            self.first_byte.saturating_record(microseconds(first_byte));
            self.last_byte.saturating_record(microseconds(last_byte));
        }
    }

    /// How many ended like this.
    pub const fn count(&self, ending: Ending) -> u64 {
        self.endings[ending as usize]
    }

    /// How many there were.
    pub fn total(&self) -> u64 {
        self.endings.iter().sum()
    }

    /// The share of those that did not end with the right page; none of none.
    pub fn failed_share(&self) -> f64 {
        let total = self.total();
        if total == 0 { 0.0 } else { (total - self.count(Ending::Right)) as f64 / total as f64 }
    }

    /// Within what time this share of the right pages was there.
    pub fn quantile(&self, share: f64) -> Duration {
        Duration::from_micros(self.last_byte.value_at_quantile(share))
    }
}

impl Measured {
    pub(super) fn nothing(kinds: usize) -> Self {
        let tallies = (0..kinds).map(|_| Tally::new()).collect();
        Self { tallies, lag: histogram(), dropped: 0, took: Duration::ZERO }
    }

    pub(super) fn note_lag(&mut self, lag: Duration) {
        self.lag.saturating_record(microseconds(lag));
    }

    /// How late the driver was, for this share of its requests.
    pub fn lag_quantile(&self, share: f64) -> Duration {
        Duration::from_micros(self.lag.value_at_quantile(share))
    }

    /// Whether the driver kept its schedule, and sent all that was due. If not, the figures tell about the driver.
    pub fn is_valid(&self) -> bool {
        self.dropped == 0 && self.lag_quantile(0.99) <= LATEST
    }
}

/// Figures of several workers or hosts, put together.
impl AddAssign for Measured {
    fn add_assign(&mut self, other: Self) {
        for (mine, theirs) in self.tallies.iter_mut().zip(other.tallies) {
            for (count, more) in mine.endings.iter_mut().zip(theirs.endings) {
                *count += more;
            }
            mine.first_byte += theirs.first_byte;
            mine.last_byte += theirs.last_byte;
        }
        self.lag += other.lag;
        self.dropped += other.dropped;
        self.took = self.took.max(other.took);
    }
}

fn histogram() -> Histogram<u64> {
    Histogram::new_with_max(microseconds(LONGEST), DIGITS).expect("a minute and three digits are in its range")
}

fn microseconds(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_are_put_together() {
        let mut one = Measured::nothing(1);
        let mut other = Measured::nothing(1);
        let (fast, slow) = (Duration::from_millis(1), Duration::from_millis(100));
        (0..98).for_each(|_| one.tallies[0].note(Ending::Right, fast, fast));
        (0..2).for_each(|_| other.tallies[0].note(Ending::Right, slow, slow));
        other.tallies[0].note(Ending::Refused, fast, fast);
        one += other;
        let tally = &one.tallies[0];
        assert_eq!((tally.total(), tally.count(Ending::Refused)), (101, 1));
        assert!((tally.failed_share() - 1.0 / 101.0).abs() < 1e-9);
        assert!(tally.quantile(0.5) < slow && tally.quantile(0.99) >= slow);
    }

    #[test]
    fn a_late_driver_is_not_believed() {
        let mut measured = Measured::nothing(1);
        (0..985).for_each(|_| measured.note_lag(Duration::from_micros(80)));
        assert!(measured.is_valid());
        (0..15).for_each(|_| measured.note_lag(Duration::from_millis(5)));
        assert!(!measured.is_valid());
        let dropping = Measured { dropped: 1, ..Measured::nothing(1) };
        assert!(!dropping.is_valid());
    }
}
