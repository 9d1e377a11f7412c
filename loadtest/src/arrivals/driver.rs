//! Keeps the schedule: one thread looks at the clock, the workers send and wait.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinSet;

use super::answer::Answer;
use super::connection::{Broken, Connections};
use super::live::lock;
use super::look::Looker;
use super::{Ask, Due, Ending, Live, Measured, Schedule, Wants};

/// Whom to ask.
#[derive(Debug, Clone)]
pub struct Target {
    pub(super) address: SocketAddr,
    pub(super) host: String,
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
    /// Where others may look how it goes.
    pub live: Live,
}

/// How long the pacer rests at least: a crowd is handed over in small bunches, since waking up for each one would be most of
/// the work. So much later than due a request may be sent for that, a quarter of what is still in time; where people come
/// farther apart, each is sent when it is due.
const REST: Duration = Duration::from_micros(250);

/// A request on its way to a worker.
struct Job {
    /// After the beginning.
    at: Duration,
    due: Instant,
    ask: Ask,
}

/// Where a worker writes down what came.
#[derive(Debug)]
pub(super) struct Desk {
    pub measured: Measured,
    looker: Looker,
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
        let length = schedule.length();
        let desks: Vec<Arc<Mutex<Desk>>> =
            (0..workers).map(|_| Arc::new(Mutex::new(Desk::new(kinds, length)))).collect();
        let measured = thread::scope(|scope| {
            let (mut senders, mut at_work) = (Vec::new(), Vec::new());
            let (ready, all_ready) = sync_channel(workers);
            for desk in &desks {
                let (sender, jobs) = channel(room);
                let ready = ready.clone();
                senders.push(sender);
                at_work.push(scope.spawn(move || self.work(jobs, desk, room, &ready)));
            }
            drop(ready);
            // Their runtimes are up; nobody waits for that in the figures.
            all_ready.iter().take(workers).for_each(drop);
            let began = Instant::now();
            self.live.begin(began, length, desks.clone());
            let mut measured = Measured::nothing(kinds, length);
            pace(schedule, began, &senders, &mut ask, &mut measured);
            drop(senders);
            for worker in at_work {
                worker.join().map_err(|_| io::Error::other("a worker of the driver panicked"))??;
            }
            measured.took = began.elapsed();
            Ok::<_, io::Error>(measured)
        });
        self.live.end();
        let mut measured = measured?;
        desks.iter().for_each(|desk| measured += lock(desk).measured.clone());
        Ok(measured)
    }

    fn work(
        &self,
        mut jobs: Receiver<Job>,
        desk: &Arc<Mutex<Desk>>,
        room: usize,
        ready: &SyncSender<()>,
    ) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        ready.send(()).map_err(io::Error::other)?;
        runtime.block_on(async {
            let connections = Arc::new(Connections::to(self.target.address, self.target.host.clone()));
            let mut under_way = JoinSet::new();
            while let Some(job) = jobs.recv().await {
                while under_way.try_join_next().is_some() {}
                if under_way.len() >= room {
                    lock(desk).measured.drop_one(job.at);
                    continue;
                }
                under_way.spawn(answer(job, Arc::clone(&connections), Arc::clone(desk), self.patience));
            }
            while under_way.join_next().await.is_some() {}
            lock(desk).measured.connections += connections.opened();
        });
        Ok(())
    }
}

/// Hands each request to a worker when it is due; what finds no room is counted.
fn pace(
    schedule: Schedule,
    began: Instant,
    workers: &[Sender<Job>],
    ask: &mut impl FnMut(Due) -> Ask,
    measured: &mut Measured,
) {
    let mut now = began;
    for (due, worker) in schedule.zip(workers.iter().cycle()) {
        let job = Job { at: due.at, due: began + due.at, ask: ask(due) };
        if job.due > now {
            rest_until(job.due.max(now + REST));
            now = Instant::now();
        }
        if worker.try_send(job).is_err() {
            measured.drop_one(due.at);
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "keeping the time is this thread's work, and tokio's timers are too coarse"
)]
fn rest_until(moment: Instant) {
    loop {
        let left = moment.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        thread::sleep(left);
    }
}

async fn answer(job: Job, connections: Arc<Connections>, desk: Arc<Mutex<Desk>>, patience: Duration) {
    let lag = job.due.elapsed();
    let answered = tokio::time::timeout(patience, connections.exchange(&job.ask)).await;
    let last_byte = job.due.elapsed();
    let mut desk = lock(&desk);
    let (ending, first_byte) = match answered {
        Err(_) => (Ending::TimedOut, last_byte),
        Ok(Err(Broken)) => (Ending::Unconnected, last_byte),
        Ok(Ok((answer, connection))) => {
            let ending = desk.look(&job.ask.wants, &answer, connection.body(&answer));
            connections.put_back(connection, &answer);
            (ending, answer.first_byte.saturating_duration_since(job.due))
        }
    };
    let measured = &mut desk.measured;
    measured.note_lag(lag);
    measured.timeline.note(job.at, ending, last_byte);
    if let Some(tally) = measured.tallies.get_mut(job.ask.kind) {
        tally.note(ending, first_byte, last_byte);
    }
}

impl Desk {
    fn new(kinds: usize, length: Duration) -> Self {
        Self { measured: Measured::nothing(kinds, length), looker: Looker::default() }
    }

    /// How a request ended that was answered like this.
    fn look(&mut self, wants: &Wants, answer: &Answer, body: &[u8]) -> Ending {
        self.measured.body_bytes += body.len() as u64;
        match wants {
            _ if answer.waits => Ending::Refused,
            Wants::Page(sign) => self.looker.ending(answer.status, answer.is_gzip, body, sign),
            Wants::Order { .. } => self.measured.orders.note(answer.status, body),
        }
    }
}

impl Measured {
    fn drop_one(&mut self, at: Duration) {
        self.dropped += 1;
        self.timeline.note_dropped(at);
    }
}
