use proptest::prelude::*;
use tokio::time::advance;

use super::*;

const TIMES: LadderTimes = LadderTimes { climb_after: Duration::from_secs(1), ease_after: Duration::from_secs(4) };
const LOOK: Duration = Duration::from_millis(250);

/// Feels like this for so long; where that leads.
async fn feel_for(ladder: &Ladder, strain: Strain, seconds: u32) -> Rung {
    for _ in 0..seconds * 4 {
        advance(LOOK).await;
        ladder.feel(strain);
    }
    ladder.rung()
}

fn by_hand(rung: Rung, seconds: u64) -> Hand {
    let until = Instant::now() + Duration::from_secs(seconds);
    Hand { rung, until, why: "a rehearsal".to_owned(), by: "ann".to_owned() }
}

#[tokio::test(start_paused = true)]
async fn it_climbs_rung_by_rung_and_comes_down_within_half_a_minute() {
    let ladder = Ladder::new(TIMES);
    ladder.feel(Strain::Refusing(Class::Checkout));
    let mut seen = Vec::new();
    for _ in 0..6 {
        seen.push(feel_for(&ladder, Strain::Refusing(Class::Checkout), 1).await);
    }
    assert_eq!(seen[..5], Rung::ALL[1..6]);
    assert_eq!(seen[5], Rung::OnlyCheckout, "there is nothing above");
    assert_eq!(feel_for(&ladder, Strain::AtEase, 25).await, Rung::Open);
}

#[tokio::test(start_paused = true)]
async fn a_room_opens_after_a_longer_strain_in_place_of_closing_the_market() {
    let ladder = Ladder::with_room(TIMES, Some(Duration::from_secs(10)));
    ladder.feel(Strain::Refusing(Class::Listing));
    assert_eq!(feel_for(&ladder, Strain::Refusing(Class::Listing), 4).await, Rung::RefuseLow);
    assert_eq!(feel_for(&ladder, Strain::Refusing(Class::Listing), 9).await, Rung::RefuseLow);
    assert_eq!(feel_for(&ladder, Strain::Refusing(Class::Listing), 1).await, Rung::WaitingRoom);
    assert_eq!(feel_for(&ladder, Strain::Refusing(Class::Checkout), 60).await, Rung::WaitingRoom);
    assert_eq!(feel_for(&ladder, Strain::AtEase, 5).await, Rung::RefuseLow);
    let by_people = Ladder::with_room(TIMES, None);
    assert_eq!(feel_for(&by_people, Strain::Refusing(Class::Checkout), 60).await, Rung::OnlyCheckout);
    by_people.set(by_hand(Rung::WaitingRoom, 600));
    assert_eq!(by_people.rung(), Rung::WaitingRoom);
}

#[tokio::test(start_paused = true)]
async fn a_moment_of_strain_or_of_ease_changes_nothing() {
    let ladder = Ladder::new(TIMES);
    for _ in 0..20 {
        assert_eq!(feel_for(&ladder, Strain::Refusing(Class::Listing), 1).await, Rung::Open);
        ladder.feel(Strain::Tight);
    }
    feel_for(&ladder, Strain::Refusing(Class::Listing), 2).await;
    assert_eq!(ladder.rung(), Rung::NoExtras);
    for _ in 0..20 {
        assert_eq!(feel_for(&ladder, Strain::AtEase, 3).await, Rung::NoExtras);
        ladder.feel(Strain::Tight);
    }
    assert_eq!(feel_for(&ladder, Strain::Tight, 100).await, Rung::NoExtras, "in the middle it stays where it is");
}

#[tokio::test(start_paused = true)]
async fn a_class_is_refused_only_for_the_sake_of_a_higher_one() {
    let ladder = Ladder::new(TIMES);
    assert_eq!(feel_for(&ladder, Strain::Refusing(Class::Crawler), 60).await, Rung::LongerOrderWait);
    assert_eq!(feel_for(&ladder, Strain::Refusing(Class::Search), 60).await, Rung::RefuseLow);
    assert_eq!(feel_for(&ladder, Strain::Refusing(Class::OrderStatus), 60).await, Rung::RefuseLow);
    assert_eq!(feel_for(&ladder, Strain::Refusing(Class::Checkout), 60).await, Rung::OnlyCheckout);
}

#[tokio::test(start_paused = true)]
async fn what_is_set_by_hand_holds_until_its_time_and_hides_the_rest() {
    let ladder = Ladder::new(TIMES);
    let moved = ladder.set(by_hand(Rung::RefuseLow, 600));
    assert_eq!(moved, Some(Move { from: Rung::Open, to: Rung::RefuseLow, by_hand: true }));
    assert_eq!(feel_for(&ladder, Strain::AtEase, 500).await, Rung::RefuseLow);
    assert_eq!(feel_for(&ladder, Strain::Refusing(Class::Checkout), 60).await, Rung::RefuseLow);
    assert_eq!(ladder.automatic(), Rung::OnlyCheckout, "it goes on underneath");
    assert_eq!(ladder.hand().map(|hand| hand.by), Some("ann".to_owned()));
    assert_eq!(feel_for(&ladder, Strain::Tight, 41).await, Rung::OnlyCheckout, "its time is up");
    assert_eq!(ladder.hand(), None);
}

#[tokio::test(start_paused = true)]
async fn letting_go_is_at_once() {
    let ladder = Ladder::new(TIMES);
    ladder.set(by_hand(Rung::OnlyCheckout, 600));
    assert!(ladder.gives_up(Rung::NoExtras) && !ladder.rung().admits(Class::OrderStatus));
    let moved = ladder.let_go();
    assert_eq!(moved, Some(Move { from: Rung::OnlyCheckout, to: Rung::Open, by_hand: true }));
    assert_eq!(ladder.let_go(), None, "nothing to let go of");
}

proptest! {
    #[test]
    fn it_never_jumps_and_never_moves_twice_within_a_second(
        strains in prop::collection::vec((0..8_u8, 1_u64..400), 1..400),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.expect("a runtime").block_on(async {
            let ladder = Ladder::new(TIMES);
            let mut last_move = None;
            for (strain, wait) in strains {
                advance(Duration::from_millis(wait)).await;
                let before = ladder.rung();
                let moved = ladder.feel(match strain {
                    0 => Strain::AtEase,
                    1 => Strain::Tight,
                    rank => Strain::Refusing(Class::ALL[usize::from(rank) - 2]),
                });
                assert!(ladder.rung().number().abs_diff(before.number()) <= 1);
                assert_eq!(moved.is_some(), ladder.rung() != before);
                if moved.is_some() {
                    let now = Instant::now();
                    assert!(last_move.is_none_or(|last| now - last >= TIMES.climb_after));
                    last_move = Some(now);
                }
            }
        });
    }
}
