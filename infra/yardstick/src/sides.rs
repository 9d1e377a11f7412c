//! Sides that take turns, and what each of them came to.

use std::ops::Range;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde::Serialize;

/// What one side came to, round by round.
#[derive(Debug, Serialize)]
pub struct Side {
    name: &'static str,
    rounds: Vec<Round>,
    /// What each piece of work took in the round that is under way.
    #[serde(skip)]
    took: Vec<Duration>,
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
        Self { name, rounds: Vec::new(), took: Vec::new() }
    }

    /// Does some pieces of work and notes how long each took.
    pub fn take_turn(&mut self, pieces: Range<usize>, mut work: impl FnMut(usize) -> Result<()>) -> Result<()> {
        for piece in pieces {
            let started = Instant::now();
            work(piece)?;
            self.took.push(started.elapsed());
        }
        Ok(())
    }

    /// Ends a round of so many turns.
    pub fn end_round(&mut self) {
        let mut took = std::mem::take(&mut self.took);
        took.sort_unstable();
        let whole: Duration = took.iter().sum();
        self.rounds.push(Round {
            per_second: took.len() as f64 / whole.as_secs_f64(),
            p50_us: microseconds(percentile(&took, 50)),
            p99_us: microseconds(percentile(&took, 99)),
            slowest_us: microseconds(percentile(&took, 100)),
        });
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

/// Whose turn it is this time: every time begins with the next side.
pub fn order(time: usize, sides: usize) -> impl Iterator<Item = usize> {
    (0..sides).map(move |step| (time + step) % sides)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_is_measured_piece_by_piece() {
        let mut side = Side::new("ours");
        let mut worked = Vec::new();
        for turn in [0..2, 2..3] {
            let work = |piece| {
                worked.push(piece);
                Ok(())
            };
            side.take_turn(turn, work).expect("nothing fails");
        }
        side.end_round();
        assert_eq!(worked, [0, 1, 2]);
        assert_eq!(side.rounds.len(), 1);
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
