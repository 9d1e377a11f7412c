//! How many requests a second a shop can bear, found out in a few seconds, so that a show can be scaled to a laptop.
//!
//! A short crowd, then one half as large again, and so on, until it is too much. An estimate to scale a demonstration by, no
//! measurement: for that there are stepped runs and whole rehearsals.

use std::time::Duration;

use anyhow::Result;
use halles_loadtest::arrivals::{Ask, Driver, Due, Schedule, Spacing};
use halles_loadtest::event::Curve;
use halles_loadtest::run::KINDS;

/// Which share of what can be borne for a moment a show is scaled to. A fleet is planned with room to spare, too, and here the
/// driver, the shop and whatever is being restarted share the processors: at twice this rate a rolling restart was noticed.
pub const COMFORTABLE: f64 = 0.2;

/// The first crowd, how much larger each next one is, and the largest, in requests a second.
const FIRST: f64 = 20.0;
const LARGER: f64 = 1.5;
const LARGEST: f64 = 50_000.0;
/// How long each of them comes.
const LASTS: Duration = Duration::from_millis(1_500);
/// Slower than this for 95 of 100, it is too much. Not 99: the first crowds are some dozens of requests, whose slowest is one
/// order that was waited for.
const TOO_SLOW: Duration = Duration::from_millis(100);
const OF_ALL: f64 = 0.95;
/// Where the shop and the driver share a machine, both are late now and then; that is not yet too much.
const LATE: Duration = Duration::from_millis(20);
/// A larger share of failures is too much.
const TOO_MANY_FAILED: f64 = 0.005;

/// The largest crowd that it bears.
pub fn most_per_second(driver: &Driver, ask: impl Fn(Due) -> Ask) -> Result<f64> {
    let (mut borne, mut rate) = (FIRST, FIRST);
    let mut chances = 2;
    while rate <= LARGEST {
        if is_borne(driver, rate, &ask)? {
            borne = rate;
            rate *= LARGER;
        } else {
            // One bad second may be chance: caches that were cold, a process beside.
            chances -= 1;
            if chances == 0 {
                break;
            }
        }
    }
    Ok(borne)
}

fn is_borne(driver: &Driver, rate: f64, ask: impl Fn(Due) -> Ask) -> Result<bool> {
    let minutes = LASTS.as_secs_f64() / 60.0;
    let Some(curve) = Curve::through([(0.0, rate * 60.0), (minutes, rate * 60.0)]) else { return Ok(false) };
    // Another seed for each, so that nobody orders under a key that is known already.
    let schedule = Schedule::new(curve, 1.0, 1.0, Spacing::Random(rate.to_bits()));
    let measured = driver.run(schedule, KINDS, ask)?;
    let all = measured.all();
    Ok(measured.is_valid_within(LATE) && all.quantile(OF_ALL) <= TOO_SLOW && all.failed_share() <= TOO_MANY_FAILED)
}
