//! What strikes, and when: chosen from the seed.
//!
//! - **kill -9** of a process; its supervisor starts it again.
//! - **pause** of a process (SIGSTOP), longer than a lead at times, so that a leader wakes up deposed.
//! - **slow disk**: everything that works for the primary stands still for a moment, in the middle of whatever it does.
//! - **cut**: every connection to a server ends at once; the server lives on.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::time::sleep;

use super::log_reader::LogReader;
use crate::psql::Psql;
use crate::stack::Stack;

/// The shortest and the longest pause between two faults, of a process, and of a disk, in milliseconds.
const BETWEEN_MS: (u64, u64) = (1_000, 4_000);
const STOPPED_MS: (u64, u64) = (500, 5_000);
const SLOW_MS: (u64, u64) = (200, 3_000);

/// Who can be struck.
const KILLED: [&str; 7] =
    ["order-1", "order-2", "order-worker-1", "order-worker-2", "redis-order-log", "postgres-primary", "payments"];
const STOPPED: [&str; 3] = ["order-worker-1", "order-worker-2", "redis-order-log"];
const PRIMARY: &str = "postgres-primary";
const LOG: &str = "redis-order-log";

/// Ends every session but those of whoever looks on.
const CUT: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND application_name LIKE 'halles-%';";

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
    pub async fn strike(&mut self, stack: &Stack, tools: (&Psql, &LogReader), end: Instant) {
        loop {
            let pause = self.between(BETWEEN_MS);
            if Instant::now() + pause >= end {
                return;
            }
            sleep(pause).await;
            match self.choice.random_range(0..10) {
                0..=2 => self.stop(stack).await,
                3 | 4 => self.slow_disk(stack).await,
                5 | 6 => self.cut(tools).await,
                _ => self.kill(stack),
            }
        }
    }

    fn kill(&mut self, stack: &Stack) {
        let name = KILLED[self.choice.random_range(0..KILLED.len())];
        self.note("kill -9", name);
        signal(stack, name, Signal::SIGKILL);
    }

    async fn stop(&mut self, stack: &Stack) {
        let name = STOPPED[self.choice.random_range(0..STOPPED.len())];
        let length = self.between(STOPPED_MS);
        self.note("pause", name);
        signal(stack, name, Signal::SIGSTOP);
        sleep(length).await;
        signal(stack, name, Signal::SIGCONT);
    }

    async fn slow_disk(&mut self, stack: &Stack) {
        let Some(primary) = stack.process(PRIMARY).ok().and_then(|process| process.pid()) else { return };
        let length = self.between(SLOW_MS);
        self.note("slow disk", PRIMARY);
        let stopped = children_of(primary);
        send(&stopped, Signal::SIGSTOP);
        sleep(length).await;
        send(&stopped, Signal::SIGCONT);
    }

    async fn cut(&mut self, (psql, log): (&Psql, &LogReader)) {
        if self.choice.random_range(0..2) == 0 {
            self.note("cut", PRIMARY);
            let _down = psql.ask(CUT).await;
        } else {
            self.note("cut", LOG);
            let _down = log.cut().await;
        }
    }

    fn between(&mut self, (shortest, longest): (u64, u64)) -> Duration {
        Duration::from_millis(self.choice.random_range(shortest..longest))
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

fn send(processes: &[i32], signal: Signal) {
    for process in processes {
        let _gone = kill(Pid::from_raw(*process), signal);
    }
}

/// The processes that a process has started, as the kernel lists them.
fn children_of(parent: i32) -> Vec<i32> {
    let listed = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
    listed.split_whitespace().filter_map(|child| child.parse().ok()).collect()
}
