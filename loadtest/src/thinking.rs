//! How long people look at a page before they go on.
//!
//! Drawn from log-normal distributions: most are quick, some take long, nobody takes no time at all. The figures are stated here
//! and in the README, so that whoever knows their own shop better can change them.

use std::f64::consts::TAU;
use std::time::Duration;

use rand::RngExt as _;

/// How long people look at one kind of page.
#[derive(Debug, Clone, Copy)]
pub struct Thinking {
    /// Half of them are done after so many seconds.
    pub median_s: f64,
    /// How far they lie apart: the standard deviation of the logarithm.
    pub spread: f64,
    /// Nobody takes longer than so many seconds.
    pub longest_s: f64,
}

/// A page with many links: one of them catches the eye.
pub const LEAFING: Thinking = Thinking { median_s: 4.0, spread: 0.6, longest_s: 20.0 };
/// A listing: pictures, a description, a price.
pub const READING: Thinking = Thinking { median_s: 8.0, spread: 0.8, longest_s: 45.0 };
/// A form, with a name and an address to be typed.
pub const TYPING: Thinking = Thinking { median_s: 20.0, spread: 0.5, longest_s: 60.0 };
/// Somebody who reloads because it takes too long for them.
pub const IMPATIENCE: Thinking = Thinking { median_s: 0.7, spread: 0.4, longest_s: 2.0 };
/// A machine that keeps a steady pace.
pub const CRAWLING: Thinking = Thinking { median_s: 0.5, spread: 0.1, longest_s: 1.0 };

/// The environment variable that makes everybody quicker (0.1) or slower (2).
const FACTOR: &str = "HALLES_THINKING";

impl Thinking {
    /// Looks at the page.
    pub async fn over(self) {
        let factor = std::env::var(FACTOR).ok().and_then(|text| text.parse::<f64>().ok()).unwrap_or(1.0);
        let lots = (rand::rng().random_range(f64::MIN_POSITIVE..1.0), rand::rng().random_range(0.0..1.0));
        let time = Duration::try_from_secs_f64(self.seconds(lots) * factor).unwrap_or_default();
        tokio::time::sleep(time).await;
    }

    /// The time that two lots between 0 and 1 give (Box and Muller).
    fn seconds(self, (one, other): (f64, f64)) -> f64 {
        let normal = (-2.0 * one.ln()).sqrt() * (TAU * other).cos();
        (self.median_s * (self.spread * normal).exp()).min(self.longest_s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_lie_as_the_distribution_says() {
        let mut times: Vec<f64> = (1..200)
            .flat_map(|one| (0..100).map(move |other| (f64::from(one) / 200.0, f64::from(other) / 100.0)))
            .map(|lots| READING.seconds(lots))
            .collect();
        times.sort_by(f64::total_cmp);
        let at = |of_1000: usize| times[times.len() * of_1000 / 1_000];
        assert!((at(500) / READING.median_s - 1.0).abs() < 0.05, "{}", at(500));
        // One standard deviation above the middle of the logarithm.
        assert!((at(841) / (READING.median_s * READING.spread.exp()) - 1.0).abs() < 0.08, "{}", at(841));
        assert!(times[0] > 0.0 && times[times.len() - 1] <= READING.longest_s);
    }
}
