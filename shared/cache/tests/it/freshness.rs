//! How long entries live, and what is served when they cannot be had afresh. On paused time.

use std::sync::Arc;
use std::time::Duration;

use halles_cache::{CacheStatus, EntrySettings, OriginError, SharedTier, Tier, WallClock};
use halles_domain::Version;
use tokio::time::Instant;

use crate::memory_tier::MemoryTier;
use crate::staged_origin::{Mood, Stage, pass, settings};

const HIT: CacheStatus = CacheStatus::Hit(Tier::L1);
const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn an_entry_is_fresh_for_its_time_and_no_longer() {
    let stage = Stage::with_bowls([7]);
    let cache = stage.cache(&settings());
    assert_eq!(cache.get(&7).await.expect("an answer").status, CacheStatus::Miss);
    pass(10 * SECOND - MS).await;
    assert_eq!(cache.get(&7).await.expect("an answer").status, HIT);
    pass(MS).await;
    assert_eq!(cache.get(&7).await.expect("an answer").status, CacheStatus::Miss);
    assert_eq!(stage.loads(), 2);
}

#[tokio::test(start_paused = true)]
async fn that_there_is_no_such_thing_is_remembered_briefly() {
    let stage = Stage::new();
    let cache = stage.cache(&settings());
    for status in [CacheStatus::Miss, HIT] {
        let found = cache.get(&7).await.expect("an answer");
        assert_eq!((found.value, found.status), (None, status));
    }
    pass(SECOND).await;
    stage.set(7, 1);
    assert!(cache.get(&7).await.expect("an answer").value.is_some());
}

#[tokio::test(start_paused = true)]
async fn what_comes_to_be_is_seen_at_once_when_the_change_is_heard() {
    let stage = Stage::new();
    let cache = stage.cache(&settings());
    assert_eq!(cache.get(&7).await.expect("an answer").value, None);
    stage.set(7, 1);
    cache.invalidate(&7, Some(Version::new(1))).await;
    assert!(cache.get(&7).await.expect("an answer").value.is_some());
}

#[tokio::test(start_paused = true)]
async fn entries_made_together_end_apart_and_within_bounds() {
    let stage = Stage::with_bowls(0..300);
    let mut settings = settings();
    settings.listing = EntrySettings { jitter_percent: 10, ..settings.listing };
    let cache = stage.cache(&settings);
    let keys: Vec<u64> = (0..300).collect();
    cache.get_many(&keys).await.expect("answers");
    pass(9 * SECOND - MS).await;
    cache.get_many(&keys).await.expect("answers");
    assert_eq!(stage.keys(), 300, "all live for nine tenths of their time");
    pass(SECOND / 2).await;
    cache.get_many(&keys).await.expect("answers");
    let ended_half_way = stage.keys() - 300;
    assert!((75..=225).contains(&ended_half_way), "{ended_half_way} of 300 in the first half of the jitter");
    // A millisecond more than what was kept may live.
    pass(SECOND / 2 + MS).await;
    let kept = cache.get_many(&keys).await.expect("answers").iter().filter(|one| one.status == HIT).count();
    assert_eq!(kept, ended_half_way, "only what was loaded again lives on");
}

#[tokio::test(start_paused = true)]
async fn what_a_lagging_replica_says_is_served_for_a_moment_and_marked() {
    let stage = Stage::with_bowls([7]);
    let cache = stage.cache(&settings());
    cache.get(&7).await.expect("an answer");
    cache.invalidate(&7, Some(Version::new(3))).await;
    for loads in [2, 3, 4] {
        for _ in 0..10 {
            let found = cache.get(&7).await.expect("an answer");
            assert_eq!((found.value.expect("a bowl").version, found.status), (1, CacheStatus::Lagging));
            assert!(found.freshness.fresh_until - Instant::now() <= 100 * MS);
        }
        assert_eq!(stage.loads(), loads, "not every request asks again");
        pass(100 * MS).await;
    }
    stage.set(7, 3);
    assert_eq!(cache.get(&7).await.expect("an answer").status, CacheStatus::Miss);
    let found = cache.get(&7).await.expect("an answer");
    assert_eq!((found.value.expect("a bowl").version, found.status), (3, HIT));
}

#[tokio::test(start_paused = true)]
async fn a_change_that_comes_late_or_twice_drops_nothing_newer() {
    let stage = Stage::new();
    stage.set(7, 5);
    let cache = stage.cache(&settings());
    cache.get(&7).await.expect("an answer");
    for late in [3, 5] {
        cache.invalidate(&7, Some(Version::new(late))).await;
        assert_eq!(cache.get(&7).await.expect("an answer").status, HIT, "version {late}");
    }
    cache.invalidate(&7, Some(Version::new(6))).await;
    assert_eq!(cache.get(&7).await.expect("an answer").status, CacheStatus::Lagging);
}

