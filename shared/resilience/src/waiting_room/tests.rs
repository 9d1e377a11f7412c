use std::collections::HashSet;
use std::time::Duration;

use proptest::prelude::*;
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use super::*;

const START: u64 = 1_780_574_400_000;

fn beat(per_second: f64) -> RoomBeat {
    RoomBeat { wants_open: true, is_by_hand: false, at_ease: true, per_second, air_at_ms: None }
}

fn ticket(given: Given, draw: u64) -> Ticket {
    match given {
        Given::Pool { epoch } => Ticket::Pool { epoch, draw },
        Given::Number { epoch, number } => Ticket::Number { epoch, number },
    }
}

#[test]
fn whoever_comes_first_is_in_first_at_the_rate_that_was_set() {
    let mut book = RoomBook::default();
    book.advance(START, beat(10.0));
    let tickets: Vec<Ticket> = (0..30).map(|_| ticket(book.give(START), 0)).collect();
    assert_eq!(book.place_of(tickets[0], START), RoomPlace::Waiting { ahead: 1 });
    assert_eq!(book.place_of(tickets[29], START), RoomPlace::Waiting { ahead: 30 });
    for second in 1..=3 {
        let now = START + second * 1_000;
        book.advance(now, beat(10.0));
        let is_in = |ticket: &&Ticket| book.place_of(**ticket, now) == RoomPlace::YourTurn;
        assert_eq!(tickets.iter().take_while(is_in).count() as u64, 10 * second);
        assert_eq!(tickets.iter().filter(is_in).count() as u64, 10 * second, "in order");
    }
}

#[test]
fn nobody_comes_in_while_nobody_says_that_there_is_room() {
    let mut book = RoomBook::default();
    book.advance(START, beat(10.0));
    let mine = ticket(book.give(START), 0);
    for second in 1..60 {
        book.advance(START + second * 1_000, RoomBeat { at_ease: false, ..beat(10.0) });
    }
    assert_eq!(book.place_of(mine, START + 60_000), RoomPlace::Waiting { ahead: 1 });
    book.advance(START + 60_000, beat(1.0));
    assert_eq!(book.serving(), 1, "a minute of silence is worth two seconds, and there is one to let in");
}

#[test]
fn an_empty_room_saves_up_no_turns() {
    let mut book = RoomBook::default();
    for second in 0..100 {
        book.advance(START + second * 1_000, beat(50.0));
    }
    let crowd: Vec<Ticket> = (0..500).map(|_| ticket(book.give(START + 99_500), 0)).collect();
    assert_eq!(book.place_of(crowd[0], START + 99_500), RoomPlace::Waiting { ahead: 1 });
    book.advance(START + 100_000, beat(50.0));
    assert_eq!(book.serving(), 50);
}

#[test]
fn the_pool_is_drawn_at_random_and_whoever_comes_later_stands_behind() {
    let mut random = StdRng::seed_from_u64(7);
    let air_at = START + 60_000;
    let mut book = RoomBook::default();
    book.advance(START, RoomBeat { air_at_ms: Some(air_at), ..beat(100.0) });
    let pool: Vec<Ticket> = (0..1_000).map(|_| ticket(book.give(START + 1_000), random.random())).collect();
    let before = book.place_of(pool[0], START + 1_000);
    assert_eq!(before, RoomPlace::BeforeShow { begins_in: Duration::from_secs(59), waiting: 1_000 });
    book.advance(air_at - 1, beat(100.0));
    assert_eq!(book.serving(), 0, "nobody is in before the show");
    book.advance(air_at, beat(100.0));
    let late = ticket(book.give(air_at), 0);
    let number = |ticket: Ticket| match book.place_of(ticket, air_at) {
        RoomPlace::Waiting { ahead } => ahead + book.serving(),
        RoomPlace::YourTurn => 1,
        place => panic!("{place:?}"),
    };
    assert_eq!(number(late), 1_001);
    let numbers: Vec<u64> = pool.iter().map(|ticket| number(*ticket)).collect();
    assert!(numbers.iter().all(|number| (1..=1_000).contains(number)));
    let distinct = numbers.iter().collect::<HashSet<_>>().len();
    assert!(distinct > 550, "a draw of a thousand meets some 632 numbers: {distinct}");
    // Those who came first are no better off: the mean of the first hundred is near the middle.
    let mean = numbers[..100].iter().sum::<u64>() / 100;
    assert!((400..600).contains(&mean), "{mean}");
}

