//! One load for the whole fleet: instances, each with a shared tier of its own, on one real Redis; on paused time over the
//! one in memory.

use std::sync::Arc;
use std::time::{Duration, Instant};

use halles_cache::{CacheSettings, CacheStatus, EntrySettings, Level, OriginError, Outcome, SharedTier};
use halles_cache::{TieredCache, WallClock};
use halles_domain::Version;
use halles_settings::Secret;
use halles_testkit::{ChaosProxy, TestRedis, eventually};
use redis::AsyncCommands;

use crate::memory_tier::MemoryTier;
use crate::shared_tier::{look_behind, version_in_l2, written};
use crate::staged_origin::{Mood, Stage, StagedOrigin, pass, settings, settings_with};

const PATIENCE: Duration = Duration::from_secs(30);

/// Waits and leases far longer than any test takes, unless a test is about their end.
fn patient(redis: &TestRedis) -> CacheSettings {
    CacheSettings { lease_ms: 600_000, lease_wait_ms: 600_000, ..settings_with(redis) }
}

fn lease(redis: &TestRedis, bowl: u64) -> String {
    format!("{}lease:{{bowl:{bowl}}}", redis.prefix)
}

/// Lets somebody hold the lease who will never load anything.
async fn let_a_dead_one_hold(redis: &TestRedis, bowl: u64, life_ms: u64) {
    let () = look_behind(redis).await.pset_ex(lease(redis, bowl), "the dead one", life_ms).await.expect("set");
}

/// So many visitors in each instance, all for one bowl.
async fn send_crowds(caches: &[TieredCache<StagedOrigin>], each: u64) -> Vec<tokio::task::JoinHandle<CacheStatus>> {
    let visit = |cache: &TieredCache<StagedOrigin>| {
        let cache = cache.clone();
        tokio::spawn(async move { cache.get(&7).await.expect("an answer").status })
    };
    let crowds = caches.iter().flat_map(|cache| (0..each).map(move |_| visit(cache))).collect();
    eventually("everybody has asked", PATIENCE, async || {
        caches.iter().all(|cache| cache.counted(Level::L1, Outcome::Miss) >= each)
    })
    .await;
    crowds
}

