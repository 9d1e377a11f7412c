//! What the shop's processes did, second by second.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::Child;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use super::{Counts, Hands, Metrics, ProcessLine};
use crate::arrivals::lock;

/// One look at everything.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Sample {
    /// Seconds since the crowd began to come; before that, less than 0.
    pub at_s: f64,
    /// Every process by its name.
    pub processes: BTreeMap<String, ProcessSample>,
    /// What all instances counted since the last look.
    pub counts: Counts,
    /// The rung of each instance that has a door.
    pub rungs: BTreeMap<String, u8>,
    /// Requests to buy that wait to be placed.
    pub queue_depth: Option<f64>,
    /// How long the oldest of them has waited, in seconds.
    pub queue_age_s: Option<f64>,
}

/// One process in a look.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct ProcessSample {
    /// The share of one core that it used since the last look.
    pub cores: f64,
    /// The memory that it held.
    pub memory_bytes: u64,
    /// How often it had been started again.
    pub restarts: u32,
}

/// Looks and their moments, shared with whoever shows them.
pub type Looks = Arc<Mutex<Vec<(Instant, Sample)>>>;

/// Watches until it is told to stop.
pub struct Watch {
    child: Child,
    seen: Looks,
    reader: JoinHandle<()>,
}

/// What was counted at the last look.
#[derive(Default)]
struct Before {
    at: Option<Instant>,
    /// Processor time, and how often it had been started again.
    cpu: BTreeMap<String, (f64, u32)>,
    counts: BTreeMap<String, Counts>,
}

impl Watch {
    /// Begins.
    pub fn begin(hands: &Hands) -> Result<Self> {
        let mut child = hands.watch()?;
        let lines = BufReader::new(child.stdout.take().context("the pipe was asked for")?).lines();
        let seen = Looks::default();
        let reader = thread::spawn({
            let seen = Arc::clone(&seen);
            move || {
                let mut before = Before::default();
                for line in lines.map_while(Result::ok) {
                    let Ok(processes) = serde_json::from_str::<Vec<ProcessLine>>(&line) else { continue };
                    let sample = before.look(&processes);
                    lock(&seen).push((Instant::now(), sample));
                }
            }
        });
        Ok(Self { child, seen, reader })
    }

    /// A handle for whoever shows it.
    pub fn looks(&self) -> Looks {
        Arc::clone(&self.seen)
    }

    /// Ends, and gives all looks by the time since `began`.
    pub fn end(mut self, began: Instant) -> Vec<Sample> {
        let _gone = self.child.kill();
        let _status = self.child.wait();
        let _panicked = self.reader.join();
        let seen = std::mem::take(&mut *lock(&self.seen));
        // The first look has nothing to compare with.
        let looks = seen.into_iter().skip(1);
        let since = |moment: Instant| match moment.checked_duration_since(began) {
            Some(after) => after.as_secs_f64(),
            None => -began.saturating_duration_since(moment).as_secs_f64(),
        };
        looks.map(|(moment, sample)| Sample { at_s: since(moment), ..sample }).collect()
    }
}

impl Before {
    fn look(&mut self, lines: &[ProcessLine]) -> Sample {
        let now = Instant::now();
        let passed = self.at.replace(now).map_or(1.0, |at| now.saturating_duration_since(at).as_secs_f64()).max(0.05);
        let mut sample = Sample::default();
        for line in lines {
            let before = self.cpu.insert(line.name.clone(), (line.cpu_seconds, line.restarts));
            let used = match before {
                // Another process took the name: what it used, it used since it began.
                Some((_, restarts)) if restarts != line.restarts => line.cpu_seconds,
                // A child that ended takes its time along; what it used of this second is lost.
                Some((cpu_seconds, _)) => (line.cpu_seconds - cpu_seconds).max(0.0),
                None => 0.0,
            };
            let seen = ProcessSample { cores: used / passed, memory_bytes: line.memory_bytes, restarts: line.restarts };
            sample.processes.insert(line.name.clone(), seen);
            let Some(Ok(metrics)) = line.metrics.as_deref().map(Metrics::read) else { continue };
            self.read(&line.name, &metrics, &mut sample);
        }
        sample
    }

    fn read(&mut self, name: &str, metrics: &Metrics, sample: &mut Sample) {
        let counts = metrics.counts();
        if let Some(earlier) = self.counts.insert(name.to_owned(), counts) {
            sample.counts += counts.since(earlier);
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rung is a small number")]
        if let Some(rung) = metrics.highest("halles_ladder_rung") {
            sample.rungs.insert(name.to_owned(), rung as u8);
        }
        sample.queue_depth = more(sample.queue_depth, metrics.highest("order_log_depth"));
        sample.queue_age_s = more(sample.queue_age_s, metrics.highest("order_log_oldest_age_seconds"));
    }
}

fn more(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    one.into_iter().chain(other).reduce(f64::max)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn line(cpu_seconds: f64) -> ProcessLine {
        ProcessLine { name: "listing-1".to_owned(), cpu_seconds, memory_bytes: 7, restarts: 0, metrics: None }
    }

    #[test]
    fn time_is_counted_from_look_to_look_and_a_new_life_begins_at_nothing() {
        let mut before = Before::default();
        before.look(&[line(100.0)]);
        before.at = before.at.and_then(|at| at.checked_sub(Duration::from_secs(2)));
        let cores = before.look(&[line(101.0)]).processes["listing-1"].cores;
        assert!((cores - 0.5).abs() < 0.01, "{cores}");
        before.at = before.at.and_then(|at| at.checked_sub(Duration::from_secs(2)));
        let again = ProcessLine { restarts: 1, ..line(0.4) };
        let cores = before.look(std::slice::from_ref(&again)).processes["listing-1"].cores;
        assert!((cores - 0.2).abs() < 0.01, "{cores}");
        let without_a_child = ProcessLine { cpu_seconds: 0.1, ..again };
        assert!(before.look(&[without_a_child]).processes["listing-1"].cores.abs() < 1e-9);
    }
}
