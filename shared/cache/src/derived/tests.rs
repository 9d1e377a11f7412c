use std::sync::atomic::{AtomicUsize, Ordering};

use halles_resilience::{Hand, LadderTimes};
use tokio::sync::{Notify, Semaphore};
use tokio::time::{advance, sleep};

use super::*;
use crate::Tier;

const PAUSE: Duration = Duration::from_millis(500);
const SECOND: Duration = Duration::from_secs(1);

type Cache = DerivedCache<&'static str, usize, Failure>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failure {
    Away,
    Absent,
}

/// A cache of numbers, each the number of its making.
struct Workshop {
    cache: Cache,
    counters: Arc<ChangeCounters>,
    made: Arc<AtomicUsize>,
}

impl Workshop {
    fn open() -> Self {
        Self::open_with(&DerivedSettings { early_renewal: 0.0, ..DerivedSettings::default() })
    }

    fn open_with(settings: &DerivedSettings) -> Self {
        let kind = DerivedKind { name: "test", weigh: |_, _| 1_000, is_outage: |error| *error == Failure::Away };
        let counters = Arc::new(ChangeCounters::new());
        let cache = DerivedCache::over(kind, settings, Arc::clone(&counters), PAUSE);
        Self { cache, counters, made: Arc::default() }
    }

    /// What is made from one thing, `bowl`, that is fresh for a second.
    fn lookup(&self) -> Lookup<usize> {
        let stamps = self.counters.stamp("bowl", &7);
        let now = Instant::now();
        let freshness = Freshness { read_at: now, fresh_until: now + SECOND, stamps };
        let value = self.made.fetch_add(1, Ordering::SeqCst) + 1;
        Lookup { value, status: CacheStatus::Hit(Tier::L2), freshness }
    }

    async fn get(&self) -> Derived<&'static str, usize> {
        self.cache.get("page", |_| std::future::ready(Ok(self.lookup()))).await.expect("made")
    }

    async fn get_failing(&self, failure: Failure) -> Result<Derived<&'static str, usize>, Failure> {
        self.cache.get("page", |_| std::future::ready(Err(failure))).await
    }

    fn change(&self) {
        self.counters.count_change("bowl", &7);
    }
}

fn told<K, V: Copy>(derived: &Derived<K, V>) -> (V, String) {
    (*derived.value, derived.came.to_string())
}

#[tokio::test(start_paused = true)]
async fn is_kept_until_its_first_part_ends() {
    let workshop = Workshop::open();
    assert_eq!(told(&workshop.get().await), (1, "halles; hit; detail=l2".to_owned()));
    advance(SECOND / 10).await;
    assert_eq!(told(&workshop.get().await), (1, "halles; hit; ttl=0; detail=page".to_owned()));
    advance(SECOND).await;
    assert_eq!(*workshop.get().await.value, 2);
}

#[tokio::test(start_paused = true)]
async fn the_short_way_leads_to_what_is_ready_and_makes_nothing() {
    let workshop = Workshop::open_with(&DerivedSettings { early_renewal: 1.0, ..DerivedSettings::default() });
    let way = workshop.cache.short_way_to("page");
    let look = || way.find().map(|(value, came)| (*value, came.to_string()));
    assert_eq!(look(), None);
    workshop.get().await;
    for _ in 0..100 {
        assert_eq!(look(), Some((1, "halles; hit; ttl=1; detail=page".to_owned())));
    }
    workshop.change();
    assert_eq!(look(), None, "what has changed is not ready");
    assert_eq!(workshop.made.load(Ordering::SeqCst), 1);
    workshop.get().await;
    assert_eq!(look().map(|(value, _)| value), Some(2), "the way leads to whatever is there now");
    assert_eq!(
        workshop.cache.inner.kept.iter().map(|(_, entry)| Arc::strong_count(&entry)).max(),
        Some(2),
        "and keeps nothing alive"
    );
}

#[tokio::test(start_paused = true)]
async fn a_change_or_a_loss_ends_it_at_once() {
    let workshop = Workshop::open();
    workshop.get().await;
    workshop.change();
    assert_eq!(*workshop.get().await.value, 2);
    workshop.counters.count_change("bowl", &8);
    assert_eq!(*workshop.get().await.value, 2, "another thing");
    workshop.counters.count_loss();
    assert_eq!(*workshop.get().await.value, 3);
}

