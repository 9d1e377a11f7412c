//! Keeps the schedule: one thread looks at the clock, the workers send and wait.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use hyper::StatusCode;
use memchr::memmem;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinSet;

use super::connection::Connections;
use super::{Due, Ending, Measured, Schedule};

/// Whom to ask.
#[derive(Debug, Clone)]
pub struct Target {
    address: SocketAddr,
    host: String,
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The number of its kind, for the tallies.
    pub kind: usize,
    /// What is asked for.
    pub path: String,
    /// What the right page contains.
    pub sign: &'static str,
}

/// Sends requests when they are due.
#[derive(Debug, Clone)]
pub struct Driver {
    /// Whom to ask.
    pub target: Target,
    /// How many threads send.
    pub workers: usize,
    /// The most requests under way at once, over all workers; what is due beyond is dropped and counted.
    pub max_in_flight: usize,
    /// How long to wait for an answer, from the moment when the request was sent.
    pub patience: Duration,
}

/// A request on its way to a worker.
struct Job {
    due: Instant,
    ask: Ask,
}

impl Target {
    /// The server at `http://host:port`.
    pub fn parse(url: &str) -> io::Result<Self> {
        let unusable = |why: &str| io::Error::new(io::ErrorKind::InvalidInput, format!("{url}: {why}"));
        let rest = url.strip_prefix("http://").ok_or_else(|| unusable("must begin with http://"))?;
        let host = rest.trim_end_matches('/').to_owned();
        let with_port = if host.contains(':') { host.clone() } else { format!("{host}:80") };
        let address = with_port.to_socket_addrs()?.next().ok_or_else(|| unusable("is no address"))?;
        Ok(Self { address, host })
    }
}

impl Driver {
    /// Sends what `ask` makes of each arrival, and waits for the last answer. Blocks the calling thread, which keeps the time.
    pub fn run(&self, schedule: Schedule, kinds: usize, mut ask: impl FnMut(Due) -> Ask) -> io::Result<Measured> {
        let workers = self.workers.max(1);
        let room = self.max_in_flight.div_ceil(workers).max(1);
        let mut measured = Measured::nothing(kinds);
        thread::scope(|scope| {
            let (mut senders, mut at_work) = (Vec::new(), Vec::new());
            let (ready, all_ready) = sync_channel(workers);
            for _ in 0..workers {
                let (sender, jobs) = channel(room);
                let ready = ready.clone();
                senders.push(sender);
                at_work.push(scope.spawn(move || self.work(jobs, kinds, room, &ready)));
            }
            drop(ready);
            // Their runtimes are up; nobody waits for that in the figures.
            all_ready.iter().take(workers).for_each(drop);
            let began = Instant::now();
            measured.dropped = pace(schedule, began, &senders, &mut ask);
            drop(senders);
            for worker in at_work {
                let worked = worker.join().map_err(|_| io::Error::other("a worker of the driver panicked"))?;
                measured += worked?;
            }
            measured.took = began.elapsed();
            Ok(measured)
        })
    }

    fn work(&self, mut jobs: Receiver<Job>, kinds: usize, room: usize, ready: &SyncSender<()>) -> io::Result<Measured> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        ready.send(()).map_err(io::Error::other)?;
        runtime.block_on(async {
            let connections = Arc::new(Connections::to(self.target.address, self.target.host.clone()));
            let measured = Arc::new(Mutex::new(Measured::nothing(kinds)));
            let mut under_way = JoinSet::new();
            while let Some(job) = jobs.recv().await {
                while under_way.try_join_next().is_some() {}
                if under_way.len() >= room {
                    lock(&measured).dropped += 1;
                    continue;
                }
                under_way.spawn(answer(job, Arc::clone(&connections), Arc::clone(&measured), self.patience));
            }
            while under_way.join_next().await.is_some() {}
            let measured = lock(&measured).clone();
            Ok(measured)
        })
    }
}

/// Hands each request to a worker when it is due. Returns how many found no room.
fn pace(schedule: Schedule, began: Instant, workers: &[Sender<Job>], ask: &mut impl FnMut(Due) -> Ask) -> u64 {
    let mut dropped = 0;
    for (due, worker) in schedule.zip(workers.iter().cycle()) {
        let job = Job { due: began + due.at, ask: ask(due) };
        wait_until(job.due);
        if worker.try_send(job).is_err() {
            dropped += 1;
        }
    }
    dropped
}

#[expect(
    clippy::disallowed_methods,
    reason = "keeping the time is this thread's work, and tokio's timers are too coarse"
)]
fn wait_until(moment: Instant) {
    loop {
        let left = moment.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        thread::sleep(left);
    }
}

async fn answer(job: Job, connections: Arc<Connections>, measured: Arc<Mutex<Measured>>, patience: Duration) {
    let lag = job.due.elapsed();
    let answered = tokio::time::timeout(patience, connections.get(&job.ask.path)).await;
    let last_byte = job.due.elapsed();
    let (ending, first_byte) = match answered {
        Err(_) => (Ending::TimedOut, last_byte),
        Ok(Err(_)) => (Ending::Unconnected, last_byte),
        Ok(Ok(answer)) => {
            let ending = ending(answer.status, &answer.body, job.ask.sign);
            (ending, answer.first_byte.saturating_duration_since(job.due))
        }
    };
    let mut measured = lock(&measured);
    measured.note_lag(lag);
    if let Some(tally) = measured.tallies.get_mut(job.ask.kind) {
        tally.note(ending, first_byte, last_byte);
    }
}

fn ending(status: StatusCode, body: &[u8], sign: &str) -> Ending {
    match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => Ending::Refused,
        status if !status.is_success() => Ending::Failed,
        _ if memmem::find(body, sign.as_bytes()).is_some() => Ending::Right,
        _ => Ending::Wrong,
    }
}

/// Counts are whole even where a panic left the lock.
fn lock(measured: &Mutex<Measured>) -> MutexGuard<'_, Measured> {
    measured.lock().unwrap_or_else(PoisonError::into_inner)
}
