//! Real Redis behind a wire that is cut or slow in the middle of things: a cache failure is a miss, a load is never
//! doubled within a process, and nothing old comes back.

use std::time::{Duration, Instant};

use halles_cache::{CacheSettings, CacheStatus, TieredCache};
use halles_domain::Version;
use halles_redis::RedisSettings;
use halles_settings::Secret;
use halles_testkit::{ChaosProxy, TestRedis, eventually};

use crate::staged_origin::{Mood, Stage, StagedOrigin, settings_with};

type Cache = TieredCache<StagedOrigin>;

const PATIENCE: Duration = Duration::from_secs(30);

/// An instance whose way to Redis can be cut.
async fn behind_proxy(stage: &Stage, settings: &CacheSettings) -> (ChaosProxy, Cache) {
    let (proxy, url) = ChaosProxy::before(settings.redis_url.expose()).await;
    let settings = CacheSettings { redis_url: Secret::new(url), ..settings.clone() };
    (proxy, stage.cache_with_l2(&settings).await)
}

/// Reads bowls that nobody has read yet, until one that was read here is found by a neighbour: Redis is used again.
async fn used_again(cache: &Cache, neighbour: &Cache, mut unread: impl Iterator<Item = u64>) {
    eventually("Redis is used again", PATIENCE, async || {
        let bowl = unread.next().expect("enough bowls");
        cache.get(&bowl).await.expect("never an error");
        neighbour.get(&bowl).await.expect("never an error").status != CacheStatus::Miss
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_while_it_looks_up() {
    let redis = TestRedis::cache();
    let stage = Stage::with_bowls(0..10);
    let (proxy, cache) = behind_proxy(&stage, &settings_with(&redis)).await;
    proxy.stall();
    let waiting: Vec<_> = (0..10)
        .map(|bowl| {
            let cache = cache.clone();
            tokio::spawn(async move { cache.get(&bowl).await })
        })
        .collect();
    tokio::task::yield_now().await;
    proxy.cut();
    for asked in waiting {
        let found = asked.await.expect("no panic").expect("never an error");
        assert_eq!((found.value.expect("a bowl").version, found.status), (1, CacheStatus::Miss));
    }
    assert_eq!(stage.keys(), 10, "each was loaded once");
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_while_it_puts() {
    let redis = TestRedis::cache();
    let settings = CacheSettings { lease_ms: 300, ..settings_with(&redis) };
    let stage = Stage::with_bowls(0..1_000);
    let (proxy, cache) = behind_proxy(&stage, &settings).await;
    stage.mood(Mood::Holding);
    let loading = tokio::spawn({
        let cache = cache.clone();
        async move { cache.get(&7).await }
    });
    eventually("the load has begun, under a lease", PATIENCE, async || stage.loads() == 1).await;
    proxy.cut();
    stage.mood(Mood::Willing);
    assert_eq!(loading.await.expect("no panic").expect("never an error").status, CacheStatus::Miss);
    // The lease was never given back; nobody waits for it longer than it lives.
    let neighbour = stage.cache_with_l2(&settings).await;
    let started = Instant::now();
    assert!(neighbour.get(&7).await.expect("never an error").value.is_some());
    assert!(started.elapsed() < Duration::from_secs(10));
    proxy.restore();
    used_again(&cache, &neighbour, 100..).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slower_than_anybody_waits() {
    let redis = TestRedis::cache();
    let stage = Stage::with_bowls([7]);
    let mut settings = settings_with(&redis);
    settings.redis = RedisSettings { response_timeout_ms: 50, reconnect_pause_ms: 50, ..RedisSettings::for_cache() };
    let (proxy, cache) = behind_proxy(&stage, &settings).await;
    proxy.delay(Duration::from_millis(200));
    let crowd: Vec<_> = (0..200)
        .map(|_| {
            let cache = cache.clone();
            tokio::spawn(async move { cache.get(&7).await })
        })
        .collect();
    for asked in crowd {
        assert!(asked.await.expect("no panic").expect("never an error").value.is_some());
    }
    assert_eq!(stage.loads(), 1, "the process loads it once, with Redis or without");
}

#[tokio::test(flavor = "multi_thread")]
async fn back_with_an_old_value_inside() {
    let redis = TestRedis::cache();
    let settings = settings_with(&redis);
    let stage = Stage::with_bowls(0..1_000);
    let (proxy, cache) = behind_proxy(&stage, &settings).await;
    let neighbour = stage.cache_with_l2(&settings).await;
    let bowls: Vec<u64> = (0..100).collect();
    neighbour.get_many(&bowls).await.expect("answers");
    used_again(&neighbour, &cache, 500..).await;
    proxy.cut();
    eventually("the cut is noticed", PATIENCE, async || {
        let bowl = 200 + stage.keys() as u64 % 200;
        cache.get(&bowl).await.expect("never an error").status == CacheStatus::Miss
    })
    .await;
    // While it is cut off it hears that all have changed; Redis still holds the old ones, and the neighbour is deaf.
    for bowl in &bowls {
        stage.set(*bowl, 2);
    }
    let changes: Vec<_> = bowls.iter().map(|bowl| (*bowl, Some(Version::new(2)))).collect();
    cache.invalidate_many(&changes).await;
    proxy.restore();
    for bowl in &bowls {
        let found = cache.get(bowl).await.expect("never an error");
        assert_eq!(found.value.expect("a bowl").version, 2, "bowl {bowl}, {:?}", found.status);
    }
    let newcomer = stage.cache_with_l2(&settings).await;
    eventually("what it heard has reached Redis", PATIENCE, async || {
        let found = newcomer.get_many(&bowls).await.expect("never an error");
        found.iter().all(|one| one.value.as_ref().expect("a bowl").version == 2)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_instances_one_is_cut_off() {
    let redis = TestRedis::cache();
    let settings = settings_with(&redis);
    let stage = Stage::with_bowls(0..1_000);
    let (proxy, cut_off) = behind_proxy(&stage, &settings).await;
    let connected = stage.cache_with_l2(&settings).await;
    proxy.cut();
    let everybody = async |version: i64| {
        for cache in [&connected, &cut_off, &connected, &cut_off] {
            let found = cache.get(&7).await.expect("never an error");
            assert_eq!(found.value.expect("a bowl").version, version, "{:?}", found.status);
        }
    };
    everybody(1).await;
    assert_eq!(stage.loads(), 2, "one load for each of them");
    stage.set(7, 2);
    for cache in [&connected, &cut_off] {
        cache.invalidate(&7, Some(Version::new(2))).await;
    }
    everybody(2).await;
    assert_eq!(stage.loads(), 4, "one load more for each of them");
    proxy.restore();
    used_again(&cut_off, &connected, 100..).await;
    stage.set(7, 3);
    for cache in [&connected, &cut_off] {
        cache.invalidate(&7, Some(Version::new(3))).await;
    }
    let before = stage.loads();
    everybody(3).await;
    assert_eq!(stage.loads(), before + 1, "together again, one load for both");
}
