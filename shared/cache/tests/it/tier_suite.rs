//! How a second tier behaves: one suite for the scripts in Redis, on a single server and on a cluster, and for the one
//! in memory that the model runs on.

use std::sync::Arc;
use std::time::Duration;

use halles_cache::{Asker, CacheSettings, Content, Lease, Owner, Put, Question, Seen, SharedEntries, SharedTier};
use halles_cache::{Sighting, StoredEntry, WallClock};
use halles_domain::Version;
use halles_settings::Secret;
use halles_testkit::{RedisCluster, TestRedis, eventually};

use crate::memory_tier::MemoryTier;
use crate::staged_origin::settings_with;

const PATIENCE: Duration = Duration::from_secs(30);
const LIFE: Duration = Duration::from_secs(60);
const FORMAT: u8 = 3;
const ME: Owner = Owner(u64::MAX);
const YOU: Owner = Owner(7);

#[tokio::test]
async fn the_one_in_memory_keeps_the_rules() {
    keeps_the_rules(Arc::new(MemoryTier::default())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_one_in_redis_keeps_the_rules() {
    let redis = TestRedis::cache();
    keeps_the_rules(entries(&settings_with(&redis)).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_one_in_a_cluster_keeps_the_rules() {
    let cluster = RedisCluster::start().await;
    let mut settings = crate::staged_origin::settings();
    settings.redis_url = Secret::new(cluster.addresses());
    settings.redis.cluster = true;
    keeps_the_rules(entries(&settings).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_far_ahead_does_not_raise_the_mark_as_far() {
    let redis = TestRedis::cache();
    let (now_ms, in_2096_ms) = (WallClock::new().unix_ms(), 4_000_000_000_000);
    let mark_ms = entries(&settings_with(&redis)).await.distrust(in_2096_ms).await.expect("an answer");
    assert!(mark_ms.abs_diff(now_ms) < 60_000, "{mark_ms} at {now_ms}");
}

async fn entries(settings: &CacheSettings) -> Arc<dyn SharedEntries> {
    SharedTier::connect(settings).await.expect("an address").expect("a Redis").entries()
}

async fn keeps_the_rules(tier: Arc<dyn SharedEntries>) {
    assert!(tier.is_up());
    nothing_there_gives_one_lease(&*tier).await;
    what_will_do_needs_no_lease(&*tier).await;
    an_older_version_never_replaces_a_newer_one(&*tier).await;
    a_tombstone_takes_the_lease(&*tier).await;
    leases_and_entries_end(&*tier).await;
    many_at_once(&*tier).await;
    the_mark_only_rises(&*tier).await;
}

async fn nothing_there_gives_one_lease(tier: &dyn SharedEntries) {
    let name = "bowl:lease";
    assert_eq!(look(tier, ME, name).await, Sighting { seen: Seen::Nothing, lease: Lease::Granted });
    assert_eq!(look(tier, ME, name).await.lease, Lease::Granted, "whoever has it keeps it");
    assert_eq!(look(tier, YOU, name).await.lease, Lease::Held);
    release(tier, YOU, name).await;
    assert_eq!(look(tier, YOU, name).await.lease, Lease::Held, "nobody gives back what is another's");
    release(tier, ME, name).await;
    assert_eq!(look(tier, YOU, name).await.lease, Lease::Granted);
}

async fn what_will_do_needs_no_lease(tier: &dyn SharedEntries) {
    let name = "bowl:fresh";
    look(tier, ME, name).await;
    let entry = value(5, 1_000);
    put(tier, ME, name, &entry).await;
    assert_eq!(look(tier, YOU, name).await, Sighting { seen: Seen::Entry(entry.clone()), lease: Lease::NotNeeded });
    let question =
        |version, read_after_ms| Question { name: name.to_owned(), at_least: Version::new(version), read_after_ms };
    for (question, lease) in
        [(question(5, 999), Lease::NotNeeded), (question(6, 999), Lease::Granted), (question(5, 1_000), Lease::Granted)]
    {
        let sighting = ask(tier, FORMAT, YOU, &question).await;
        assert_eq!(sighting, Sighting { seen: Seen::Entry(entry.clone()), lease }, "{question:?}");
        release(tier, YOU, name).await;
    }
    let in_another_format = ask(tier, FORMAT + 1, YOU, &question(0, 0)).await;
    assert_eq!(in_another_format, Sighting { seen: Seen::Garbage, lease: Lease::Granted });
}

async fn an_older_version_never_replaces_a_newer_one(tier: &dyn SharedEntries) {
    let name = "bowl:newer";
    let other_format = StoredEntry { format: FORMAT + 1, ..value(1, 9) };
    // (what is put, whether it is there afterwards)
    let steps = [
        (value(300, 1), true),
        (value(299, 2), false),
        (value(300, 3), true),
        (StoredEntry::tombstone(FORMAT, Version::new(300)), false),
        (StoredEntry::tombstone(FORMAT, Version::new(70_000)), true),
        (value(65_536, 4), false),
        (StoredEntry { content: Content::Absent, ..value(70_000, 5) }, true),
        (value(1_700_000_000_001, 6), true),
        (value(1_700_000_000_000, 7), false),
        (other_format, true),
        (value(1, 8), true),
    ];
    for (entry, is_there) in steps {
        match entry.content {
            Content::Tombstone => bury(tier, name, &entry).await,
            _ => put(tier, ME, name, &entry).await,
        }
        let question = Question { name: name.to_owned(), at_least: Version::default(), read_after_ms: 0 };
        let sighting = ask(tier, entry.format, YOU, &question).await;
        assert_eq!(sighting.seen == Seen::Entry(entry.clone()), is_there, "{entry:?}, and there is {sighting:?}");
        release(tier, YOU, name).await;
    }
}

async fn a_tombstone_takes_the_lease(tier: &dyn SharedEntries) {
    let name = "bowl:tombstone";
    look(tier, ME, name).await;
    let grave = StoredEntry::tombstone(FORMAT, Version::new(2));
    bury(tier, name, &grave).await;
    assert_eq!(look(tier, YOU, name).await, Sighting { seen: Seen::Entry(grave.clone()), lease: Lease::Granted });
    bury(tier, name, &grave).await;
    assert_eq!(look(tier, ME, name).await.lease, Lease::Held, "once told, the same news takes nothing");
    // What was loaded before the change is not put, and the lease stays with whoever loads what is new.
    put(tier, ME, name, &value(1, 1)).await;
    assert_eq!(look(tier, ME, name).await, Sighting { seen: Seen::Entry(grave), lease: Lease::Held });
    put(tier, YOU, name, &value(2, 1)).await;
    assert_eq!(look(tier, ME, name).await.lease, Lease::NotNeeded);
}

async fn leases_and_entries_end(tier: &dyn SharedEntries) {
    let question = |name: &str| Question { name: name.to_owned(), at_least: Version::default(), read_after_ms: 0 };
    let asker = Asker { owner: ME, lease_life: Duration::from_millis(20), format: FORMAT };
    let lease = question("bowl:short lease");
    answer(tier.look_up(asker, std::slice::from_ref(&lease)).await);
    eventually("the lease ends", PATIENCE, async || look(tier, YOU, &lease.name).await.lease == Lease::Granted).await;
    let name = "bowl:short life";
    let put = Put { name: name.to_owned(), entry: value(1, 1), life: Duration::from_millis(20) };
    answer(tier.put(ME, &[put]).await);
    eventually("the entry ends", PATIENCE, async || look(tier, YOU, name).await.seen == Seen::Nothing).await;
}

async fn many_at_once(tier: &dyn SharedEntries) {
    let name = |number: i64| format!("bowl:{number}");
    let puts: Vec<_> =
        (0..1_200).map(|number| Put { name: name(number), entry: value(number, 1), life: LIFE }).collect();
    assert!(tier.put(ME, &puts).await.iter().all(Result::is_ok));
    let question = |number| Question { name: name(number), at_least: Version::default(), read_after_ms: 0 };
    let questions: Vec<_> = (0..1_200).rev().map(question).collect();
    let asker = Asker { owner: ME, lease_life: LIFE, format: FORMAT };
    let sightings = tier.look_up(asker, &questions).await;
    let seen: Vec<_> = sightings.into_iter().map(|sighting| sighting.expect("an answer").seen).collect();
    let expected: Vec<_> = (0..1_200).rev().map(|number| Seen::Entry(value(number, 1))).collect();
    assert!(seen == expected, "each in its place");
}

async fn the_mark_only_rises(tier: &dyn SharedEntries) {
    let (moment_ms, later_ms) = (1_700_000_000_001, 1_700_000_000_002);
    for (said_ms, mark_ms) in [(0, 0), (moment_ms, moment_ms), (0, moment_ms), (5, moment_ms), (later_ms, later_ms)] {
        assert_eq!(tier.distrust(said_ms).await.expect("an answer"), mark_ms, "after {said_ms}");
    }
}

fn value(version: i64, read_at_ms: u64) -> StoredEntry {
    StoredEntry {
        format: FORMAT,
        version: Version::new(version),
        read_at_ms,
        load_time: Duration::from_millis(4),
        content: Content::Value(vec![0, 255, 10, 13]),
    }
}

async fn look(tier: &dyn SharedEntries, owner: Owner, name: &str) -> Sighting {
    let question = Question { name: name.to_owned(), at_least: Version::default(), read_after_ms: 0 };
    ask(tier, FORMAT, owner, &question).await
}

async fn ask(tier: &dyn SharedEntries, format: u8, owner: Owner, question: &Question) -> Sighting {
    answer(tier.look_up(Asker { owner, lease_life: LIFE, format }, std::slice::from_ref(question)).await)
}

async fn put(tier: &dyn SharedEntries, owner: Owner, name: &str, entry: &StoredEntry) {
    let put = Put { name: name.to_owned(), entry: entry.clone(), life: LIFE };
    answer(tier.put(owner, &[put]).await);
}

async fn bury(tier: &dyn SharedEntries, name: &str, tombstone: &StoredEntry) {
    let put = Put { name: name.to_owned(), entry: tombstone.clone(), life: LIFE };
    answer(tier.bury(&[put]).await);
}

async fn release(tier: &dyn SharedEntries, owner: Owner, name: &str) {
    answer(tier.release(owner, &[name.to_owned()]).await);
}

/// The answer to the only question.
fn answer<T>(mut answers: Vec<Result<T, halles_cache::RedisError>>) -> T {
    assert_eq!(answers.len(), 1);
    answers.remove(0).expect("an answer")
}
