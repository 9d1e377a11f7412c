use std::sync::atomic::AtomicU32;

use proptest::prelude::*;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{advance, sleep, sleep_until};

use super::*;

const BOUNDS: LimitBounds = LimitBounds { min: 4, max: 1_024, initial: 64, window: Duration::from_millis(100) };
const GOAL: Duration = Duration::from_millis(100);

/// Answers as many requests, so many of them late, that a window ends.
async fn pass_window(limit: &ConcurrencyLimit, used: usize, late: usize) {
    let places: Vec<_> = (0..used).map(|_| limit.try_enter(Class::Checkout).expect("a place")).collect();
    for (number, place) in places.into_iter().enumerate() {
        if number + 1 == used {
            advance(BOUNDS.window).await;
        }
        if number < late { place.overloaded() } else { place.answered(GOAL) }
    }
}

#[tokio::test(start_paused = true)]
async fn late_answers_lower_the_limit_from_what_was_in_use_and_quick_ones_raise_it() {
    let limit = ConcurrencyLimit::new(BOUNDS);
    pass_window(&limit, 40, 10).await;
    assert_eq!(limit.limit(), 32, "four fifths of the 40 in use");
    pass_window(&limit, 32, 2).await;
    assert_eq!(limit.limit(), 34, "a few late ones are no overload, and all places were in use");
    assert_eq!(limit.in_flight(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_bad_moment_is_forgotten_when_hardly_anybody_is_inside() {
    let limit = ConcurrencyLimit::new(BOUNDS);
    pass_window(&limit, 10, 10).await;
    assert_eq!(limit.limit(), 8, "something was slow, though ten were no crowd");
    // A window takes ten answers.
    for _ in 0..12 * 10 {
        pass_window(&limit, 1, 0).await;
    }
    assert_eq!(limit.limit(), BOUNDS.initial, "the next burst finds the room that the first one had");
    pass_window(&limit, 16, 0).await;
    assert_eq!(limit.limit(), BOUNDS.initial, "whoever does not need more learns nothing about more");
}

#[tokio::test(start_paused = true)]
async fn a_few_answers_are_no_window() {
    let limit = ConcurrencyLimit::new(BOUNDS);
    pass_window(&limit, 9, 9).await;
    assert_eq!(limit.limit(), BOUNDS.initial);
}

#[tokio::test(start_paused = true)]
async fn whoever_leaves_without_an_answer_frees_the_place_and_says_nothing() {
    let limit = ConcurrencyLimit::new(LimitBounds { min: 1, max: 1, initial: 1, ..BOUNDS });
    for _ in 0..50 {
        let place = limit.try_enter(Class::Checkout).expect("a place");
        assert!(limit.try_enter(Class::Checkout).is_none());
        advance(GOAL * 2).await;
        drop(place);
    }
    assert_eq!((limit.limit(), limit.in_flight()), (1, 0));
}

#[tokio::test]
async fn lower_classes_meet_their_mark_first_and_checkout_none_but_its_own() {
    let limit = ConcurrencyLimit::new(LimitBounds { initial: 100, ..BOUNDS });
    let mut inside = Vec::new();
    for class in Class::ALL {
        while let Some(place) = limit.try_enter(class) {
            inside.push(place);
        }
        let expected = if class == Class::Checkout { 95 + 100 } else { MARKS[class.rank()] };
        assert_eq!(inside.len(), expected, "{class:?}");
    }
}

#[tokio::test]
async fn those_who_look_make_room_for_those_who_buy() {
    let limit = ConcurrencyLimit::new(LimitBounds { initial: 100, ..BOUNDS });
    let looking: Vec<_> = std::iter::from_fn(|| limit.try_enter(Class::OrderStatus)).collect();
    let buying: Vec<_> = (0..40).map(|_| limit.try_enter(Class::Checkout).expect("no looker is in the way")).collect();
    drop(looking);
    let looking: Vec<_> = std::iter::from_fn(|| limit.try_enter(Class::OrderStatus)).collect();
    assert_eq!((buying.len(), looking.len()), (40, 55), "95 in all");
}

proptest! {
    #[test]
    fn never_more_inside_than_may_be_and_never_a_lower_class_before_a_higher_one(
        steps in prop::collection::vec((0..Class::COUNT, 0..3_u8, 0..60_u64), 1..400),
        min in 1..20_usize, initial in 1..200_usize,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.expect("a runtime").block_on(async {
            let bounds = LimitBounds { min, initial, max: 150, ..BOUNDS };
            let limit = ConcurrencyLimit::new(bounds);
            let mut inside = Vec::new();
            for (rank, how, wait) in steps {
                advance(Duration::from_millis(wait)).await;
                let (class, most) = (Class::ALL[rank], limit.limit());
                assert!((bounds.min..=bounds.max).contains(&most));
                let buying = inside.iter().filter(|(class, _)| *class == Class::Checkout).count();
                // Whom a class shares its mark with.
                let counted = |class| if class == Class::Checkout { buying } else { inside.len() };
                let has_room = |class: Class| counted(class) * 100 < most * MARKS[class.rank()];
                let entered = limit.try_enter(class);
                assert_eq!(entered.is_some(), has_room(class), "{class:?}");
                // What a lower class gets, a higher one would have got, too.
                assert!(entered.is_none() || Class::ALL[rank..].iter().all(|higher| has_room(*higher)));
                inside.extend(entered.map(|place| (class, place)));
                match (how, inside.pop()) {
                    (0, Some((_, place))) => place.answered(GOAL),
                    (1, Some((_, place))) => place.overloaded(),
                    (_, place) => inside.extend(place),
                }
                assert_eq!(limit.in_flight(), inside.len());
            }
            drop(inside);
            assert_eq!(limit.in_flight(), 0);
        });
    }
}

/// Something that can do four things at a time, each of which takes 20 ms: 200 a second.
const CAPACITY: f64 = 200.0;

#[derive(Default)]
struct Seen {
    offered: AtomicU32,
    in_time: AtomicU32,
    refused: AtomicU32,
}

/// Offers so many requests a second of a class, for so long, at even distances.
async fn offer(limit: ConcurrencyLimit, machine: Arc<Semaphore>, class: Class, per_second: f64, seen: Arc<Seen>) {
    let (start, mut asked) = (Instant::now(), JoinSet::new());
    let due = (0..).map(|number| Duration::from_secs_f64(f64::from(number) / per_second));
    for due in due.take_while(|due| *due < Duration::from_secs(30)) {
        sleep_until(start + due).await;
        // What the first five seconds teach is not judged.
        let counts = u32::from(start.elapsed() > Duration::from_secs(5));
        seen.offered.fetch_add(counts, Ordering::Relaxed);
        let Some(place) = limit.try_enter(class) else {
            seen.refused.fetch_add(counts, Ordering::Relaxed);
            continue;
        };
        let (machine, seen, came) = (Arc::clone(&machine), Arc::clone(&seen), Instant::now());
        asked.spawn(async move {
            let _turn = machine.acquire().await.expect("never closed");
            sleep(Duration::from_millis(20)).await;
            // Goodput is what whoever asked still has some use for.
            seen.in_time.fetch_add(counts * u32::from(came.elapsed() <= GOAL * 2), Ordering::Relaxed);
            place.answered(GOAL);
        });
    }
    while asked.join_next().await.is_some() {}
}

#[tokio::test(start_paused = true)]
async fn however_much_is_offered_as_much_is_done_and_checkout_does_not_notice() {
    for times in [1.0, 2.0, 5.0, 10.0] {
        let limit = ConcurrencyLimit::new(BOUNDS);
        let machine = Arc::new(Semaphore::new(4));
        let (browsing, buying) = (Arc::new(Seen::default()), Arc::new(Seen::default()));
        tokio::join!(
            offer(limit.clone(), Arc::clone(&machine), Class::Search, CAPACITY * (times - 0.1), Arc::clone(&browsing)),
            offer(limit.clone(), Arc::clone(&machine), Class::Checkout, CAPACITY * 0.1, Arc::clone(&buying)),
        );
        let done = browsing.in_time.load(Ordering::Relaxed) + buying.in_time.load(Ordering::Relaxed);
        let goodput = f64::from(done) / 25.0;
        assert!(goodput >= 0.95 * CAPACITY, "{times}x: {goodput} a second, limit {}", limit.limit());
        assert_eq!(buying.refused.load(Ordering::Relaxed), 0, "{times}x");
        let (offered, in_time) = (buying.offered.load(Ordering::Relaxed), buying.in_time.load(Ordering::Relaxed));
        assert_eq!(in_time, offered, "{times}x: somebody who wanted to buy waited too long");
    }
}
