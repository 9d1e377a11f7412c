//! Whose turn it is, and when: at a fixed rate, or as soon as somebody is free.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

/// Gives out numbered turns, each once.
pub struct Pace {
    turns: usize,
    next: AtomicUsize,
    clock: Option<Clock>,
}

impl Pace {
    /// Starts now. `waiting` is how many will ask for turns at the same time.
    pub fn start(per_second: Option<f64>, turns: usize, waiting: usize) -> Self {
        let clock = per_second.map(|per_second| Clock::start(per_second, turns, waiting));
        Self { turns, next: AtomicUsize::new(0), clock }
    }

    /// Waits for the next turn, and says when it was due; none when all were given out.
    pub async fn next(&self) -> Option<(usize, Instant)> {
        if let Some(clock) = &self.clock {
            clock.wait().await;
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let due = || self.clock.as_ref().map_or_else(Instant::now, |clock| clock.moment(number));
        (number < self.turns).then(|| (number, due()))
    }
}

/// A fixed rate.
///
/// A thread of its own sleeps until each moment: the timers of an asynchronous runtime are late by up to a millisecond,
/// which is longer than an answer from memory takes.
#[derive(Clone)]
struct Clock {
    start: Instant,
    period: Duration,
    due: Arc<Semaphore>,
}

impl Clock {
    fn start(per_second: f64, turns: usize, waiting: usize) -> Self {
        let period = Duration::from_secs_f64(1.0 / per_second);
        let clock = Self { start: Instant::now(), period, due: Arc::new(Semaphore::new(0)) };
        std::thread::spawn({
            let clock = clock.clone();
            move || clock.tick(turns, waiting)
        });
        clock
    }

    async fn wait(&self) {
        // It is never closed.
        if let Ok(permit) = self.due.acquire().await {
            permit.forget();
        }
    }

    fn moment(&self, number: usize) -> Instant {
        self.start + self.period.mul_f64(number as f64)
    }

    fn tick(&self, turns: usize, waiting: usize) {
        for number in 0..turns {
            wait_until(self.moment(number));
            if Arc::strong_count(&self.due) == 1 {
                // Nobody is left to take a turn.
                return;
            }
            self.due.add_permits(1);
        }
        // Everybody who still waits comes through, to find that there are no more turns.
        self.due.add_permits(waiting);
    }
}

fn wait_until(moment: Instant) {
    loop {
        let now = Instant::now();
        if now >= moment {
            return;
        }
        // May wake for no reason, hence the loop.
        std::thread::park_timeout(moment - now);
    }
}