#[tokio::test(start_paused = true)]
async fn is_made_by_one_however_many_ask_and_whoever_leaves() {
    let workshop = Arc::new(Workshop::open());
    let gate = Arc::new(Semaphore::new(0));
    let slowly = |workshop: Arc<Workshop>, gate: Arc<Semaphore>| async move {
        let made = workshop.cache.get("page", |_| {
            let (lookup, gate) = (workshop.lookup(), Arc::clone(&gate));
            async move {
                let _open = gate.acquire().await;
                Ok(lookup)
            }
        });
        *made.await.expect("made").value
    };
    let first = tokio::spawn(slowly(Arc::clone(&workshop), Arc::clone(&gate)));
    tokio::task::yield_now().await;
    let others: Vec<_> = (0..100).map(|_| tokio::spawn(slowly(Arc::clone(&workshop), Arc::clone(&gate)))).collect();
    tokio::task::yield_now().await;
    first.abort();
    gate.add_permits(1);
    for other in others {
        assert_eq!(other.await.expect("an answer"), 1);
    }
    assert_eq!(workshop.made.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn nobody_is_given_what_changed_while_they_were_asking() {
    let workshop = Arc::new(Workshop::open());
    let (gate, begun) = (Arc::new(Semaphore::new(0)), Arc::new(Notify::new()));
    let old = tokio::spawn({
        let (workshop, gate, begun) = (Arc::clone(&workshop), Arc::clone(&gate), Arc::clone(&begun));
        async move {
            let made = workshop.cache.get("page", |_| {
                let (lookup, gate, begun) = (workshop.lookup(), Arc::clone(&gate), Arc::clone(&begun));
                async move {
                    begun.notify_one();
                    let _open = gate.acquire().await;
                    Ok(lookup)
                }
            });
            *made.await.expect("made").value
        }
    });
    begun.notified().await;
    workshop.change();
    let late = tokio::spawn({
        let workshop = Arc::clone(&workshop);
        async move { *workshop.get().await.value }
    });
    tokio::task::yield_now().await;
    gate.add_permits(1);
    assert_eq!(old.await.expect("an answer"), 1, "asked before the change");
    assert_eq!(late.await.expect("an answer"), 2, "asked after it");
    assert_eq!(*workshop.get().await.value, 2, "and that one is kept");
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_the_makers_own() {
    let workshop = Arc::new(Workshop::open());
    let broken = tokio::spawn({
        let workshop = Arc::clone(&workshop);
        async move {
            let broken = |_| async { panic!("on purpose") };
            workshop.cache.get("page", broken).await.map(|derived| *derived.value)
        }
    });
    assert!(broken.await.is_err(), "whoever brought it gets it");
    assert_eq!(*workshop.get().await.value, 1);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_made_is_not_kept() {
    let workshop = Workshop::open();
    assert_eq!(workshop.get_failing(Failure::Absent).await.err(), Some(Failure::Absent));
    assert_eq!(workshop.get_failing(Failure::Away).await.err(), Some(Failure::Away), "nothing to stand in");
    assert_eq!(*workshop.get().await.value, 1);
}

#[tokio::test(start_paused = true)]
async fn while_the_store_is_away_the_last_one_stands_in_and_says_how_old_it_is() {
    let workshop = Workshop::open();
    workshop.get().await;
    workshop.change();
    advance(5 * SECOND).await;
    let stale = workshop.get_failing(Failure::Away).await.expect("the old one");
    assert_eq!((*stale.value, stale.came), (1, DerivedStatus::Stale(5 * SECOND)));
    advance(PAUSE / 2).await;
    let rested = workshop.get().await;
    assert_eq!((*rested.value, rested.came.age().as_secs()), (1, 5), "the store is left in peace for a moment");
    advance(PAUSE).await;
    assert_eq!(*workshop.get().await.value, 2, "it is back");
    advance(2 * SECOND).await;
    assert_eq!(workshop.get_failing(Failure::Absent).await.err(), Some(Failure::Absent), "gone is not away");
}

#[tokio::test(start_paused = true)]
async fn what_is_made_from_stale_parts_is_kept_for_a_moment() {
    let workshop = Workshop::open();
    let parts = [(CacheStatus::Stale, PAUSE), (CacheStatus::Revalidating(Tier::L1), Duration::from_millis(50))];
    for (status, kept) in parts {
        let stale = || Ok(Lookup { status, ..workshop.lookup() });
        workshop.change();
        advance(2 * SECOND).await;
        let made = workshop.cache.get("page", |_| {
            let lookup: Result<Lookup<usize>, Failure> = stale();
            std::future::ready(lookup.map(|lookup| {
                let freshness = Freshness { fresh_until: Instant::now(), ..lookup.freshness };
                Lookup { freshness, ..lookup }
            }))
        });
        let number = *made.await.expect("made").value;
        advance(kept - Duration::from_millis(1)).await;
        assert_eq!(*workshop.get().await.value, number);
        advance(Duration::from_millis(1)).await;
        assert_eq!(*workshop.get().await.value, number + 1);
    }
}

#[tokio::test(start_paused = true)]
async fn on_the_rung_for_it_what_is_only_too_old_is_good_for_longer_and_says_how_old_it_is() {
    let ladder = Ladder::new(LadderTimes { climb_after: SECOND, ease_after: 4 * SECOND });
    let workshop = Workshop::open();
    let workshop = Workshop { cache: workshop.cache.obeying(ladder.clone()), ..workshop };
    workshop.get().await;
    let until = Instant::now() + 60 * SECOND;
    ladder.set(Hand { rung: Rung::StaleLonger, until, why: String::new(), by: String::new() });
    advance(3 * SECOND).await;
    let overdue = workshop.get().await;
    assert_eq!((*overdue.value, overdue.came), (1, DerivedStatus::Overdue(3 * SECOND)));
    assert_eq!(overdue.came.age(), 3 * SECOND);
    workshop.change();
    assert_eq!(*workshop.get().await.value, 2, "what is known to have changed is not shown");
    advance(12 * SECOND).await;
    assert_eq!(*workshop.get().await.value, 3, "nor is anything for ever");
    advance(2 * SECOND).await;
    assert_eq!(*workshop.get().await.value, 3);
    ladder.let_go();
    assert_eq!(*workshop.get().await.value, 4, "the crowd is gone");
}

#[tokio::test(start_paused = true)]
async fn what_many_ask_for_is_made_anew_before_its_end() {
    // So eager that in the ten milliseconds that the making takes the dice are all but certain to have fallen: the chance
    // that anybody waits is below one in a hundred million.
    let settings = DerivedSettings { early_renewal: 3.0, ..DerivedSettings::default() };
    let workshop = Arc::new(Workshop::open_with(&settings));
    let took = Duration::from_millis(10);
    let ahead_of_last = Arc::new(std::sync::Mutex::new(Duration::ZERO));
    let ask = async || {
        let derived = workshop.cache.get("page", |ahead| {
            let (workshop, ahead_of_last) = (Arc::clone(&workshop), Arc::clone(&ahead_of_last));
            async move {
                *ahead_of_last.lock().expect("not poisoned") = ahead;
                sleep(took).await;
                Ok(workshop.lookup())
            }
        });
        derived.await.expect("made")
    };
    ask().await;
    let mut waited = 0;
    for _ in 0..5_000 {
        let asked_at = Instant::now();
        ask().await;
        waited += usize::from(asked_at.elapsed() > Duration::ZERO);
        sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(waited, 0, "nobody waits for something that is asked for all the time");
    let made = workshop.made.load(Ordering::SeqCst);
    assert!((5..=9).contains(&made), "made {made} times in five seconds");
    let ahead = *ahead_of_last.lock().expect("not poisoned");
    assert!(ahead > 45 * took && ahead < 91 * took, "{ahead:?}");
}

#[tokio::test]
async fn strangers_cannot_fill_the_memory() {
    let settings = DerivedSettings { max_bytes: 100_000, ..DerivedSettings::default() };
    let kind = DerivedKind { name: "test", weigh: |_, _| 1_000, is_outage: |_: &Failure| false };
    let cache = DerivedCache::over(kind, &settings, Arc::default(), PAUSE);
    for key in 0..10_000 {
        cache.get(key, |_| std::future::ready(Ok(Lookup::certain(key)))).await.expect("made");
    }
    cache.inner.kept.run_pending_tasks();
    assert!(cache.inner.kept.weighted_size() <= 100_000);
    assert!(cache.inner.kept.entry_count() > 10);
}
