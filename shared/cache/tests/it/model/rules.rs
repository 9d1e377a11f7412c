//! How long everything takes and lasts in the model, and the settings that say so to the cache.

use std::time::Duration;

use super::steps::Lives;

/// The replica is never further behind than this.
pub const LONGEST_LAG: Duration = Duration::from_millis(400);
/// No message waits for longer, unless it is lost and the loss is told: the feed turns to the outbox before.
pub const LONGEST_DELAY: Duration = Duration::from_millis(900);
/// An instance that begins hears the messages of this time before it again.
pub const LOOK_BACK: Duration = Duration::from_millis(1_000);
/// How long anybody waits for Redis.
pub const REDIS_PATIENCE: Duration = Duration::from_millis(50);
pub const NEGATIVE_TTL: Duration = Duration::from_millis(400);
/// How long an entry may still be served when the store cannot be asked.
pub const STALE: Duration = Duration::from_secs(10);
pub const LAGGING: Duration = Duration::from_millis(100);
pub const LEASE: Duration = Duration::from_millis(600);
pub const LEASE_WAIT: Duration = Duration::from_millis(100);
pub const LOAD_TIMEOUT: Duration = Duration::from_millis(400);
pub const FAILURE_PAUSE: Duration = Duration::from_millis(50);
pub const SETTLE: Duration = Duration::from_millis(600);
pub const REMEMBER: Duration = Duration::from_millis(3_000);
/// A client that has waited for so long waits for ever: Redis, the lease of somebody else, Redis again, the load.
pub const LONGEST_ANSWER: Duration = Duration::from_millis(1_000);
/// A client that waits for longer than this waits for a lease under which nobody works, if nothing is in the way of a
/// load: Redis, a look each poll while somebody else loads, a load of our own for what changed meanwhile.
pub const SWIFT_ANSWER: Duration = Duration::from_millis(50);
/// How long whoever has begun to look may take to begin to load: Redis, the lease of somebody else.
pub const UNDER_WAY: Duration = Duration::from_millis(200);
/// XFetch's dice never show more than this (the logarithm of the smallest chance), and no load counts as quicker.
const FARTHEST: f64 = 20.0;
const QUICKEST_LOAD: Duration = Duration::from_millis(1);
/// Two ends of a stretch of time that are rounded to milliseconds.
pub const ROUNDING: Duration = Duration::from_millis(2);

impl Lives {
    pub const fn ttl(&self) -> Duration {
        Duration::from_millis(self.ttl_ms)
    }

    pub const fn revalidate(&self) -> Duration {
        Duration::from_millis(self.revalidate_ms)
    }

    /// The shortest time for which what was loaded is fresh.
    pub fn freshness_window(&self, version: i64) -> Duration {
        let ttl = if version == 0 { NEGATIVE_TTL } else { self.ttl() };
        ttl * (100 - self.jitter_percent) / 100
    }

    /// How long before its end something that took so long to load may be loaded again at the earliest.
    pub fn early_reach(&self, load_time: Duration) -> Duration {
        let beta = f64::from(self.early_refresh_percent) / 100.0;
        let seconds = load_time.max(QUICKEST_LOAD).as_secs_f64() * beta * FARTHEST;
        Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
    }
}
