//! L2: shared by all instances, never older than what is known, and never in the way.

use std::time::{Duration, Instant};

use halles_cache::{CacheSettings, CacheStatus, Level, Outcome, Tier};
use halles_domain::Version;
use halles_redis::RedisSettings;
use halles_settings::Secret;
use halles_testkit::{ChaosProxy, TestRedis, eventually};
use redis::AsyncCommands;
use redis::aio::MultiplexedConnection;

use crate::staged_origin::{Mood, Stage, settings_with};

const PATIENCE: Duration = Duration::from_secs(30);
const FROM_L2: CacheStatus = CacheStatus::Hit(Tier::L2);

pub async fn look_behind(redis: &TestRedis) -> MultiplexedConnection {
    let client = redis::Client::open(redis.url.as_str()).expect("an address");
    client.get_multiplexed_async_connection().await.expect("a connection")
}

fn key(redis: &TestRedis, bowl: u64) -> String {
    format!("{}cache:{{bowl:{bowl}}}", redis.prefix)
}

/// Waits until L2 holds something for this bowl: it is written after the answer is given.
pub async fn written(redis: &TestRedis, bowl: u64) {
    let mut connection = look_behind(redis).await;
    let key = key(redis, bowl);
    eventually("L2 has it", PATIENCE, async || connection.exists(&key).await.expect("an answer")).await;
}

/// The version in the entry's head.
pub async fn version_in_l2(redis: &TestRedis, bowl: u64) -> Option<i64> {
    let bytes = entry_in_l2(redis, bowl).await;
    Some(i64::from_be_bytes(*bytes?.get(1..)?.first_chunk()?))
}

