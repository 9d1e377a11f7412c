//! How much is kept, for how long, and how hard the store may be asked.

use std::time::Duration;

use halles_redis::{Keys, RedisSettings};
use halles_settings::{Faults, Secret, Validate};
use serde::{Deserialize, Serialize};

/// The section `cache`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CacheSettings {
    /// The address of the cache Redis; empty for none, when every instance has only its own memory.
    pub redis_url: Secret,
    /// What all keys in that Redis start with.
    pub key_prefix: String,
    /// How long to wait for that Redis.
    pub redis: RedisSettings,
    /// How much memory L1 may take, over all kinds. 256 MiB holds some 100,000 listings with their texts.
    pub l1_bytes: u64,
    /// Listings, by number. A change drops them, so they may live long; what a drop misses ends after the TTL.
    pub listing: EntrySettings,
    /// Shops, by number and by their name in addresses.
    pub seller: EntrySettings,
    /// The tree of categories, one entry.
    pub category_tree: EntrySettings,
    /// Lists of listing numbers: category and shop pages, newest, featured. No change drops them, so they live for less
    /// than the second within which a change is to be seen.
    pub list: EntrySettings,
    /// How many loads from the store may run at once in this process. The replica pool's size is a good number: more
    /// would only queue there.
    pub max_loads: usize,
    /// How long a load may wait for its turn before it is refused as busy.
    pub max_load_wait_ms: u64,
    /// How long one load may take. Beyond it the answer is stale, or an error.
    pub load_timeout_ms: u64,
    /// After a load failed because the store is unavailable, expired entries of that kind are served for this long
    /// without trying again, so that a store that hangs does not slow every page.
    pub failure_pause_ms: u64,
    /// How long the version of a change is remembered. Longer than the replica ever lags behind.
    pub remember_versions_ms: u64,
    /// How many versions are remembered at most, for each kind; beyond it the oldest half is forgotten early.
    pub max_remembered_versions: usize,
    /// How long a change without a version, or a loss of changes, may take to reach the replica: what was read before
    /// that is not kept.
    pub settle_ms: u64,
}

impl CacheSettings {
    pub(crate) fn keys(&self) -> Keys {
        Keys::new(self.key_prefix.clone())
    }

    pub(crate) const fn max_load_wait(&self) -> Duration {
        Duration::from_millis(self.max_load_wait_ms)
    }
}

impl Default for CacheSettings {
    fn default() -> Self {
        let listing = EntrySettings {
            ttl_ms: 600_000,
            negative_ttl_ms: 30_000,
            stale_ms: 3_600_000,
            jitter_percent: 10,
            l1_percent: 70,
        };
        Self {
            redis_url: Secret::default(),
            key_prefix: Keys::PREFIX.to_owned(),
            redis: RedisSettings::for_cache(),
            l1_bytes: 256 * 1024 * 1024,
            listing: listing.clone(),
            seller: EntrySettings { l1_percent: 10, ..listing.clone() },
            category_tree: EntrySettings { ttl_ms: 60_000, l1_percent: 5, ..listing.clone() },
            list: EntrySettings { ttl_ms: 900, negative_ttl_ms: 900, l1_percent: 15, ..listing },
            max_loads: 16,
            max_load_wait_ms: 250,
            load_timeout_ms: 1_000,
            failure_pause_ms: 500,
            remember_versions_ms: 60_000,
            max_remembered_versions: 200_000,
            settle_ms: 2_000,
        }
    }
}

impl Validate for CacheSettings {
    fn validate(&self, faults: &mut Faults) {
        faults.check_positive("l1_bytes", self.l1_bytes);
        faults.check(self.max_loads > 0, "max_loads", "must be greater than 0");
        faults.check_positive("load_timeout_ms", self.load_timeout_ms);
        faults.check_positive("remember_versions_ms", self.remember_versions_ms);
        faults.check(self.max_remembered_versions > 0, "max_remembered_versions", "must be greater than 0");
        faults.check(
            self.settle_ms <= self.remember_versions_ms,
            "settle_ms",
            "must not be longer than remember_versions_ms",
        );
        let kinds = [&self.listing, &self.seller, &self.category_tree, &self.list];
        let percent: u32 = kinds.iter().map(|kind| kind.l1_percent).sum();
        faults.check(
            percent <= 100,
            "l1_bytes",
            format!("is shared out to {percent} percent by the l1_percent settings"),
        );
        faults.section("redis", &self.redis);
        faults.section("listing", &self.listing);
        faults.section("seller", &self.seller);
        faults.section("category_tree", &self.category_tree);
        faults.section("list", &self.list);
    }
}

/// How long entries of one kind live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EntrySettings {
    /// How long an entry is fresh, from the moment its data was read from the store.
    pub ttl_ms: u64,
    /// How long it is remembered that there is no such thing. Short, for a thing may come to be at any moment.
    pub negative_ttl_ms: u64,
    /// How long an expired entry is kept, to be served while the store cannot be asked.
    pub stale_ms: u64,
    /// By how much of itself a TTL may be shortened, at random, so that entries made together do not end together.
    pub jitter_percent: u32,
    /// How much of `cache.l1_bytes` this kind may take.
    pub l1_percent: u32,
}

impl EntrySettings {
    pub(crate) const fn stale(&self) -> Duration {
        Duration::from_millis(self.stale_ms)
    }

    /// How long an entry lives, before jitter.
    pub(crate) const fn ttl(&self, is_negative: bool) -> Duration {
        Duration::from_millis(if is_negative { self.negative_ttl_ms } else { self.ttl_ms })
    }

    /// How long one entry lives; `chance` is between 0 and 1.
    pub(crate) fn jittered_ttl(&self, is_negative: bool, chance: f64) -> Duration {
        let shortened_by = f64::from(self.jitter_percent) / 100.0 * chance;
        self.ttl(is_negative).mul_f64(1.0 - shortened_by)
    }
}

impl Default for EntrySettings {
    fn default() -> Self {
        Self { ttl_ms: 60_000, negative_ttl_ms: 10_000, stale_ms: 3_600_000, jitter_percent: 10, l1_percent: 10 }
    }
}

impl Validate for EntrySettings {
    fn validate(&self, faults: &mut Faults) {
        faults.check_positive("ttl_ms", self.ttl_ms);
        faults.check_positive("negative_ttl_ms", self.negative_ttl_ms);
        faults.check(self.jitter_percent <= 90, "jitter_percent", "must be at most 90");
        faults.check((1..=100).contains(&self.l1_percent), "l1_percent", "must be between 1 and 100");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_make_sense() {
        assert_eq!(Faults::of(&CacheSettings::default()), []);
    }

    #[test]
    fn more_memory_than_there_is_cannot_be_shared_out() {
        let mut settings = CacheSettings::default();
        settings.list.l1_percent = 40;
        assert_eq!(Faults::of(&settings).len(), 1);
    }

    #[test]
    fn jitter_only_shortens() {
        let entry = EntrySettings { ttl_ms: 1_000, jitter_percent: 10, ..EntrySettings::default() };
        assert_eq!(entry.jittered_ttl(false, 0.0), Duration::from_millis(1_000));
        assert_eq!(entry.jittered_ttl(false, 1.0), Duration::from_millis(900));
    }
}
