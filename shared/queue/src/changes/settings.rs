//! Where the change stream is, and how closely it is followed.

use std::time::Duration;

use halles_redis::{Keys, RedisSettings};
use halles_settings::{Faults, Secret, Validate};
use serde::{Deserialize, Serialize};

/// The section `changes`, for those who publish changes and those who follow them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChangesSettings {
    /// The Redis that holds the stream, the one of the cache; empty for none, when everybody polls the outbox.
    pub redis_url: Secret,
    /// What the stream's key starts with.
    pub key_prefix: String,
    /// How long to wait for that Redis. It must answer within half a second, or followers turn to the outbox.
    pub redis: RedisSettings,
    /// About how many changes the stream keeps: a follower that was away for longer has to begin anew. At some 300
    /// bytes each this is 30 MB, and at 600 changes/s nearly three minutes.
    pub max_stream_entries: u64,
    /// How many changes are published, or read, at once.
    pub batch_size: u32,
    /// How long the relay rests when there is nothing to publish. It is part of the second within which everybody
    /// sees a change.
    pub relay_rest_ms: u64,
    /// How often another process tries to become the relay.
    pub relay_takeover_ms: u64,
    /// How long published changes stay in the outbox, for followers that come back (an indexer with an old snapshot).
    pub outbox_kept_hours: u64,
    /// How often the outbox is tidied.
    pub purge_every_ms: u64,
    /// How long one read of the stream waits for news. Together with `redis.response_timeout_ms` it is how long a
    /// Redis that hangs goes unnoticed.
    pub feed_block_ms: u64,
    /// How far back a new feed begins, so that it knows the changes that a lagging replica does not show yet.
    pub feed_look_back_ms: u64,
    /// How long a feed waits for the stream to come back before it polls the outbox instead.
    pub fall_back_after_ms: u64,
    /// How often a feed polls the outbox while there is no stream.
    pub poll_every_ms: u64,
    /// How long a feed that begins at a place in the outbox waits for the replica to show what the stream has already
    /// told, before it says that something may be lost.
    pub catch_up_patience_ms: u64,
}

impl ChangesSettings {
    pub(super) fn keys(&self) -> Keys {
        Keys::new(self.key_prefix.clone())
    }

    pub(super) const fn batch_size(&self) -> usize {
        self.batch_size as usize
    }

    pub(super) const fn feed_block(&self) -> Duration {
        Duration::from_millis(self.feed_block_ms)
    }

    pub(super) const fn fall_back_after(&self) -> Duration {
        Duration::from_millis(self.fall_back_after_ms)
    }

    pub(super) const fn poll_every(&self) -> Duration {
        Duration::from_millis(self.poll_every_ms)
    }
}

impl Default for ChangesSettings {
    fn default() -> Self {
        Self {
            redis_url: Secret::default(),
            key_prefix: Keys::PREFIX.to_owned(),
            redis: RedisSettings { response_timeout_ms: 500, ..RedisSettings::for_log() },
            max_stream_entries: 100_000,
            batch_size: 1_000,
            relay_rest_ms: 25,
            relay_takeover_ms: 1_000,
            outbox_kept_hours: 24,
            purge_every_ms: 60_000,
            feed_block_ms: 500,
            feed_look_back_ms: 30_000,
            fall_back_after_ms: 500,
            poll_every_ms: 200,
            catch_up_patience_ms: 30_000,
        }
    }
}

impl Validate for ChangesSettings {
    fn validate(&self, faults: &mut Faults) {
        faults.check_positive("max_stream_entries", self.max_stream_entries);
        faults.check_positive("batch_size", self.batch_size);
        faults.check_positive("relay_rest_ms", self.relay_rest_ms);
        faults.check_positive("relay_takeover_ms", self.relay_takeover_ms);
        faults.check_positive("outbox_kept_hours", self.outbox_kept_hours);
        faults.check_positive("purge_every_ms", self.purge_every_ms);
        // Redis takes a wait of 0 for "for ever".
        faults.check_positive("feed_block_ms", self.feed_block_ms);
        faults.check_positive("poll_every_ms", self.poll_every_ms);
        faults.check(
            u64::from(self.batch_size) <= self.max_stream_entries,
            "batch_size",
            "must not be larger than max_stream_entries",
        );
        faults.section("redis", &self.redis);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_make_sense() {
        assert_eq!(Faults::of(&ChangesSettings::default()), []);
    }
}
