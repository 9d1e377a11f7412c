//! Entries that are loaded again before anybody has to wait for them. On paused time.

use std::time::Duration;

use halles_cache::{CacheSettings, CacheStatus, EntrySettings, Tier};
use halles_domain::Version;

use crate::staged_origin::{Mood, Stage, pass, settings};

const HIT: CacheStatus = CacheStatus::Hit(Tier::L1);
const REVALIDATING: CacheStatus = CacheStatus::Revalidating(Tier::L1);
const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

/// Fresh for ten seconds, and then good enough for five more.
fn settings_with_aged() -> CacheSettings {
    let settings = settings();
    CacheSettings {
        listing: EntrySettings { stale_while_revalidate_ms: 5_000, ..settings.listing.clone() },
        ..settings
    }
}

fn settings_with_early(early_refresh_percent: u32) -> CacheSettings {
    let settings = settings();
    CacheSettings { listing: EntrySettings { early_refresh_percent, ..settings.listing.clone() }, ..settings }
}

/// Lets everybody run who can.
async fn let_run() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_a_little_too_old_is_served_while_it_is_loaded_once() {
    let stage = Stage::with_bowls([7]);
    let cache = stage.cache(&settings_with_aged());
    cache.get(&7).await.expect("an answer");
    pass(10 * SECOND).await;
    stage.set(7, 2);
    stage.mood(Mood::Holding);
    for _ in 0..100 {
        let found = cache.get(&7).await.expect("an answer");
        assert_eq!((found.value.expect("a bowl").version, found.status), (1, REVALIDATING));
    }
    let_run().await;
    assert_eq!(stage.loads(), 2);
    stage.mood(Mood::Willing);
    let_run().await;
    let found = cache.get(&7).await.expect("an answer");
    assert_eq!((found.value.expect("a bowl").version, found.status), (2, HIT));
}

#[tokio::test(start_paused = true)]
async fn while_the_store_is_away_it_is_served_to_the_end_and_then_as_a_last_resort() {
    let stage = Stage::with_bowls([7]);
    let cache = stage.cache(&settings_with_aged());
    cache.get(&7).await.expect("an answer");
    stage.mood(Mood::Unavailable);
    pass(10 * SECOND).await;
    for _ in 0..20 {
        assert_eq!(cache.get(&7).await.expect("an answer").status, REVALIDATING);
        let_run().await;
    }
    assert_eq!(stage.loads(), 2, "the store is left alone for a moment");
    pass(5 * SECOND).await;
    assert_eq!(cache.get(&7).await.expect("an answer").status, CacheStatus::Stale);
}

#[tokio::test(start_paused = true)]
async fn what_is_known_to_be_outdated_is_waited_for() {
    let stage = Stage::with_bowls([7, 8]);
    let cache = stage.cache(&settings_with_aged());
    cache.get_many(&[7, 8]).await.expect("answers");
    pass(11 * SECOND).await;
    stage.set(7, 2);
    cache.invalidate(&7, Some(Version::new(2))).await;
    let found = cache.get_many(&[7, 8]).await.expect("answers");
    assert_eq!((found[0].status, found[1].status), (CacheStatus::Miss, REVALIDATING));
    assert_eq!(found[0].value.as_ref().expect("a bowl").version, 2);
    let_run().await;
    cache.distrust();
    pass(MS).await;
    assert_eq!(cache.get(&8).await.expect("an answer").status, CacheStatus::Miss, "nor is what is not trusted");
}

#[tokio::test(start_paused = true)]
async fn readers_of_a_hot_key_never_wait_and_hardly_ever_load() {
    let stage = Stage::with_bowls([7]);
    stage.loading_takes(10 * MS);
    // With beta 3 and a reader each millisecond, one in a billion lives sees a wait.
    let cache = stage.cache(&settings_with_early(300));
    cache.get(&7).await.expect("an answer");
    for _ in 0..50_000 {
        pass(MS).await;
        assert_eq!(cache.get(&7).await.expect("an answer").status, HIT);
    }
    assert!((5..=6).contains(&stage.loads()), "{} loads in five lives", stage.loads());
}

#[tokio::test(start_paused = true)]
async fn what_nobody_reads_is_not_loaded_again() {
    let stage = Stage::with_bowls([7]);
    let cache = stage.cache(&settings_with_early(u32::MAX));
    cache.get(&7).await.expect("an answer");
    pass(9 * SECOND).await;
    let_run().await;
    assert_eq!(stage.loads(), 1);
    assert_eq!(cache.get(&7).await.expect("an answer").status, HIT);
    let_run().await;
    assert_eq!(stage.loads(), 2, "it was read, and the dice were loaded");
}

#[tokio::test(start_paused = true)]
async fn who_looks_ahead_waits_for_what_will_still_be_fresh() {
    let stage = Stage::with_bowls([7]);
    let cache = stage.cache(&settings());
    let ahead = cache.ahead(SECOND);
    cache.get(&7).await.expect("an answer");
    pass(9 * SECOND - MS).await;
    assert_eq!(ahead.get(&7).await.expect("an answer").status, HIT);
    pass(MS).await;
    assert_eq!(cache.get(&7).await.expect("an answer").status, HIT);
    let found = ahead.get(&7).await.expect("an answer");
    assert_eq!(found.status, CacheStatus::Miss);
    assert_eq!(found.freshness.fresh_until - found.freshness.read_at, 10 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_change_and_a_loss_are_counted_for_what_was_made_from_it() {
    let stage = Stage::with_bowls([7, 8]);
    let surroundings = halles_cache::Surroundings::new(&settings(), None);
    let (cache, counters) = (stage.cache_in(&surroundings), surroundings.counters());
    let both = cache.get_many(&[7, 8]).await.expect("answers");
    let whole = both.into_iter().map(|one| one.freshness).reduce(halles_cache::Freshness::and).expect("two");
    let one = cache.get(&8).await.expect("an answer").freshness;
    assert!(counters.are_current(&whole.stamps) && counters.are_current(&one.stamps));
    cache.invalidate(&7, Some(Version::new(2))).await;
    assert!(!counters.are_current(&whole.stamps) && counters.are_current(&one.stamps));
    let later = cache.get(&7).await.expect("an answer").freshness;
    cache.invalidate(&7, Some(Version::new(2))).await;
    assert!(counters.are_current(&later.stamps), "what was heard before is no news");
    cache.distrust();
    assert!(!counters.are_current(&one.stamps) && !counters.are_current(&later.stamps));
}

#[tokio::test(start_paused = true)]
async fn what_has_no_version_is_in_doubt_until_the_replica_has_caught_up() {
    let stage = Stage::with_bowls([7]);
    let cache = stage.cache_without_versions(&settings());
    cache.get(&7).await.expect("an answer");
    cache.invalidate(&7, None).await;
    let mut seen = Vec::new();
    // The replica shows the change after a second and a half; changes take two at most.
    for step in 0..25 {
        if step == 15 {
            stage.set(7, 2);
        }
        let found = cache.get(&7).await.expect("an answer");
        seen.push((found.value.expect("a bowl").version, found.status));
        pass(100 * MS).await;
    }
    assert!(seen[..15].iter().all(|seen| *seen == (1, CacheStatus::Lagging)), "{seen:?}");
    assert!(seen[15..20].iter().all(|seen| *seen == (2, CacheStatus::Lagging)), "{seen:?}");
    assert_eq!(seen[20], (2, CacheStatus::Miss));
    assert!(seen[21..].iter().all(|seen| *seen == (2, HIT)), "{seen:?}");
}
