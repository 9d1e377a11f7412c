//! One load for each key, whoever asks, gives up or breaks down.

use std::time::Duration;

use halles_cache::{CacheStatus, OriginError, Tier};
use halles_domain::Version;
use halles_testkit::eventually;

use crate::staged_origin::{Mood, Stage, settings};

const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_on_a_cold_key_costs_one_load() {
    let stage = Stage::with_bowls([7]);
    let cache = stage.cache(&settings());
    stage.mood(Mood::Holding);
    let crowd: Vec<_> = (0..200)
        .map(|_| {
            let cache = cache.clone();
            tokio::spawn(async move { cache.get(&7).await })
        })
        .collect();
    eventually("the load has begun", PATIENCE, async || stage.loads() > 0).await;
    stage.mood(Mood::Willing);
    for visitor in crowd {
        let found = visitor.await.expect("no panic").expect("an answer");
        assert_eq!(found.value.expect("a bowl").version, 1);
    }
    assert_eq!(stage.loads(), 1);
}

#[tokio::test]
async fn whoever_gives_up_does_not_take_the_answer_from_the_others() {
    let stage = Stage::with_bowls([7]);
    let cache = stage.cache(&settings());
    stage.mood(Mood::Holding);
    let impatient = tokio::spawn({
        let cache = cache.clone();
        async move { cache.get(&7).await }
    });
    eventually("the load has begun", PATIENCE, async || stage.loads() == 1).await;
    let patient = tokio::spawn({
        let cache = cache.clone();
        async move { cache.get(&7).await }
    });
    impatient.abort();
    assert!(impatient.await.expect_err("given up").is_cancelled());
    stage.mood(Mood::Willing);
    assert!(patient.await.expect("no panic").expect("an answer").value.is_some());
    assert_eq!(stage.loads(), 1);
}

#[tokio::test]
async fn a_load_that_panics_is_an_error_and_the_next_one_works() {
    let stage = Stage::with_bowls([7]);
    let cache = stage.cache(&settings());
    stage.mood(Mood::Panicking);
    assert!(matches!(cache.get(&7).await, Err(OriginError::Internal(_))));
    stage.mood(Mood::Willing);
    assert!(cache.get(&7).await.expect("an answer").value.is_some());
    assert_eq!(stage.loads(), 2);
}

#[tokio::test]
async fn many_keys_cost_one_load_and_only_for_those_that_are_missing() {
    let stage = Stage::with_bowls(1..=20);
    let cache = stage.cache(&settings());
    let few: Vec<u64> = (1..=5).collect();
    cache.get_many(&few).await.expect("answers");
    // Out of order, one twice, one that does not exist.
    let many = [20, 3, 19, 3, 99, 1];
    let found = cache.get_many(&many).await.expect("answers");
    let exist: Vec<bool> = found.iter().map(|one| one.value.is_some()).collect();
    assert_eq!(exist, [true, true, true, true, false, true]);
    assert_eq!(found[1].status, CacheStatus::Hit(Tier::L1));
    assert_eq!(found[0].status, CacheStatus::Miss);
    assert_eq!((stage.loads(), stage.keys()), (2, 5 + 3));
}

#[tokio::test]
async fn batches_that_overlap_load_each_key_once() {
    let stage = Stage::with_bowls(1..=9);
    let cache = stage.cache(&settings());
    stage.mood(Mood::Holding);
    let batches: Vec<_> = [[1, 2, 3], [2, 3, 4], [3, 4, 5], [5, 1, 9]]
        .into_iter()
        .map(|keys| {
            let cache = cache.clone();
            tokio::spawn(async move { cache.get_many(&keys).await })
        })
        .collect();
    eventually("all keys are in the air", PATIENCE, async || stage.keys() == 6).await;
    stage.mood(Mood::Willing);
    for batch in batches {
        let found = batch.await.expect("no panic").expect("answers");
        assert!(found.iter().all(|one| one.value.is_some()));
    }
    assert_eq!(stage.keys(), 6);
}

#[tokio::test]
async fn a_change_during_a_load_keeps_the_old_answer_out() {
    let stage = Stage::with_bowls([7]);
    let cache = stage.cache(&settings());
    stage.mood(Mood::Holding);
    let early = tokio::spawn({
        let cache = cache.clone();
        async move { cache.get(&7).await }
    });
    eventually("the old bowl is being read", PATIENCE, async || stage.loads() == 1).await;
    stage.set(7, 2);
    cache.invalidate(&7, Some(Version::new(2))).await;
    // Whoever comes after the change does not board the load from before it.
    let late = tokio::spawn({
        let cache = cache.clone();
        async move { cache.get(&7).await }
    });
    eventually("the new bowl is being read", PATIENCE, async || stage.loads() == 2).await;
    stage.mood(Mood::Willing);
    let version = |found: halles_cache::Found<crate::staged_origin::Bowl>| found.value.expect("a bowl").version;
    // Who came before the change may get either: the new bowl if that comes first.
    assert!((1..=2).contains(&version(early.await.expect("no panic").expect("an answer"))));
    assert_eq!(version(late.await.expect("no panic").expect("an answer")), 2);
    let found = cache.get(&7).await.expect("an answer");
    assert_eq!((found.status, version(found)), (CacheStatus::Hit(Tier::L1), 2));
}