#[tokio::test(flavor = "multi_thread")]
async fn two_crowds_on_a_cold_key_cost_one_load() {
    let redis = TestRedis::cache();
    let stage = Stage::with_bowls([7]);
    let settings = patient(&redis);
    let caches = [stage.cache_with_l2(&settings).await, stage.cache_with_l2(&settings).await];
    stage.mood(Mood::Holding);
    let crowds = send_crowds(&caches, 100).await;
    stage.mood(Mood::Willing);
    for visitor in crowds {
        visitor.await.expect("no panic");
    }
    assert_eq!(stage.loads(), 1);
    let mut connection = look_behind(&redis).await;
    let is_held: bool = connection.exists(lease(&redis, 7)).await.expect("an answer");
    assert!(!is_held, "the lease was given back with the value");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_holder_dies_another_one_takes_over() {
    let redis = TestRedis::cache();
    let stage = Stage::with_bowls([7]);
    let settings = CacheSettings { lease_ms: 2_000, ..patient(&redis) };
    stage.mood(Mood::Holding);
    let doomed = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    doomed.spawn({
        let (stage, settings) = (stage.clone(), settings.clone());
        async move { stage.cache_with_l2(&settings).await.get(&7).await }
    });
    eventually("the holder is loading", PATIENCE, async || stage.loads() == 1).await;
    let caches = [stage.cache_with_l2(&settings).await, stage.cache_with_l2(&settings).await];
    let crowds = send_crowds(&caches, 10).await;
    doomed.shutdown_background();
    stage.mood(Mood::Willing);
    for visitor in crowds {
        visitor.await.expect("no panic");
    }
    assert_eq!(stage.loads(), 2, "the dead one's and one more");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_cannot_load_gives_the_lease_back() {
    let redis = TestRedis::cache();
    let settings = patient(&redis);
    let in_the_dark = Stage::new();
    in_the_dark.mood(Mood::Unavailable);
    let failed = in_the_dark.cache_with_l2(&settings).await.get(&7).await;
    assert!(matches!(failed, Err(OriginError::Unavailable(_))));
    let stage = Stage::with_bowls([7]);
    let found = stage.cache_with_l2(&settings).await.get(&7).await.expect("an answer");
    assert!(found.value.is_some());
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_who_found_an_entry_good_by_a_hairs_breadth() {
    // Dice shorten lives by fractions of a millisecond, and L2 knows only whole ones.
    let listing = EntrySettings { ttl_ms: 10, jitter_percent: 90, ..settings().listing };
    let settings = CacheSettings { listing, ..settings() };
    let bowls: Vec<u64> = (0..200).collect();
    let (stage, shared, clock) = (Stage::with_bowls(bowls.clone()), Arc::new(MemoryTier::default()), WallClock::new());
    let tier = || SharedTier::over(shared.clone(), clock.clone(), &settings);
    let fleet: Vec<_> = (0..3).map(|_| stage.cache_over(&settings, Some(tier()))).collect();
    for (cache, age_ms) in fleet.iter().zip([1, 5, 0]) {
        pass(Duration::from_millis(age_ms)).await;
        let asked_at = tokio::time::Instant::now();
        cache.get_many(&bowls).await.expect("answers");
        assert!(asked_at.elapsed() < Duration::from_millis(settings.lease_wait_ms), "nobody works under some leases");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_ever() {
    let redis = TestRedis::cache();
    let stage = Stage::with_bowls([7]);
    let settings = CacheSettings { lease_wait_ms: 200, ..patient(&redis) };
    let_a_dead_one_hold(&redis, 7, 600_000).await;
    let cache = stage.cache_with_l2(&settings).await;
    let since = Instant::now();
    assert_eq!(cache.get(&7).await.expect("an answer").status, CacheStatus::Miss);
    assert!(since.elapsed() >= Duration::from_millis(200), "first it waits");
    written(&redis, 7).await;
    let holder: String = look_behind(&redis).await.get(lease(&redis, 7)).await.expect("an answer");
    assert_eq!(holder, "the dead one", "what is not ours is not given back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_during_a_load_keeps_the_old_value_out_and_nobody_waits_for_it() {
    let redis = TestRedis::cache();
    let settings = patient(&redis);
    let old_stage = Stage::with_bowls([7]);
    let slow = old_stage.cache_with_l2(&settings).await;
    old_stage.mood(Mood::Holding);
    let old = tokio::spawn(async move { slow.get(&7).await });
    eventually("the old bowl is being read", PATIENCE, async || old_stage.loads() == 1).await;

    let stage = Stage::new();
    stage.set(7, 2);
    let quick = stage.cache_with_l2(&settings).await;
    quick.invalidate(&7, Some(Version::new(2))).await;
    // The lease of the old load is worth nothing any more.
    let found = quick.get(&7).await.expect("an answer");
    assert_eq!((found.value.expect("a bowl").version, found.status), (2, CacheStatus::Miss));
    eventually("the new bowl is there", PATIENCE, async || version_in_l2(&redis, 7).await == Some(2)).await;

    old_stage.mood(Mood::Willing);
    assert_eq!(old.await.expect("no panic").expect("an answer").value.expect("a bowl").version, 1);
    // What it put has arrived when what it puts later has.
    let last = old_stage.cache_with_l2(&settings).await;
    last.get(&8).await.expect("an answer");
    written(&redis, 8).await;
    assert_eq!(version_in_l2(&redis, 7).await, Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_without_the_lease_stays_with_what_is_there() {
    let redis = TestRedis::cache();
    let stage = Stage::with_bowls([7]);
    let mut settings = CacheSettings { lease_wait_ms: 100, ..patient(&redis) };
    settings.listing = EntrySettings { ttl_ms: 1, stale_while_revalidate_ms: 90_000, ..settings.listing };
    let cache = stage.cache_with_l2(&settings).await;
    cache.get(&7).await.expect("an answer");
    written(&redis, 7).await;
    let_a_dead_one_hold(&redis, 7, 600_000).await;
    eventually("another refresh has been given up", PATIENCE, async || {
        let found = cache.get(&7).await.expect("an answer");
        assert!(found.value.is_some());
        found.freshness.read_at.elapsed() > Duration::from_millis(500)
    })
    .await;
    assert_eq!(stage.loads(), 1);
    // Once the lease is free, the next one who reads refreshes it.
    let () = look_behind(&redis).await.del(lease(&redis, 7)).await.expect("deleted");
    eventually("refreshed", PATIENCE, async || {
        cache.get(&7).await.expect("an answer");
        stage.loads() > 1
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_a_little_too_old_is_served_from_l2_at_once_and_loaded_once() {
    let redis = TestRedis::cache();
    let stage = Stage::with_bowls([7]);
    let settings = patient(&redis);
    stage.cache_with_l2(&settings).await.get(&7).await.expect("an answer");
    written(&redis, 7).await;
    let entry = EntrySettings { ttl_ms: 1, stale_while_revalidate_ms: 90_000, ..settings.listing.clone() };
    let impatient = CacheSettings { listing: entry, ..settings };
    stage.mood(Mood::Holding);
    let cache = stage.cache_with_l2(&impatient).await;
    // Two processes tell the time to a millisecond.
    tokio::time::sleep(Duration::from_millis(10)).await;
    let found = cache.get(&7).await.expect("an answer");
    assert_eq!(found.status, CacheStatus::Revalidating(halles_cache::Tier::L2));
    eventually("it is being loaded", PATIENCE, async || stage.loads() == 2).await;
    assert_eq!(cache.get(&7).await.expect("an answer").freshness, found.freshness, "and nobody waits");
    assert_eq!(stage.loads(), 2);
    stage.mood(Mood::Willing);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_each_instance_loads_once() {
    let redis = TestRedis::cache();
    let (proxy, url) = ChaosProxy::before(&redis.url).await;
    let stage = Stage::with_bowls([7]);
    let settings = CacheSettings { redis_url: Secret::new(url), ..patient(&redis) };
    let caches = [stage.cache_with_l2(&settings).await, stage.cache_with_l2(&settings).await];
    proxy.cut();
    stage.mood(Mood::Holding);
    let crowds = send_crowds(&caches, 100).await;
    eventually("both are loading", PATIENCE, async || stage.loads() == 2).await;
    stage.mood(Mood::Willing);
    for visitor in crowds {
        visitor.await.expect("no panic");
    }
    assert_eq!(stage.loads(), 2);
}
