//! The Universal Scalability Law: what an instance does when N are at work in it at once.
//!
//! ```text
//!            λN
//! X(N) = ──────────────────────      λ: what one does; σ: what must queue (contention);
//!         1 + σ(N−1) + κN(N−1)       κ: what must be agreed on between all (coherence)
//! ```
//!
//! Divided by N and turned over it is a plane in (N−1) and N(N−1), so that its three numbers come out of weighted linear least
//! squares, exactly and without a starting guess. How sure they are comes from drawing the measured slices anew many times
//! (bootstrap, within each step): where the fits of those draws lie is the interval.

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde::{Deserialize, Serialize};

use crate::arrivals::stepped::Step;

/// Below this many steps three numbers say nothing.
pub const LEAST_STEPS: usize = 4;
/// How often the slices are drawn anew.
const DRAWS: u32 = 400;
/// The seed of these draws: the same data give the same interval.
const SEED: u64 = 20_140_112;

/// What an instance does.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Fit {
    /// What one at a time does in a second.
    pub lambda: f64,
    /// The share that must queue.
    pub sigma: f64,
    /// What each pair must agree on.
    pub kappa: f64,
    /// How much of what the steps scatter the law explains; 1 is all.
    pub r_squared: f64,
    /// The most that it can do in a second.
    pub most: Interval,
    /// The curves of 95 of 100 draws lie between these: at once, low, high.
    pub band: Vec<(f64, f64, f64)>,
}

/// A number, and between which two it lies in 95 of 100 draws.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The number.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Why there is no fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UslError {
    /// Fewer steps than those that a fit needs.
    TooFewSteps,
    /// Steps that all did the same, or nothing.
    NoCurve,
}

impl std::fmt::Display for UslError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooFewSteps => write!(f, "fewer than {LEAST_STEPS} steps: measure with more and more at once"),
            Self::NoCurve => {
                f.write_str("the steps do not lie on any curve: measure again, on a machine that does nothing else")
            }
        }
    }
}

impl std::error::Error for UslError {}

#[derive(Debug, Clone, Copy)]
struct Law {
    lambda: f64,
    sigma: f64,
    kappa: f64,
}

impl Law {
    fn at(self, at_once: f64) -> f64 {
        let Self { lambda, sigma, kappa } = self;
        lambda * at_once / (1.0 + sigma * (at_once - 1.0) + kappa * at_once * (at_once - 1.0))
    }

    /// The most within what was measured, or a little beyond where the law has its top there.
    fn most(self, largest: f64) -> f64 {
        let top = if self.kappa > 0.0 { ((1.0 - self.sigma).max(0.0) / self.kappa).sqrt() } else { f64::INFINITY };
        self.at(top.clamp(1.0, largest))
    }
}

/// Fits the law to a stepped run.
pub fn fit(steps: &[Step]) -> Result<Fit, UslError> {
    let means: Vec<(f64, f64)> = steps.iter().map(|step| (f64::from(step.at_once), step.mean())).collect();
    if means.len() < LEAST_STEPS {
        return Err(UslError::TooFewSteps);
    }
    let law = law(&means).ok_or(UslError::NoCurve)?;
    let largest = means.iter().map(|(at_once, _)| *at_once).fold(1.0, f64::max);
    let draws = draws(steps);
    let mut most: Vec<f64> = draws.iter().map(|law| law.most(largest)).collect();
    let (low, high) = middle(&mut most).unwrap_or((law.most(largest), law.most(largest)));
    let band = (0..=48).map(|step| {
        let at_once = 1.0 + (largest - 1.0) * f64::from(step) / 48.0;
        let mut values: Vec<f64> = draws.iter().map(|law| law.at(at_once)).collect();
        let (low, high) = middle(&mut values).unwrap_or((law.at(at_once), law.at(at_once)));
        (at_once, low, high)
    });
    Ok(Fit {
        lambda: law.lambda,
        sigma: law.sigma,
        kappa: law.kappa,
        r_squared: r_squared(law, &means),
        most: Interval { value: law.most(largest), low, high },
        band: band.collect(),
    })
}

impl Fit {
    /// What it does with so many at once.
    pub fn at(&self, at_once: f64) -> f64 {
        let Self { lambda, sigma, kappa, .. } = *self;
        Law { lambda, sigma, kappa }.at(at_once)
    }
}

/// Weighted least squares of N/X = a + b(N−1) + cN(N−1). The weight makes an error of one part in a hundred of X count the same
/// wherever it is. Contention and coherence are not negative: where they would be, they are nothing.
fn law(points: &[(f64, f64)]) -> Option<Law> {
    for columns in [&[0, 1, 2][..], &[0, 1], &[0, 2], &[0]] {
        let Some(found) = least_squares(points, columns) else { continue };
        let [a, b, c] = found;
        if a > 0.0 && b >= 0.0 && c >= 0.0 {
            return Some(Law { lambda: 1.0 / a, sigma: b / a, kappa: c / a });
        }
    }
    None
}