async fn entry_in_l2(redis: &TestRedis, bowl: u64) -> Option<Vec<u8>> {
    look_behind(redis).await.get(key(redis, bowl)).await.expect("an answer")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_instance_has_loaded_the_next_one_finds() {
    let redis = TestRedis::cache();
    let stage = Stage::with_bowls([7]);
    let settings = settings_with(&redis);
    let one = stage.cache_with_l2(&settings).await;
    let loaded = one.get_many(&[7, 8]).await.expect("answers");
    written(&redis, 8).await;
    let other = stage.cache_with_l2(&settings).await;
    let found = other.get_many(&[7, 8]).await.expect("answers");
    assert_eq!(found[0].value, loaded[0].value);
    assert_eq!(found[1].value, None, "that there is no such thing is shared, too");
    assert!(found.iter().all(|one| one.status == FROM_L2));
    assert_eq!(other.get(&7).await.expect("an answer").status, CacheStatus::Hit(Tier::L1));
    assert_eq!(stage.loads(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_in_l2_has_an_end() {
    let redis = TestRedis::cache();
    let stage = Stage::with_bowls([1]);
    let cache = stage.cache_with_l2(&settings_with(&redis)).await;
    cache.get_many(&[1, 2]).await.expect("answers");
    cache.invalidate(&3, Some(Version::new(9))).await;
    let mut connection = look_behind(&redis).await;
    for (bowl, longest_ms) in [(1, 110_000), (2, 1_000), (3, 60_000)] {
        written(&redis, bowl).await;
        let left_ms: i64 = connection.pttl(key(&redis, bowl)).await.expect("an answer");
        assert!((1..=longest_ms).contains(&left_ms), "bowl {bowl}: {left_ms} ms");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_in_l2_is_a_miss_is_counted_and_is_replaced() {
    let redis = TestRedis::cache();
    let stage = Stage::with_bowls(1..=7);
    let cache = stage.cache_with_l2(&settings_with(&redis)).await;
    let mut connection = look_behind(&redis).await;
    let now_ms = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_millis();
    let now_ms = u64::try_from(now_ms).expect("soon enough");
    let entry = |format: u8, read_at_ms: u64, value: &[u8]| {
        [&[format][..], &[0; 7], &[1], &read_at_ms.to_be_bytes(), &[2, 0, 0, 0, 0], value].concat()
    };
    // A readable one would be `2, 1, b'x'`: the version, the length of the glaze, the glaze.
    let [unreadable, of_another_format, from_the_future] = [
        entry(3, now_ms, &[2, 250, 250]),
        entry(2, now_ms, &[2, 1, b'x']),
        entry(3, now_ms + 3_600_000, &[2, 1, b'x']),
    ];
    let garbage = [b"", &b"junk"[..], &[255; 300], &unreadable, &of_another_format, &from_the_future];
    for (bowl, bytes) in (1_u64..).zip(garbage) {
        let () = connection.set(key(&redis, bowl), bytes).await.expect("written");
    }
    let () = connection.rpush(key(&redis, 7), "a list").await.expect("written");
    let found = cache.get_many(&[1, 2, 3, 4, 5, 6, 7]).await.expect("answers");
    assert!(found.iter().all(|one| one.value.is_some() && one.status == CacheStatus::Miss));
    assert_eq!(cache.counted(Level::L2, Outcome::Garbage), 7);
    for bowl in 1..=7 {
        eventually("the garbage is replaced", PATIENCE, async || version_in_l2(&redis, bowl).await == Some(1)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_version_never_replaces_a_newer_one() {
    let redis = TestRedis::cache();
    let settings = settings_with(&redis);
    let lagging = Stage::with_bowls([7]);
    let slow = lagging.cache_with_l2(&settings).await;
    lagging.mood(Mood::Holding);
    let old = tokio::spawn(async move { slow.get(&7).await });
    eventually("the old bowl is being read", PATIENCE, async || lagging.loads() == 1).await;

    let current = Stage::new();
    current.set(7, 2);
    let quick = current.cache_with_l2(&settings).await;
    quick.get(&7).await.expect("an answer");
    written(&redis, 7).await;
    lagging.mood(Mood::Willing);
    assert_eq!(old.await.expect("no panic").expect("an answer").value.expect("a bowl").version, 1);
    // The same instance writes another bowl after the old one, so the old one's turn has come when that is there.
    let fresh = lagging.cache_with_l2(&settings).await;
    fresh.get(&8).await.expect("an answer");
    written(&redis, 8).await;
    assert_eq!(version_in_l2(&redis, 7).await, Some(2));
    assert_eq!(fresh.get(&7).await.expect("an answer").value.expect("a bowl").version, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_one_instance_has_heard_binds_all() {
    let redis = TestRedis::cache();
    let settings = settings_with(&redis);
    let stage = Stage::with_bowls([7]);
    let heard = stage.cache_with_l2(&settings).await;
    heard.get(&7).await.expect("an answer");
    written(&redis, 7).await;
    heard.invalidate(&7, Some(Version::new(2))).await;
    // It has not heard, its replica lags, and it must not put the old bowl back.
    let unaware = stage.cache_with_l2(&settings).await;
    assert_eq!(unaware.get(&7).await.expect("an answer").status, CacheStatus::Lagging);
    assert_eq!(version_in_l2(&redis, 7).await, Some(2));
    stage.set(7, 2);
    eventually("the new bowl is seen", PATIENCE, async || {
        unaware.get(&7).await.expect("an answer").value.expect("a bowl").version == 2
    })
    .await;
    eventually("the new bowl is in L2", PATIENCE, async || {
        let third = stage.cache_with_l2(&settings).await;
        third.get(&7).await.expect("an answer").status == FROM_L2
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_there_are_only_misses_and_with_it_there_are_hits_again() {
    let redis = TestRedis::cache();
    let (proxy, url) = ChaosProxy::before(&redis.url).await;
    let settings = CacheSettings { redis_url: Secret::new(url), ..settings_with(&redis) };
    let stage = Stage::with_bowls(0..1_000);
    let cache = stage.cache_with_l2(&settings).await;
    cache.get(&0).await.expect("an answer");
    written(&redis, 0).await;
    proxy.cut();
    for bowl in 0..100 {
        let found = cache.get(&bowl).await.expect("never an error");
        assert!(found.value.is_some());
    }
    proxy.restore();
    let mut bowl = 100;
    eventually("L2 is used again", PATIENCE, async || {
        bowl += 1;
        cache.get(&bowl).await.expect("never an error");
        version_in_l2(&redis, bowl).await.is_some()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_hangs_costs_a_few_answers_their_time_and_the_others_nothing() {
    let redis = TestRedis::cache();
    let (proxy, url) = ChaosProxy::before(&redis.url).await;
    let settings = CacheSettings {
        redis_url: Secret::new(url),
        redis: RedisSettings { response_timeout_ms: 300, connect_timeout_ms: 300, ..RedisSettings::for_cache() },
        ..settings_with(&redis)
    };
    let stage = Stage::with_bowls(0..200);
    let cache = stage.cache_with_l2(&settings).await;
    proxy.stall();
    let started = Instant::now();
    for bowl in 0..200 {
        assert!(cache.get(&bowl).await.expect("never an error").value.is_some());
    }
    // Waiting each time would take a minute; the first few timeouts take one second.
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_during_an_outage_reaches_l2_when_redis_is_back() {
    let redis = TestRedis::cache();
    let (proxy, url) = ChaosProxy::before(&redis.url).await;
    let stage = Stage::with_bowls([7]);
    let settings = CacheSettings { redis_url: Secret::new(url), ..settings_with(&redis) };
    let cache = stage.cache_with_l2(&settings).await;
    cache.get(&7).await.expect("an answer");
    written(&redis, 7).await;
    proxy.cut();
    stage.set(7, 2);
    cache.invalidate(&7, Some(Version::new(2))).await;
    assert_eq!(cache.get(&7).await.expect("an answer").value.expect("a bowl").version, 2);
    assert_eq!(version_in_l2(&redis, 7).await, Some(1), "the old bowl is still there");
    proxy.restore();
    eventually("the old bowl is gone", PATIENCE, async || version_in_l2(&redis, 7).await == Some(2)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_a_change_cannot_be_told_in_time_nothing_from_before_is_believed() {
    let redis = TestRedis::cache();
    let (proxy, url) = ChaosProxy::before(&redis.url).await;
    let stage = Stage::with_bowls(0..1_000);
    let bowls: Vec<u64> = (0..1_000).collect();
    let well_connected = stage.cache_with_l2(&settings_with(&redis)).await;
    well_connected.get_many(&bowls).await.expect("answers");
    written(&redis, 999).await;
    // Versions are remembered for so short a time that any outage outlasts it.
    let settings =
        CacheSettings { redis_url: Secret::new(url), remember_versions_ms: 1, settle_ms: 0, ..settings_with(&redis) };
    let cache = stage.cache_with_l2(&settings).await;
    assert_eq!(cache.get(&0).await.expect("an answer").status, FROM_L2);
    proxy.cut();
    cache.invalidate(&2_000, Some(Version::new(2))).await;
    proxy.restore();
    // Believed or not is only to be seen while L2 answers: then what was loaded afresh is written there.
    let mut unbelieved_in_a_row = 0;
    let mut bowls = bowls.into_iter().skip(1);
    eventually("L2 answers and is not believed", PATIENCE, async || {
        let bowl = bowls.next().expect("enough bowls");
        let before = entry_in_l2(&redis, bowl).await;
        let status = cache.get(&bowl).await.expect("an answer").status;
        let is_replaced = entry_in_l2(&redis, bowl).await != before;
        unbelieved_in_a_row = if status == CacheStatus::Miss && is_replaced { unbelieved_in_a_row + 1 } else { 0 };
        unbelieved_in_a_row == 3
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_told_in_time_is_believed_by_nobody_who_begins_later() {
    let redis = TestRedis::cache();
    let (proxy, url) = ChaosProxy::before(&redis.url).await;
    let stage = Stage::with_bowls([7]);
    let settings = CacheSettings { settle_ms: 0, ..settings_with(&redis) };
    let unaware = stage.cache_with_l2(&settings).await;
    unaware.get(&7).await.expect("an answer");
    written(&redis, 7).await;
    // Versions are remembered for so short a time that any outage outlasts it.
    let cut_off = CacheSettings { redis_url: Secret::new(url), remember_versions_ms: 1, ..settings.clone() };
    let aware = stage.cache_with_l2(&cut_off).await;
    proxy.cut();
    stage.set(7, 2);
    aware.invalidate(&7, Some(Version::new(2))).await;
    proxy.restore();
    let mut connection = look_behind(&redis).await;
    let mark = format!("{}cache:distrusted", redis.prefix);
    eventually("it is said", PATIENCE, async || connection.exists(&mark).await.expect("an answer")).await;
    let _: () = connection.del(&mark).await.expect("an answer");
    eventually("and again, when it is lost", PATIENCE, async || connection.exists(&mark).await.expect("an answer"))
        .await;
    let left_ms: i64 = connection.pttl(&mark).await.expect("an answer");
    assert_eq!((left_ms, version_in_l2(&redis, 7).await), (-1, Some(1)), "for ever, and the old bowl is still there");
    let newcomer = stage.cache_with_l2(&settings).await;
    let found = newcomer.get(&7).await.expect("an answer");
    assert_eq!((found.value.expect("a bowl").version, found.status), (2, CacheStatus::Miss));
    eventually("it is heard by who has never heard of the change", PATIENCE, async || {
        unaware.get(&7).await.expect("an answer").value.expect("a bowl").version == 2
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_loss_l2_is_not_believed_either() {
    let redis = TestRedis::cache();
    let mut settings = settings_with(&redis);
    settings.settle_ms = 0;
    let stage = Stage::with_bowls([7]);
    let cache = stage.cache_with_l2(&settings).await;
    cache.get(&7).await.expect("an answer");
    written(&redis, 7).await;
    stage.set(7, 2);
    cache.distrust();
    assert_eq!(cache.get(&7).await.expect("an answer").value.expect("a bowl").version, 2);
}
