//! What time it is, as the tiers tell each other.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// How far our clock may be from the machine's before it follows: more than reading the two takes on a busy machine, and
/// far less than anything lives.
const TOLERANCE_MS: u64 = 250;

/// Wall-clock time that moves with tokio's [`Instant`], so that simulated time moves it, too. When the machine's clock is
/// set, it follows. Cheap to clone; clones are the same clock.
#[derive(Debug, Clone)]
pub struct WallClock {
    anchor: Arc<Anchor>,
}

#[derive(Debug)]
struct Anchor {
    at: Instant,
    unix_ms: i64,
    /// By how much the machine's clock was set since.
    set_ms: AtomicI64,
}

impl WallClock {
    /// A clock that shows what the machine's does.
    #[must_use]
    pub fn new() -> Self {
        let anchor = Anchor { at: Instant::now(), unix_ms: machine_unix_ms(), set_ms: AtomicI64::new(0) };
        Self { anchor: Arc::new(anchor) }
    }

    /// Milliseconds since 1970. The clocks of all instances agree to some milliseconds.
    #[must_use]
    pub fn unix_ms(&self) -> u64 {
        let anchor = &self.anchor;
        let unset = anchor.unix_ms + millis(anchor.at.elapsed());
        let off_ms = machine_unix_ms() - unset;
        if off_ms.abs_diff(anchor.set_ms.load(Ordering::Relaxed)) > TOLERANCE_MS {
            anchor.set_ms.store(off_ms, Ordering::Relaxed);
        }
        u64::try_from(unset + anchor.set_ms.load(Ordering::Relaxed)).unwrap_or(0)
    }
}

impl Default for WallClock {
    fn default() -> Self {
        Self::new()
    }
}

/// The machine's clock, moved by as much as simulated time is away from the true one.
pub(crate) fn machine_unix_ms() -> i64 {
    let (simulated, real) = (Instant::now().into_std(), std::time::Instant::now());
    let ahead = millis(simulated.saturating_duration_since(real)) - millis(real.saturating_duration_since(simulated));
    millis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()) + ahead
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn simulated_time_moves_it_to_the_millisecond() {
        let clock = WallClock::new();
        let start = clock.unix_ms();
        for days in 1..=3_u64 {
            tokio::time::advance(Duration::from_secs(24 * 3_600)).await;
            assert_eq!(clock.unix_ms() - start, days * 24 * 3_600 * 1_000);
        }
    }

    #[test]
    fn it_shows_the_machines_time() {
        let machine = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis();
        assert!(u128::from(WallClock::new().unix_ms()).abs_diff(machine) < 60_000);
    }
}
