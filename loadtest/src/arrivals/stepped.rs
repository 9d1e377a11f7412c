//! A stepped run: so many connections, each of which asks again as soon as it is answered; then more of them.
//!
//! A closed model, on purpose: the Universal Scalability Law is about how many are at work at once, not about a crowd. Each
//! step is measured in slices, so that what it scatters is known, too.

use std::io;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use hdrhistogram::Histogram;
use reqwest::StatusCode;
use serde::{Deserialize, Serialize};
use tokio::time::{sleep, timeout};

use super::answer::Answer;
use super::connection::Connections;
use super::live::lock;
use super::look::Looker;
use super::{Ask, Ending, Target, Wants, histogram};

/// What one instance did with so many at once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Step {
    /// How many asked at once.
    pub at_once: u32,
    /// Right answers in each second, slice by slice.
    pub per_second: Vec<f64>,
    /// 99 of 100 right answers were there within so many milliseconds.
    pub p99_ms: f64,
    /// The share of answers that were not right.
    pub failed_share: f64,
}

/// How a step is measured.
#[derive(Debug, Clone, Copy)]
pub struct Slices {
    /// How many.
    pub count: u32,
    /// How long each is.
    pub length: Duration,
}

/// What all connections of a step wrote down.
struct Book {
    right: Vec<u64>,
    failed: u64,
    latency: Histogram<u64>,
    looker: Looker,
}

impl Step {
    /// Right answers a second, over all slices.
    pub fn mean(&self) -> f64 {
        self.per_second.iter().sum::<f64>() / self.per_second.len().max(1) as f64
    }
}

/// Measures one step on `workers` threads. `asks` gives each connection what it asks for next.
pub fn step(
    target: &Target,
    at_once: u32,
    slices: Slices,
    workers: usize,
    asks: impl Fn() -> Ask + Sync,
) -> io::Result<Step> {
    let book = Mutex::new(Book {
        right: vec![0; slices.count as usize],
        failed: 0,
        latency: histogram::of_digits(3),
        looker: Looker::default(),
    });
    // The first slice is for opening connections and getting warm.
    let began = Instant::now() + slices.length;
    let threads = workers.clamp(1, at_once.max(1) as usize);
    thread::scope(|scope| {
        let mut at_work = Vec::new();
        for number in 0..threads {
            // The rest of a division goes to the first threads.
            let share = at_once as usize / threads + usize::from(number < at_once as usize % threads);
            let (book, asks) = (&book, &asks);
            at_work.push(scope.spawn(move || keep_asking(target, share, (began, slices), asks, book)));
        }
        at_work.into_iter().try_for_each(|thread| thread.join().map_err(|_| io::Error::other("a thread panicked"))?)
    })?;
    let book = book.into_inner().unwrap_or_else(PoisonError::into_inner);
    let per_second = book.right.iter().map(|right| *right as f64 / slices.length.as_secs_f64()).collect();
    let right: u64 = book.right.iter().sum();
    let failed_share = book.failed as f64 / (book.failed + right).max(1) as f64;
    let p99_ms = book.latency.value_at_quantile(0.99) as f64 / 1_000.0;
    Ok(Step { at_once, per_second, p99_ms, failed_share })
}

fn keep_asking(
    target: &Target,
    connections: usize,
    (began, slices): (Instant, Slices),
    asks: &(impl Fn() -> Ask + Sync),
    book: &Mutex<Book>,
) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ends = began + slices.length * slices.count;
    runtime.block_on(async {
        let open = Connections::to(target.address, target.host.clone());
        let all = (0..connections).map(|_| async {
            while Instant::now() < ends {
                let (ask, sent) = (asks(), Instant::now());
                let answered = timeout(slices.length * 5, open.exchange(&ask)).await.ok().and_then(Result::ok);
                if let Some(since) = Instant::now().checked_duration_since(began) {
                    let slice = usize::try_from(since.as_micros() / slices.length.as_micros().max(1)).ok();
                    let seen = answered.as_ref().map(|(answer, connection)| (answer, connection.body(answer)));
                    lock(book).note(&ask, seen, slice, sent.elapsed());
                }
                match answered {
                    Some((answer, connection)) => open.put_back(connection, &answer),
                    // Who finds nobody there must not ask as fast as a loop turns.
                    None => sleep(Duration::from_millis(10)).await,
                }
            }
        });
        join_all(all).await;
    });
    Ok(())
}

impl Book {
    fn note(&mut self, ask: &Ask, seen: Option<(&Answer, &[u8])>, slice: Option<usize>, took: Duration) {
        let Some(right) = slice.and_then(|slice| self.right.get_mut(slice)) else { return };
        let ending = match (seen, &ask.wants) {
            (None, _) => Ending::Unconnected,
            (Some((answer, _)), _) if answer.waits => Ending::Refused,
            (Some((answer, body)), Wants::Page(sign)) => self.looker.ending(answer.status, answer.is_gzip, body, sign),
            // "Sold out" is an answer like any other: it is true, and it took as much work.
            (Some((Answer { status, .. }, _)), Wants::Order { .. })
                if status.is_success() || *status == StatusCode::CONFLICT =>
            {
                Ending::Right
            }
            (Some(_), Wants::Order { .. }) => Ending::Failed,
        };
        if ending == Ending::Right {
            *right += 1;
            self.latency.saturating_record(histogram::microseconds(took));
        } else {
            self.failed += 1;
        }
    }
}
