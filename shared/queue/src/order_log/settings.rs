//! Where the order log is, and its limits.

use std::time::Duration;

use halles_redis::{Keys, RedisSettings};
use halles_settings::{Faults, Secret, Validate};
use serde::{Deserialize, Serialize};

/// Settings of the order log, for those who append and those who consume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OrderLogSettings {
    /// The Redis that holds the log: an instance of its own with `noeviction` and `appendfsync always`, since what it
    /// has answered must survive a power cut.
    pub redis_url: Secret,
    /// What all keys start with; another prefix is another log.
    pub key_prefix: String,
    /// How long to wait for the log's Redis.
    pub redis: RedisSettings,
    /// The most requests that may wait in the log; beyond it new ones are refused (503). At 1 kB each this is 100 MB,
    /// and at 500 orders/s a wait of some three minutes: longer than that nobody should be left in the dark.
    pub max_depth: u64,
    /// The longest wait that may be promised: what waits, divided by the measured rate at which it leaves. Beyond it new
    /// requests are refused (503), however much room there is.
    pub max_wait_ms: u64,
    /// The most requests that the order-worker takes at once. More would make the first wait for the last.
    pub batch_size: u32,
    /// How long one look for new requests may wait for the first to come. Short, because the order-worker renews its
    /// leadership and sees to a stop between two looks.
    pub block_ms: u64,
    /// After how long without an answer another worker's requests are taken over, while this one leads.
    pub reclaim_idle_ms: u64,
    /// How often a request may be taken without coming to an outcome before it is set aside for people to look at.
    /// Each crash of a worker with the request in hand counts, so a handful of crashes must not suffice.
    pub max_deliveries: u32,
    /// After how long without a sign of life the leading worker may be replaced. Shorter and a slow disk costs the
    /// lead; longer and orders wait longer after a crash.
    pub leader_ttl_ms: u64,
    /// How many outcomes the log keeps for order services that were away for a moment.
    pub outcomes_kept: u64,
    /// How many outcomes one order service remembers, for shoppers who look before the replica has caught up.
    pub outcomes_remembered: u32,
    /// The most requests of one order service that may wait for their outcome at once; others are answered "pending".
    pub max_waiting: u32,
}

impl Default for OrderLogSettings {
    fn default() -> Self {
        Self {
            redis_url: Secret::new("redis://127.0.0.1:16380"),
            key_prefix: Keys::PREFIX.to_owned(),
            redis: RedisSettings::for_log(),
            max_depth: 100_000,
            max_wait_ms: 180_000,
            batch_size: 200,
            block_ms: 250,
            reclaim_idle_ms: 30_000,
            max_deliveries: 10,
            leader_ttl_ms: 3_000,
            outcomes_kept: 10_000,
            outcomes_remembered: 5_000,
            max_waiting: 2_000,
        }
    }
}

impl OrderLogSettings {
    pub(super) const fn max_wait(&self) -> Duration {
        Duration::from_millis(self.max_wait_ms)
    }

    pub(super) const fn block(&self) -> Duration {
        Duration::from_millis(self.block_ms)
    }
}

impl Validate for OrderLogSettings {
    fn validate(&self, faults: &mut Faults) {
        faults.check(!self.redis_url.is_empty(), "redis_url", "must be set, for example redis://127.0.0.1:16380");
        faults.section("redis", &self.redis);
        faults.check_positive("max_depth", self.max_depth);
        faults.check_positive("max_wait_ms", self.max_wait_ms);
        faults.check((1..=1_000).contains(&self.batch_size), "batch_size", "must be between 1 and 1,000");
        faults.check((1..=5_000).contains(&self.block_ms), "block_ms", "must be between 1 and 5,000");
        faults.check_positive("reclaim_idle_ms", self.reclaim_idle_ms);
        faults.check(self.max_deliveries >= 3, "max_deliveries", "must be at least 3: a restart is no failure");
        faults.check(
            self.leader_ttl_ms > 2 * self.block_ms,
            "leader_ttl_ms",
            "must be more than twice block_ms, or the leader loses the lead while it waits",
        );
        faults.check_positive("outcomes_kept", self.outcomes_kept);
        faults.check_positive("outcomes_remembered", self.outcomes_remembered);
        faults.check_positive("max_waiting", self.max_waiting);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_lawful_and_contradictions_are_not() {
        assert_eq!(Faults::of(&OrderLogSettings::default()), []);
        let impatient = OrderLogSettings { leader_ttl_ms: 400, block_ms: 250, ..OrderLogSettings::default() };
        assert_eq!(Faults::of(&impatient)[0].setting, "leader_ttl_ms");
    }
}
