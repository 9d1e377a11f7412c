use super::*;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_replica_that_has_everything_is_not_behind_however_quiet_the_shop_is() {
    let (mut clock, start) = (WalClock::default(), Instant::now());
    clock.wrote(100, start);
    assert_eq!(clock.lag(100, start + SECOND), Duration::ZERO);
    clock.wrote(100, start + 60 * SECOND);
    assert_eq!(clock.lag(100, start + 3_600 * SECOND), Duration::ZERO);
}

#[test]
fn the_lag_is_the_age_of_the_first_place_that_is_missing() {
    let (mut clock, start) = (WalClock::default(), Instant::now());
    for second in 0..10 {
        clock.wrote(100 + 10 * second, start + second * SECOND);
    }
    let now = start + 9 * SECOND;
    assert_eq!(clock.lag(99, now), 9 * SECOND);
    assert_eq!(clock.lag(134, now), 5 * SECOND, "the place written in the fourth second is missing");
    assert_eq!(clock.lag(190, now), Duration::ZERO, "it has caught up");
}

#[test]
fn a_replica_that_is_gone_for_long_costs_no_memory() {
    let (mut clock, start) = (WalClock::default(), Instant::now());
    for second in 0..2 * u32::try_from(MOST_PLACES).expect("a small number") {
        clock.wrote(second, start + second * SECOND);
    }
    assert_eq!(clock.places.len(), MOST_PLACES);
}