#[tokio::test(start_paused = true)]
async fn while_the_origin_is_away_expired_entries_are_served_and_marked() {
    let stage = Stage::with_bowls([7]);
    let cache = stage.cache(&settings());
    cache.get(&7).await.expect("an answer");
    stage.mood(Mood::Unavailable);
    pass(10 * SECOND).await;
    for _ in 0..5 {
        let found = cache.get(&7).await.expect("an answer");
        assert_eq!((found.value.expect("a bowl").version, found.status), (1, CacheStatus::Stale));
    }
    assert_eq!(stage.loads(), 2, "it is asked once and then left alone for a moment");
    pass(SECOND).await;
    cache.get(&7).await.expect("an answer");
    assert_eq!(stage.loads(), 3);
    // What nobody ever had cannot be served, and is asked for all the same.
    assert!(matches!(cache.get(&8).await, Err(OriginError::Unavailable(_))));
    assert!(matches!(cache.get_many(&[7, 8]).await, Err(OriginError::Unavailable(_))));
    stage.mood(Mood::Willing);
    pass(SECOND).await;
    assert_eq!(cache.get(&7).await.expect("an answer").status, CacheStatus::Miss);
}

#[tokio::test(start_paused = true)]
async fn what_is_too_old_is_not_served_even_then() {
    let stage = Stage::with_bowls([7]);
    let cache = stage.cache(&settings());
    cache.get(&7).await.expect("an answer");
    cache.get(&8).await.expect("an answer");
    stage.mood(Mood::Unavailable);
    pass(2 * SECOND).await;
    assert!(cache.get(&8).await.is_err(), "an old 'no such thing' is no answer");
    pass(108 * SECOND).await;
    assert!(cache.get(&7).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn an_origin_that_hangs_is_given_up_on() {
    let stage = Stage::with_bowls([7]);
    let cache = stage.cache(&settings());
    cache.get(&7).await.expect("an answer");
    pass(10 * SECOND).await;
    stage.mood(Mood::Holding);
    // Paused time runs ahead to the next timer whenever everybody waits.
    let found = cache.get(&7).await.expect("an answer");
    assert_eq!(found.status, CacheStatus::Stale);
}

#[tokio::test(start_paused = true)]
async fn after_a_loss_everything_is_read_afresh_and_once_more_when_the_replica_has_caught_up() {
    let stage = Stage::with_bowls([7]);
    let cache = stage.cache(&settings());
    cache.get(&7).await.expect("an answer");
    cache.distrust();
    pass(MS).await;
    let mut statuses = Vec::new();
    for _ in 0..2 {
        statuses.push(cache.get(&7).await.expect("an answer").status);
    }
    pass(2 * SECOND).await;
    for _ in 0..2 {
        statuses.push(cache.get(&7).await.expect("an answer").status);
    }
    assert_eq!(statuses, [CacheStatus::Miss, HIT, CacheStatus::Miss, HIT]);
}

#[tokio::test(start_paused = true)]
async fn what_is_read_before_a_loss_has_settled_is_shared_with_nobody() {
    let (stage, shared, settings) = (Stage::with_bowls([7]), Arc::new(MemoryTier::default()), settings());
    let clock = WallClock::new();
    let instance = || stage.cache_over(&settings, Some(SharedTier::over(shared.clone(), clock.clone(), &settings)));
    let (deaf, other) = (instance(), instance());
    pass(MS).await;
    deaf.distrust();
    let mut statuses = Vec::new();
    for cache in [&deaf, &other] {
        statuses.push(cache.get(&7).await.expect("an answer").status);
        pass(20 * MS).await;
    }
    pass(10 * SECOND).await;
    for cache in [&deaf, &other] {
        statuses.push(cache.get(&7).await.expect("an answer").status);
        pass(20 * MS).await;
    }
    assert_eq!(statuses, [CacheStatus::Miss, CacheStatus::Miss, CacheStatus::Miss, CacheStatus::Hit(Tier::L2)]);
}

#[tokio::test(start_paused = true)]
async fn after_a_loss_the_old_entries_are_still_better_than_an_error() {
    let stage = Stage::with_bowls([7]);
    let cache = stage.cache(&settings());
    cache.get(&7).await.expect("an answer");
    stage.mood(Mood::Unavailable);
    cache.distrust();
    assert_eq!(cache.get(&7).await.expect("an answer").status, CacheStatus::Stale);
}

#[tokio::test]
async fn memory_is_bounded_in_bytes() {
    let stage = Stage::new();
    let mut settings = settings();
    settings.l1_bytes = 1_000_000;
    let cache = stage.cache(&settings);
    // Some 470 bytes each with the bookkeeping, in 700,000 bytes: about 1,500 of them.
    for key in 0..6_000 {
        stage.set(key, 1);
        cache.get(&key).await.expect("an answer");
    }
    stage.mood(Mood::Unavailable);
    let mut kept = 0;
    for key in 0..6_000 {
        kept += usize::from(cache.get(&key).await.is_ok());
    }
    assert!((700..=1_700).contains(&kept), "{kept} of 6000 entries are in memory");
}
