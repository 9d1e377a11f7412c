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
    /// The newest listings of each shop, as numbers. Every change of one of them drops them, and for `settle_ms` after it
    /// they are read as one of the other lists.
    pub shop: EntrySettings,
    /// Other lists of listing numbers: categories, newest, featured. No change drops them, so they live for less than the
    /// second within which a change is to be seen, and are never served beyond it while the store answers.
    pub list: EntrySettings,
    /// How many of a shop's listings are in its list: some pages, for few visitors go on. At most 200.
    pub shop_list_length: usize,
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
    /// How long one process may keep others from loading what it loads itself. Longer than a load takes with its wait, or
    /// two load the same; what is left of it is how long the others make do when that process dies.
    pub lease_ms: u64,
    /// How long to wait for what another process loads, before loading it all the same. Longer than a load takes while the
    /// store is busy, or a crowd makes it busier still; shorter than visitors' patience.
    pub lease_wait_ms: u64,
    /// How often to look meanwhile. Each look is one round trip to Redis.
    pub lease_poll_ms: u64,
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
            stale_while_revalidate_ms: 300_000,
            stale_if_error_ms: 3_600_000,
            lagging_ms: 50,
            early_refresh_percent: 100,
            jitter_percent: 10,
            l1_percent: 70,
        };
        // A change without a version is in doubt for as long as it may take to reach the replica.
        let unversioned = || EntrySettings { lagging_ms: 500, ..listing.clone() };
        Self {
            redis_url: Secret::default(),
            key_prefix: Keys::PREFIX.to_owned(),
            redis: RedisSettings::for_cache(),
            l1_bytes: 256 * 1024 * 1024,
            listing: listing.clone(),
            seller: EntrySettings { l1_percent: 8, ..unversioned() },
            category_tree: EntrySettings { ttl_ms: 60_000, l1_percent: 2, ..unversioned() },
            shop: EntrySettings { l1_percent: 9, ..unversioned() },
            list: EntrySettings {
                ttl_ms: 900,
                negative_ttl_ms: 900,
                stale_while_revalidate_ms: 0,
                l1_percent: 10,
                ..listing
            },
            shop_list_length: 120,
            max_loads: 16,
            max_load_wait_ms: 250,
            load_timeout_ms: 1_000,
            failure_pause_ms: 500,
            lease_ms: 2_000,
            lease_wait_ms: 500,
            lease_poll_ms: 10,
            remember_versions_ms: 60_000,
            max_remembered_versions: 200_000,
            settle_ms: 2_000,
        }
    }
}

impl Validate for CacheSettings {
    fn validate(&self, faults: &mut Faults) {
        faults.check_positive("l1_bytes", self.l1_bytes);
        faults.check((1..=200).contains(&self.shop_list_length), "shop_list_length", "must be between 1 and 200");
        faults.check(self.max_loads > 0, "max_loads", "must be greater than 0");
        faults.check_positive("load_timeout_ms", self.load_timeout_ms);
        faults.check_positive("lease_poll_ms", self.lease_poll_ms);
        faults.check(
            self.lease_ms >= self.load_timeout_ms + self.max_load_wait_ms,
            "lease_ms",
            "must not be shorter than load_timeout_ms and max_load_wait_ms together",
        );
        faults.check_positive("remember_versions_ms", self.remember_versions_ms);
        faults.check(self.max_remembered_versions > 0, "max_remembered_versions", "must be greater than 0");
        faults.check(
            self.settle_ms <= self.remember_versions_ms,
            "settle_ms",
            "must not be longer than remember_versions_ms",
        );
        let kinds = [&self.listing, &self.seller, &self.category_tree, &self.shop, &self.list];
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
        faults.section("shop", &self.shop);
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
    /// For how long after that an entry that is only too old, and not known to have changed, is still served while it is
    /// loaded afresh in the background. 0 where an answer of that age would break a promise.
    pub stale_while_revalidate_ms: u64,
    /// For how long after its time an entry is kept, to be served while the store cannot be asked.
    pub stale_if_error_ms: u64,
    /// What the store says while its replica is known to lag behind (or may) is kept for this long, so that not every
    /// request asks again. A change is seen later by as much, so it must be well below a second.
    pub lagging_ms: u64,
    /// How early a fresh entry is loaded again, in the background, by whoever reads it: XFetch's beta, in percent. 100
    /// refreshes it one load time before its end on average, so that nobody waits for a hot entry; 0 never does.
    pub early_refresh_percent: u32,
    /// By how much of itself a TTL may be shortened, at random, so that entries made together do not end together.
    pub jitter_percent: u32,
    /// How much of `cache.l1_bytes` this kind may take.
    pub l1_percent: u32,
}

impl EntrySettings {
    pub(crate) const fn lagging(&self) -> Duration {
        Duration::from_millis(self.lagging_ms)
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
        Self {
            ttl_ms: 60_000,
            negative_ttl_ms: 10_000,
            stale_while_revalidate_ms: 0,
            stale_if_error_ms: 3_600_000,
            lagging_ms: 50,
            early_refresh_percent: 100,
            jitter_percent: 10,
            l1_percent: 10,
        }
    }
}

impl Validate for EntrySettings {
    fn validate(&self, faults: &mut Faults) {
        faults.check_positive("ttl_ms", self.ttl_ms);
        faults.check_positive("negative_ttl_ms", self.negative_ttl_ms);
        faults.check(
            self.stale_while_revalidate_ms <= self.stale_if_error_ms,
            "stale_while_revalidate_ms",
            "must not be longer than stale_if_error_ms",
        );
        faults.check(self.lagging_ms <= 900, "lagging_ms", "must be at most 900");
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
        settings.list.l1_percent = 20;
        assert_eq!(Faults::of(&settings).len(), 1);
    }

    #[test]
    fn jitter_only_shortens() {
        let entry = EntrySettings { ttl_ms: 1_000, jitter_percent: 10, ..EntrySettings::default() };
        assert_eq!(entry.jittered_ttl(false, 0.0), Duration::from_millis(1_000));
        assert_eq!(entry.jittered_ttl(false, 1.0), Duration::from_millis(900));
    }
}