fn least_squares(points: &[(f64, f64)], columns: &[usize]) -> Option<[f64; 3]> {
    let mut normal = [[0.0; 4]; 3];
    for (at_once, per_second) in points.iter().filter(|(_, per_second)| *per_second > 0.0) {
        let terms = [1.0, at_once - 1.0, at_once * (at_once - 1.0)];
        let weight = (per_second / at_once).powi(2);
        for (row, one) in columns.iter().enumerate() {
            for (column, other) in columns.iter().enumerate() {
                normal[row][column] += weight * terms[*one] * terms[*other];
            }
            normal[row][3] += weight * terms[*one] * at_once / per_second;
        }
    }
    let solved = solve(normal, columns.len())?;
    let mut found = [0.0; 3];
    columns.iter().zip(solved).for_each(|(column, value)| found[*column] = value);
    Some(found)
}

/// Gauss, with the largest pivot first.
fn solve(mut rows: [[f64; 4]; 3], size: usize) -> Option<[f64; 3]> {
    for pivot in 0..size {
        let best = (pivot..size).max_by(|one, other| rows[*one][pivot].abs().total_cmp(&rows[*other][pivot].abs()))?;
        rows.swap(pivot, best);
        if rows[pivot][pivot].abs() < 1e-12 {
            return None;
        }
        for row in 0..size {
            if row != pivot {
                let factor = rows[row][pivot] / rows[pivot][pivot];
                let above = rows[pivot];
                for column in (pivot..size).chain([3]) {
                    rows[row][column] -= factor * above[column];
                }
            }
        }
    }
    let mut solved = [0.0; 3];
    (0..size).for_each(|row| solved[row] = rows[row][3] / rows[row][row]);
    Some(solved)
}

fn draws(steps: &[Step]) -> Vec<Law> {
    let mut chance = StdRng::seed_from_u64(SEED);
    let mut draws = Vec::with_capacity(DRAWS as usize);
    for _ in 0..DRAWS {
        let points: Vec<(f64, f64)> = steps
            .iter()
            .filter(|step| !step.per_second.is_empty())
            .map(|step| {
                let slices = &step.per_second;
                let sum: f64 = slices.iter().map(|_| slices[chance.random_range(0..slices.len())]).sum();
                (f64::from(step.at_once), sum / slices.len() as f64)
            })
            .collect();
        draws.extend(law(&points));
    }
    draws
}

/// What cuts off 2.5 of 100 on each side.
fn middle(values: &mut [f64]) -> Option<(f64, f64)> {
    values.sort_by(f64::total_cmp);
    let cut = values.len() / 40;
    Some((*values.get(cut)?, *values.get(values.len().checked_sub(cut + 1)?)?))
}

fn r_squared(law: Law, points: &[(f64, f64)]) -> f64 {
    let mean = points.iter().map(|(_, value)| value).sum::<f64>() / points.len() as f64;
    let scatter: f64 = points.iter().map(|(_, value)| (value - mean).powi(2)).sum();
    let left: f64 = points.iter().map(|(at_once, value)| (value - law.at(*at_once)).powi(2)).sum();
    if scatter > 0.0 { 1.0 - left / scatter } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUE: Law = Law { lambda: 995.6, sigma: 0.0267, kappa: 0.000_77 };

    fn steps(law: Law, noise: f64) -> Vec<Step> {
        let mut chance = StdRng::seed_from_u64(7);
        [1, 2, 4, 8, 16, 32, 64]
            .into_iter()
            .map(|at_once| {
                let mut slice = || law.at(f64::from(at_once)) * (1.0 + noise * chance.random_range(-1.0..1.0));
                Step { at_once, per_second: (0..5).map(|_| slice()).collect(), p99_ms: 1.0, failed_share: 0.0 }
            })
            .collect()
    }

    #[test]
    fn a_known_law_is_found_again() {
        let fit = fit(&steps(TRUE, 0.0)).expect("a curve");
        for (found, known) in [(fit.lambda, TRUE.lambda), (fit.sigma, TRUE.sigma), (fit.kappa, TRUE.kappa)] {
            assert!((found / known - 1.0).abs() < 1e-6, "{found} {known}");
        }
        assert!(fit.r_squared > 0.999_999);
        assert!((fit.most.value / TRUE.at(((1.0 - TRUE.sigma) / TRUE.kappa).sqrt()) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn the_interval_holds_the_truth_and_grows_with_the_noise() {
        let truth = TRUE.most(64.0);
        let width = |noise: f64| {
            let most = fit(&steps(TRUE, noise)).expect("a curve").most;
            assert!(most.low * 0.98 <= truth && truth <= most.high * 1.02, "{most:?} {truth}");
            most.high - most.low
        };
        assert!(width(0.02) < width(0.15));
    }

    #[test]
    fn without_contention_there_is_no_negative_one() {
        let linear = Law { lambda: 10.0, sigma: 0.0, kappa: 0.0 };
        let fit = fit(&steps(linear, 0.03)).expect("a line");
        assert!(fit.sigma >= 0.0 && fit.kappa >= 0.0);
        assert!((fit.at(32.0) / 320.0 - 1.0).abs() < 0.05);
    }

    #[test]
    fn what_is_no_curve_is_refused() {
        assert_eq!(fit(&steps(TRUE, 0.0)[..3]).expect_err("three steps"), UslError::TooFewSteps);
        let nothing = steps(Law { lambda: 0.0, sigma: 0.0, kappa: 0.0 }, 0.0);
        assert_eq!(fit(&nothing).expect_err("nothing at all"), UslError::NoCurve);
    }
}
