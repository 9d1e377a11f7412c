//! What came of the arrivals.

use std::ops::AddAssign;
use std::time::Duration;

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

use super::histogram::{self, microseconds};
use super::{OrdersTold, Timeline};

/// Latencies are told apart to one part in a thousand.
const DIGITS: u8 = 3;

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The right page.
    Right,
    /// A page, but not the right one.
    Wrong,
    /// Refused for now (429, 503), or led to the waiting room: shed.
    Refused,
    /// Another status that is no success.
    Failed,
    /// Nothing within the time that the driver waits.
    TimedOut,
    /// No connection, or one that broke.
    Unconnected,
}

impl Ending {
    /// Every way, in their order.
    pub const ALL: [Self; 6] =
        [Self::Right, Self::Wrong, Self::Refused, Self::Failed, Self::TimedOut, Self::Unconnected];

    /// How reports call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong content",
            Self::Refused => "shed",
            Self::Failed => "5xx and 4xx",
            Self::TimedOut => "timed out",
            Self::Unconnected => "no connection",
        }
    }
}

/// What came of one kind of request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tally {
    /// How many ended in each way, in the order of [`Ending`].
    endings: [u64; Ending::ALL.len()],
    /// From due to the first byte of the right page, in microseconds.
    #[serde(serialize_with = "histogram::write", deserialize_with = "histogram::read")]
    pub first_byte: Histogram<u64>,
    /// From due to the last byte of the right page, in microseconds.
    #[serde(serialize_with = "histogram::write", deserialize_with = "histogram::read")]
    pub last_byte: Histogram<u64>,
}

/// What came of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Measured {
    /// By kind of request.
    pub tallies: Vec<Tally>,
    /// The same over time, all kinds together.
    pub timeline: Timeline,
    /// What shoppers were told who ordered.
    pub orders: OrdersTold,
    /// How late requests were sent, in microseconds: the driver's own fault.
    #[serde(serialize_with = "histogram::write", deserialize_with = "histogram::read")]
    pub lag: Histogram<u64>,
    /// Requests that were not sent because too many were under way.
    pub dropped: u64,
    /// Bytes of bodies as they came, mostly compressed.
    pub body_bytes: u64,
    /// Connections that were opened.
    pub connections: u64,
    /// From the beginning to the last answer.
    pub took: Duration,
}

impl Tally {
    /// Of nothing yet.
    pub fn new() -> Self {
        let empty = || histogram::of_digits(DIGITS);
        Self { endings: [0; Ending::ALL.len()], first_byte: empty(), last_byte: empty() }
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

impl Default for Tally {
    fn default() -> Self {
        Self::new()
    }
}

impl AddAssign<&Self> for Tally {
    fn add_assign(&mut self, other: &Self) {
        for (count, more) in self.endings.iter_mut().zip(other.endings) {
            *count += more;
        }
        self.first_byte += &other.first_byte;
        self.last_byte += &other.last_byte;
    }
}

impl Measured {
    /// Nothing yet, of so many kinds, over a run that long.
    pub fn nothing(kinds: usize, length: Duration) -> Self {
        Self {
            tallies: (0..kinds).map(|_| Tally::new()).collect(),
            timeline: Timeline::over(length),
            orders: OrdersTold::default(),
            lag: histogram::of_digits(DIGITS),
            dropped: 0,
            body_bytes: 0,
            connections: 0,
            took: Duration::ZERO,
        }
    }

    pub(super) fn note_lag(&mut self, lag: Duration) {
        self.lag.saturating_record(microseconds(lag));
    }

    /// How late the driver was, for this share of its requests.
    pub fn lag_quantile(&self, share: f64) -> Duration {
        Duration::from_micros(self.lag.value_at_quantile(share))
    }

    /// Sent later than this, a request says more about the driver than about the shop.
    pub const LATEST: Duration = Duration::from_millis(1);

    /// Whether the driver kept its schedule, and sent all that was due. If not, the figures tell about the driver.
    pub fn is_valid(&self) -> bool {
        self.is_valid_within(Self::LATEST)
    }

    /// The same with another bound for how late 99 of 100 requests may be.
    pub fn is_valid_within(&self, latest: Duration) -> bool {
        self.dropped == 0 && self.lag_quantile(0.99) <= latest
    }

    /// All kinds together.
    pub fn all(&self) -> Tally {
        let mut all = Tally::new();
        self.tallies.iter().for_each(|tally| all += tally);
        all
    }
}

/// Figures of several workers or hosts, put together.
impl AddAssign for Measured {
    fn add_assign(&mut self, other: Self) {
        for (mine, theirs) in self.tallies.iter_mut().zip(&other.tallies) {
            *mine += theirs;
        }
        self.timeline += &other.timeline;
        self.orders += other.orders;
        self.lag += other.lag;
        self.dropped += other.dropped;
        self.body_bytes += other.body_bytes;
        self.connections += other.connections;
        self.took = self.took.max(other.took);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTH: Duration = Duration::from_secs(10);

    #[test]
    fn workers_are_put_together() {
        let mut one = Measured::nothing(1, LENGTH);
        let mut other = Measured::nothing(1, LENGTH);
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
    fn figures_of_hosts_are_the_same_after_they_were_written_down() {
        let mut measured = Measured::nothing(2, LENGTH);
        for number in 1..1_000_u64 {
            let latency = Duration::from_micros(number * number);
            measured.tallies[1].note(Ending::Right, latency / 2, latency);
            measured.timeline.note(Duration::from_millis(number * 9), Ending::Right, latency);
            measured.note_lag(Duration::from_micros(number));
        }
        let text = serde_json::to_string(&measured).expect("figures can be written");
        let back: Measured = serde_json::from_str(&text).expect("and read");
        for share in [0.0, 0.5, 0.9, 0.99, 0.999, 1.0] {
            assert_eq!(back.tallies[1].quantile(share), measured.tallies[1].quantile(share), "{share}");
            assert_eq!(back.lag_quantile(share), measured.lag_quantile(share));
        }
        let p99 = |measured: &Measured| measured.timeline.slots()[3].quantile(0.99);
        assert_eq!(p99(&back), p99(&measured));
    }

    #[test]
    fn a_late_driver_is_not_believed() {
        let mut measured = Measured::nothing(1, LENGTH);
        (0..985).for_each(|_| measured.note_lag(Duration::from_micros(80)));
        assert!(measured.is_valid());
        (0..15).for_each(|_| measured.note_lag(Duration::from_millis(5)));
        assert!(!measured.is_valid());
        let dropping = Measured { dropped: 1, ..Measured::nothing(1, LENGTH) };
        assert!(!dropping.is_valid());
    }
}
