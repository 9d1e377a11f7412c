//! Sides that take turns, and what each of them came to.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde::Serialize;

/// What one side came to, round by round.
#[derive(Debug, Serialize)]
pub struct Side {
    name: &'static str,
    rounds: Vec<Round>,
}

/// One round of one side.
#[derive(Debug, Serialize)]
pub struct Round {
    per_second: f64,
    p50_us: f64,
    p99_us: f64,
    slowest_us: f64,
}

impl Side {
    /// A side that has not had its turn yet.
    pub const fn new(name: &'static str) -> Self {
        Self { name, rounds: Vec::new() }
    }

    /// Does some work `times` times and notes how long it took.
    pub fn take_turn(&mut self, times: usize, mut work: impl FnMut(usize) -> Result<()>) -> Result<()> {
        let mut took = Vec::with_capacity(times);
        let began = Instant::now();
        for number in 0..times {
            let started = Instant::now();
            work(number)?;
            took.push(started.elapsed());
        }
        let whole = began.elapsed();
        took.sort_unstable();
        self.rounds.push(Round {
            per_second: times as f64 / whole.as_secs_f64(),
            p50_us: microseconds(percentile(&took, 50)),
            p99_us: microseconds(percentile(&took, 99)),
            slowest_us: microseconds(percentile(&took, 100)),
        });
        Ok(())
    }

    /// Notes that all of `items` together took so long.
    pub fn note(&mut self, items: usize, took: Duration) {
        let mean = microseconds(took) / items.max(1) as f64;
        let per_second = items as f64 / took.as_secs_f64();
        self.rounds.push(Round { per_second, p50_us: mean, p99_us: mean, slowest_us: mean });
    }
}

fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let last = sorted.len().saturating_sub(1);
    sorted.get(last * percent / 100).copied().unwrap_or_default()
}

fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// Whose turn it is in this round: every round begins with the next side.
pub fn order(round: usize, sides: usize) -> impl Iterator<Item = usize> {
    (0..sides).map(move |step| (round + step) % sides)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_measured_piece_by_piece() {
        let mut side = Side::new("ours");
        let mut worked = Vec::new();
        side.take_turn(3, |number| {
            worked.push(number);
            Ok(())
        })
        .expect("nothing fails");
        assert_eq!(worked, [0, 1, 2]);
        let round = &side.rounds[0];
        assert!(round.per_second > 0.0 && round.p50_us <= round.p99_us && round.p99_us <= round.slowest_us);
    }

    #[test]
    fn everybody_begins_once() {
        let begins: Vec<usize> = (0..3).filter_map(|round| order(round, 3).next()).collect();
        assert_eq!(begins, [0, 1, 2]);
        assert_eq!(order(4, 3).collect::<Vec<_>>(), [1, 2, 0]);
    }
}
