//! When each request is due.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::event::Curve;

/// How arrivals follow each other where the curve is flat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spacing {
    /// At random, as people come who do not know of each other (Poisson); the same for the same seed.
    Random(u64),
    /// Evenly.
    Even,
}

/// One arrival.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Due {
    /// How long after the beginning.
    pub at: Duration,
    /// A number from 0 to 1 that nothing else depends on: what this one wants.
    pub lot: f64,
}

/// The arrivals of a curve, in their order.
#[derive(Debug)]
pub struct Schedule {
    curve: Curve,
    /// Minutes of the curve in a second of the run.
    minutes_per_second: f64,
    /// Page views of the curve for one arrival.
    page_views_each: f64,
    spacing: Spacing,
    chance: StdRng,
    /// Page views of the curve before the next arrival.
    before: f64,
}

impl Schedule {
    /// A curve walked through `speed` times as fast as in life, with `scale` times as many page views a minute: the shape is
    /// pressed together, its height is not changed by that.
    pub fn new(curve: Curve, speed: f64, scale: f64, spacing: Spacing) -> Self {
        let seed = match spacing {
            Spacing::Random(seed) => seed,
            Spacing::Even => 0,
        };
        Self {
            curve,
            minutes_per_second: speed / 60.0,
            page_views_each: speed / scale,
            spacing,
            chance: StdRng::seed_from_u64(seed),
            before: 0.0,
        }
    }

    /// About how many arrivals there will be.
    pub fn expected(&self) -> f64 {
        self.curve.total() / self.page_views_each
    }

    /// How long the run takes.
    pub fn length(&self) -> Duration {
        Duration::from_secs_f64((self.curve.ends() - self.curve.begins()) / self.minutes_per_second)
    }
}

impl Iterator for Schedule {
    type Item = Due;

    fn next(&mut self) -> Option<Due> {
        let step = match self.spacing {
            Spacing::Even => 1.0,
            // Gaps between those who come at random are exponential; the logarithm of zero never comes.
            Spacing::Random(_) => -self.chance.random_range(f64::MIN_POSITIVE..1.0).ln(),
        };
        self.before += step * self.page_views_each;
        let minute = self.curve.minute_of(self.before)? - self.curve.begins();
        let at = Duration::try_from_secs_f64(minute / self.minutes_per_second).ok()?;
        Some(Due { at, lot: self.chance.random_range(0.0..1.0) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve() -> Curve {
        Curve::through([(-10.0, 600.0), (0.0, 600.0), (5.0, 10_800.0), (30.0, 600.0)]).expect("a curve")
    }

    /// Arrivals a second around a minute of the curve.
    fn rate_around(arrivals: &[Due], speed: f64, minute: f64) -> f64 {
        let (at, half) = ((minute + 10.0) * 60.0 / speed, 5.0);
        let near = arrivals.iter().filter(|due| (due.at.as_secs_f64() - at).abs() < half).count();
        near as f64 / (2.0 * half)
    }

    #[test]
    fn even_arrivals_are_the_curve() {
        let schedule = Schedule::new(curve(), 1.0, 1.0, Spacing::Even);
        let (expected, length) = (schedule.expected(), schedule.length());
        let arrivals: Vec<Due> = schedule.collect();
        assert!((arrivals.len() as f64 - expected).abs() <= 1.0, "{} {expected}", arrivals.len());
        assert!(arrivals.is_sorted_by_key(|due| due.at) && arrivals.iter().all(|due| due.at <= length));
        assert!((rate_around(&arrivals, 1.0, -5.0) - 10.0).abs() < 0.2);
        assert!((rate_around(&arrivals, 1.0, 2.5) - 95.0).abs() < 1.0);
    }

    #[test]
    fn speed_presses_the_evening_together_and_scale_thins_the_crowd() {
        let schedule = Schedule::new(curve(), 20.0, 0.5, Spacing::Even);
        assert_eq!(schedule.length(), Duration::from_secs(120));
        let arrivals: Vec<Due> = schedule.collect();
        let quiet = arrivals.iter().filter(|due| due.at < Duration::from_secs(30)).count();
        assert!((quiet as f64 - 30.0 * 5.0).abs() <= 1.0, "half of ten a second: {quiet}");
    }

    #[test]
    fn random_arrivals_keep_the_mean_scatter_as_they_should_and_repeat() {
        let arrive = |seed| Schedule::new(curve(), 1.0, 1.0, Spacing::Random(seed));
        let arrivals: Vec<Due> = arrive(7).collect();
        let expected = arrive(7).expected();
        // Five standard deviations of a Poisson count.
        assert!((arrivals.len() as f64 - expected).abs() < 5.0 * expected.sqrt(), "{}", arrivals.len());
        assert!(arrive(7).zip(&arrivals).all(|(again, before)| again == *before));
        assert!(arrive(8).zip(&arrivals).any(|(other, before)| other != *before));
        // In the quiet ten minutes, the counts of single seconds have a variance like their mean.
        let mut counts = vec![0_u32; 600];
        for due in arrivals.iter().take_while(|due| due.at.as_secs() < 600) {
            counts[usize::try_from(due.at.as_secs()).expect("small")] += 1;
        }
        let mean = counts.iter().map(|count| f64::from(*count)).sum::<f64>() / 600.0;
        let variance = counts.iter().map(|count| (f64::from(*count) - mean).powi(2)).sum::<f64>() / 600.0;
        assert!((variance / mean - 1.0).abs() < 0.3, "{variance} {mean}");
    }
}
