//! What strikes, and when: chosen from the seed.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::time::sleep;

use crate::stack::Stack;

/// The shortest and the longest pause between two faults, and the length of a pause of a process, in milliseconds. The
/// longest pause of a process is longer than a lead, so that a leader wakes up deposed.
const BETWEEN_MS: (u64, u64) = (1_000, 4_000);
const STOPPED_MS: (u64, u64) = (500, 5_000);

/// Who can be struck.
const KILLED: [&str; 6] =
    ["order-1", "order-2", "order-worker-1", "order-worker-2", "redis-order-log", "postgres-primary"];
const STOPPED: [&str; 3] = ["order-worker-1", "order-worker-2", "redis-order-log"];

/// The faults of one ordeal.
#[derive(Debug)]
pub struct Faults {
    choice: StdRng,
    /// How often each fault struck.
    pub struck: BTreeMap<String, u32>,
}

impl Faults {
    /// Faults that are chosen from `seed`.
    pub fn new(seed: u64) -> Self {
        Self { choice: StdRng::seed_from_u64(seed), struck: BTreeMap::new() }
    }

    /// Strikes until `end`; the supervisor starts again whatever dies. Whoever was stopped goes on.
    pub async fn strike(&mut self, stack: &Stack, end: Instant) {
        loop {
            let pause = Duration::from_millis(self.choice.random_range(BETWEEN_MS.0..BETWEEN_MS.1));
            if Instant::now() + pause >= end {
                return;
            }
            sleep(pause).await;
            if self.choice.random_range(0..3) == 0 {
                let name = STOPPED[self.choice.random_range(0..STOPPED.len())];
                let length = Duration::from_millis(self.choice.random_range(STOPPED_MS.0..STOPPED_MS.1));
                self.stop_for(stack, name, length).await;
            } else {
                let name = KILLED[self.choice.random_range(0..KILLED.len())];
                self.note("kill -9", name);
                signal(stack, name, Signal::SIGKILL);
            }
        }
    }

    async fn stop_for(&mut self, stack: &Stack, name: &str, length: Duration) {
        self.note("pause", name);
        signal(stack, name, Signal::SIGSTOP);
        sleep(length).await;
        signal(stack, name, Signal::SIGCONT);
    }

    fn note(&mut self, fault: &str, name: &str) {
        *self.struck.entry(format!("{fault} {name}")).or_default() += 1;
    }
}

/// A process that is just being started again has no id, and is struck another time.
fn signal(stack: &Stack, name: &str, signal: Signal) {
    if let Ok(process) = stack.process(name) {
        process.signal(signal);
    }
}