#[test]
fn a_room_that_closes_keeps_the_places_for_a_while_and_then_begins_anew() {
    let mut book = RoomBook::default();
    book.advance(START, beat(1.0));
    let mine = ticket(book.give(START), 0);
    assert!(book.is_open(START + STAYS_OPEN_MS - 1) && !book.is_open(START + STAYS_OPEN_MS));
    let back = START + STAYS_OPEN_MS + REMEMBERED_MS;
    book.advance(back, RoomBeat { at_ease: false, ..beat(1.0) });
    assert_eq!(book.place_of(mine, back), RoomPlace::Waiting { ahead: 1 });
    let much_later = back + STAYS_OPEN_MS + REMEMBERED_MS + 1;
    book.advance(much_later, beat(1.0));
    assert_eq!(book.place_of(mine, much_later), RoomPlace::Unknown);
}

/// A show that is announced while some wait already draws lots behind them; one that lots were drawn for is not moved.
#[test]
fn whoever_had_a_number_before_the_show_was_announced_keeps_it() {
    let mut book = RoomBook::default();
    book.advance(START, beat(1.0));
    let early: Vec<Ticket> = (0..3).map(|_| ticket(book.give(START), 0)).collect();
    let (announced, air_at) = (START + 10, START + 60_000);
    book.advance(announced, RoomBeat { at_ease: false, air_at_ms: Some(air_at), ..beat(1.0) });
    let drawn: Vec<Ticket> = [0, u64::MAX].into_iter().map(|draw| ticket(book.give(announced), draw)).collect();
    book.advance(air_at, RoomBeat { at_ease: false, air_at_ms: Some(air_at + 60_000), ..beat(1.0) });
    assert_eq!(book.air_at_ms, air_at, "it has begun");
    let late = ticket(book.give(air_at), 0);
    let all: Vec<RoomPlace> =
        early.iter().chain(&drawn).chain([&late]).map(|ticket| book.place_of(*ticket, air_at)).collect();
    assert_eq!(all, (1..=6).map(|ahead| RoomPlace::Waiting { ahead }).collect::<Vec<_>>());
}

proptest! {
    /// Whatever happens to the room: nobody who is in is out again, nobody's place grows, and never more are in than the
    /// rate allows.
    #[test]
    fn a_place_never_grows_and_no_turn_is_taken_back(
        steps in prop::collection::vec((0_u64..3_000, any::<bool>(), any::<bool>(), 0_u8..4), 1..80),
        announced_at in 0_usize..40, air_in in 0_u64..40_000,
    ) {
        let (mut book, mut now) = (RoomBook::default(), START);
        book.advance(now, beat(5.0));
        let (mut tickets, mut last) = (Vec::<Ticket>::new(), Vec::<Option<u64>>::new());
        for (step, (wait, wants_open, at_ease, come)) in steps.into_iter().enumerate() {
            now += wait;
            let air_at_ms = (step == announced_at).then_some(now + air_in);
            book.advance(now, RoomBeat { wants_open, at_ease, air_at_ms, ..beat(5.0) });
            for place in 0..come {
                tickets.push(ticket(book.give(now), u64::from(place) << 62));
                last.push(None);
            }
            prop_assert!(book.serving() <= book.came());
            prop_assert!(book.serving_milli <= (now - START) * 5);
            for (ticket, last) in tickets.iter().zip(&mut last) {
                let ahead = match book.place_of(*ticket, now) {
                    RoomPlace::BeforeShow { .. } => continue,
                    RoomPlace::Waiting { ahead } => ahead,
                    RoomPlace::YourTurn => 0,
                    RoomPlace::Unknown => panic!("the book is the same"),
                };
                prop_assert!(last.is_none_or(|last| ahead <= last), "{ahead} after {last:?}");
                *last = Some(ahead);
            }
        }
    }
}
