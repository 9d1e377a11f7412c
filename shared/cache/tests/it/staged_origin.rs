//! An origin that does what a test tells it to, and counts.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use halles_cache::{CacheSettings, EntrySettings, Origin, OriginError, SharedTier, Surroundings, TieredCache};
use halles_domain::Version;
use halles_redis::RedisSettings;
use halles_settings::Secret;
use halles_testkit::TestRedis;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

/// What the origin holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bowl {
    pub version: i64,
    pub glaze: String,
}

/// How the origin behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Willing,
    /// Begins to load and goes on only when the mood is another one.
    Holding,
    Unavailable,
    Panicking,
}

/// The test's end of the origin.
#[derive(Clone)]
pub struct Stage {
    bowls: Arc<Mutex<HashMap<u64, Bowl>>>,
    mood: watch::Sender<Mood>,
    loads: Arc<AtomicUsize>,
    keys: Arc<AtomicUsize>,
    load_ms: Arc<AtomicU64>,
}

pub struct StagedOrigin(Stage);

/// The same, for things that have no version.
pub struct UnversionedOrigin(Stage);

impl Stage {
    pub fn new() -> Self {
        Self {
            bowls: Arc::default(),
            mood: watch::Sender::new(Mood::Willing),
            loads: Arc::default(),
            keys: Arc::default(),
            load_ms: Arc::default(),
        }
    }

    /// A stage on which these bowls stand, each in version 1.
    pub fn with_bowls(keys: impl IntoIterator<Item = u64>) -> Self {
        let stage = Self::new();
        for key in keys {
            stage.set(key, 1);
        }
        stage
    }

    pub fn set(&self, key: u64, version: i64) {
        let bowl = Bowl { version, glaze: format!("glaze {version}") };
        self.bowls.lock().expect("no panic").insert(key, bowl);
    }

    pub fn mood(&self, mood: Mood) {
        self.mood.send_replace(mood);
    }

    /// From now on, loading takes so long.
    pub fn loading_takes(&self, time: Duration) {
        self.load_ms.store(u64::try_from(time.as_millis()).expect("not for ever"), Ordering::SeqCst);
    }

    /// How often the origin was asked.
    pub fn loads(&self) -> usize {
        self.loads.load(Ordering::SeqCst)
    }

    /// For how many keys in all.
    pub fn keys(&self) -> usize {
        self.keys.load(Ordering::SeqCst)
    }

    pub fn cache(&self, settings: &CacheSettings) -> TieredCache<StagedOrigin> {
        self.cache_over(settings, None)
    }

    pub async fn cache_with_l2(&self, settings: &CacheSettings) -> TieredCache<StagedOrigin> {
        let l2 = SharedTier::connect(settings).await.expect("an address");
        assert!(l2.is_some(), "the settings name a Redis");
        self.cache_over(settings, l2)
    }

    pub fn cache_in(&self, surroundings: &Surroundings) -> TieredCache<StagedOrigin> {
        TieredCache::new(StagedOrigin(self.clone()), settings().listing, surroundings)
    }

    pub fn cache_without_versions(&self, settings: &CacheSettings) -> TieredCache<UnversionedOrigin> {
        let surroundings = Surroundings::new(settings, None);
        TieredCache::new(UnversionedOrigin(self.clone()), settings.listing.clone(), &surroundings)
    }

    pub fn cache_over(&self, settings: &CacheSettings, l2: Option<SharedTier>) -> TieredCache<StagedOrigin> {
        let surroundings = Surroundings::new(settings, l2);
        TieredCache::new(StagedOrigin(self.clone()), settings.listing.clone(), &surroundings)
    }

    async fn load(&self, keys: Vec<u64>) -> Result<Vec<(u64, Bowl)>, OriginError> {
        // What is read is what is there when the reading begins.
        let bowls = self.bowls.lock().expect("no panic").clone();
        let mut mood = self.mood.subscribe();
        self.loads.fetch_add(1, Ordering::SeqCst);
        self.keys.fetch_add(keys.len(), Ordering::SeqCst);
        let mood = *mood.wait_for(|mood| *mood != Mood::Holding).await.expect("the stage stands");
        let load_time = Duration::from_millis(self.load_ms.load(Ordering::SeqCst));
        if !load_time.is_zero() {
            tokio::time::sleep(load_time).await;
        }
        match mood {
            Mood::Unavailable => Err(OriginError::Unavailable("it is dark".to_owned())),
            Mood::Panicking => panic!("as the test wants it"),
            _ => Ok(keys.into_iter().filter_map(|key| Some((key, bowls.get(&key)?.clone()))).collect()),
        }
    }
}

impl Origin for StagedOrigin {
    type Key = u64;
    type Value = Bowl;
    const KIND: &'static str = "bowl";
    const FORMAT: u8 = 3;
    const VERSION: Option<fn(&Bowl) -> Version> = Some(|bowl| Version::new(bowl.version));

    async fn load(&self, keys: Vec<u64>) -> Result<Vec<(u64, Bowl)>, OriginError> {
        self.0.load(keys).await
    }
}

impl Origin for UnversionedOrigin {
    type Key = u64;
    type Value = Bowl;
    const KIND: &'static str = "jar";
    const FORMAT: u8 = 1;

    async fn load(&self, keys: Vec<u64>) -> Result<Vec<(u64, Bowl)>, OriginError> {
        self.0.load(keys).await
    }
}

/// Settings with short names for the times that tests speak of.
pub fn settings() -> CacheSettings {
    let entry = EntrySettings {
        ttl_ms: 10_000,
        negative_ttl_ms: 1_000,
        stale_while_revalidate_ms: 0,
        stale_if_error_ms: 100_000,
        lagging_ms: 100,
        early_refresh_percent: 0,
        jitter_percent: 0,
        l1_percent: 70,
    };
    CacheSettings {
        listing: entry,
        // A machine that runs many tests at once is slow now and then.
        redis: RedisSettings { response_timeout_ms: 1_000, reconnect_pause_ms: 50, ..RedisSettings::for_cache() },
        load_timeout_ms: 30_000,
        ..CacheSettings::default()
    }
}

pub fn settings_with(redis: &TestRedis) -> CacheSettings {
    CacheSettings { redis_url: Secret::new(redis.url.as_str()), key_prefix: redis.prefix.clone(), ..settings() }
}

/// Lets time pass, on paused time.
pub async fn pass(duration: Duration) {
    tokio::time::advance(duration).await;
}
