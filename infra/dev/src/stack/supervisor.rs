//! One supervised process: started, watched, started again when it dies, stopped when asked.
//!
//! States, and what leads from one to the next:
//!
//! ```text
//!   Starting ──ready──► Ready
//!      ▲  │              │
//!      │  └───died───────┴──► Waiting (backoff) ──► Starting
//!      │
//!   resume ◄── Held ◄── hold, from anywhere
//! ```
//!
//! A process that lived for a while is started again at once; one that keeps dying waits longer each time.

use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::process::Child;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::process::ProcessSpec;
use super::roster::{Roster, RosterEntry};
use crate::proc::started_ticks;

/// Having lived this long, a process that dies is started again at once.
const SETTLED: Duration = Duration::from_secs(5);
/// First and longest wait before starting a process that died early again.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));
/// After so many early deaths in a row nobody should go on waiting.
const HOPELESS: u32 = 3;
/// How often readiness is looked at while a process starts.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What a supervised process is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It runs, and is not ready yet.
    Starting,
    /// It runs and was ready.
    Ready,
    /// It died and will be started again after a pause.
    Waiting {
        /// How often in a row it died early.
        early_deaths: u32,
    },
    /// It was stopped on purpose.
    Held,
}

/// What happened to a process, told as it happens.
#[derive(Debug)]
pub enum Event {
    /// It was started.
    Started {
        /// Its name.
        name: String,
        /// The port that people care about.
        port: u16,
    },
    /// It became ready, so long after its start.
    Ready {
        /// Its name.
        name: String,
        /// Time from the spawn.
        after: Duration,
    },
    /// It ended without being asked to.
    Died {
        /// Its name.
        name: String,
        /// Exit code or signal.
        how: String,
    },
    /// A mark in the stream: whoever tells the events answers once everything before it has been told.
    Mark(oneshot::Sender<()>),
    /// It could not be started at all.
    CannotStart {
        /// Its name.
        name: String,
        /// What the system said.
        why: String,
    },
}

enum Request {
    Hold { signal: Signal, patience: Duration, done: oneshot::Sender<()> },
    Resume,
}

/// A handle on a supervised process.
pub struct Supervised {
    spec: ProcessSpec,
    stage: watch::Receiver<Stage>,
    pid: watch::Receiver<Option<i32>>,
    requests: mpsc::Sender<Request>,
    task: JoinHandle<()>,
}

impl Supervised {
    /// Starts the process and keeps it running from now on.
    pub fn start(spec: ProcessSpec, place: &Place, events: mpsc::UnboundedSender<Event>) -> Self {
        let (stage_sender, stage) = watch::channel(Stage::Starting);
        let (pid_sender, pid) = watch::channel(None);
        let (requests, incoming) = mpsc::channel(4);
        let keeper = Keeper {
            log: place.logs.join(format!("{}.log", spec.name)),
            roster: place.roster.clone(),
            spec: spec.clone(),
            restarts: 0,
            early_deaths: 0,
            stage: stage_sender,
            pid: pid_sender,
            requests: incoming,
            events,
        };
        Self { spec, stage, pid, requests, task: tokio::spawn(keeper.run()) }
    }

    /// What it was started from.
    pub fn spec(&self) -> &ProcessSpec {
        &self.spec
    }

    /// What it is doing now.
    pub fn stage(&self) -> Stage {
        *self.stage.borrow()
    }

    /// Its process id while it runs.
    pub fn pid(&self) -> Option<i32> {
        *self.pid.borrow()
    }

    /// Waits until it is ready; `false` when it keeps dying instead.
    pub async fn ready(&self) -> bool {
        let mut stage = self.stage.clone();
        let decided = |stage: &Stage| match *stage {
            Stage::Ready => true,
            Stage::Waiting { early_deaths } => early_deaths >= HOPELESS,
            Stage::Starting | Stage::Held => false,
        };
        stage.wait_for(decided).await.is_ok_and(|stage| *stage == Stage::Ready)
    }

    /// Sends a signal to the process; the supervisor reacts to whatever comes of it.
    pub fn signal(&self, signal: Signal) {
        if let Some(pid) = self.pid() {
            let _gone = kill(Pid::from_raw(pid), signal);
        }
    }

    /// Stops it cleanly and keeps it stopped.
    pub async fn hold(&self) {
        self.hold_with(self.spec.stop_signal, self.spec.stop_patience).await;
    }

    /// Kills it without warning and keeps it stopped.
    pub async fn hold_down(&self) {
        self.hold_with(Signal::SIGKILL, self.spec.stop_patience).await;
    }

    async fn hold_with(&self, signal: Signal, patience: Duration) {
        let (done, finished) = oneshot::channel();
        if self.requests.send(Request::Hold { signal, patience, done }).await.is_ok() {
            let _closed = finished.await;
        }
    }

    /// Starts it again after a hold.
    pub async fn resume(&self) {
        let _closed = self.requests.send(Request::Resume).await;
    }
}

impl Drop for Supervised {
    /// A handle that is dropped without a clean stop (a failed test, a panic) must not leave its process behind.
    fn drop(&mut self) {
        self.task.abort();
        self.signal(self.spec.stop_signal);
    }
}

/// Where supervised processes write.
#[derive(Debug, Clone)]
pub struct Place {
    /// The directory of their logs.
    pub logs: PathBuf,
    /// The list of what runs.
    pub roster: Roster,
}

struct Keeper {
    spec: ProcessSpec,
    log: PathBuf,
    roster: Roster,
    restarts: u32,
    early_deaths: u32,
    stage: watch::Sender<Stage>,
    pid: watch::Sender<Option<i32>>,
    requests: mpsc::Receiver<Request>,
    events: mpsc::UnboundedSender<Event>,
}

/// Why a life ended.
enum End {
    Died,
    Held,
    Closed,
}

impl Keeper {
    async fn run(mut self) {
        loop {
            self.stage.send_replace(Stage::Starting);
            let end = match self.spec.spawn(&self.log) {
                Ok(child) => self.live(child).await,
                Err(error) => {
                    self.tell(Event::CannotStart { name: self.spec.name.clone(), why: error.to_string() });
                    self.early_deaths += 1;
                    End::Died
                }
            };
            self.pid.send_replace(None);
            self.roster.remove(&self.spec.name);
            let carry_on = match end {
                End::Died => self.pause().await,
                End::Held => self.wait_for_resume().await,
                End::Closed => false,
            };
            if !carry_on {
                return;
            }
            self.restarts += 1;
        }
    }

    /// From spawn to exit.
    async fn live(&mut self, mut child: Child) -> End {
        let born = Instant::now();
        let pid = child.id().and_then(|id| i32::try_from(id).ok());
        self.pid.send_replace(pid);
        self.enrol(pid);
        self.tell(Event::Started { name: self.spec.name.clone(), port: self.spec.port });
        let mut looking = true;
        loop {
            tokio::select! {
                exit = child.wait() => {
                    self.died(born, exit);
                    return End::Died;
                }
                request = self.requests.recv() => match request {
                    Some(Request::Hold { signal, patience, done }) => {
                        stop(&mut child, signal, patience).await;
                        self.stage.send_replace(Stage::Held);
                        // Before the answer, so that whoever asked finds no trace of it.
                        self.roster.remove(&self.spec.name);
                        let _nobody_waits = done.send(());
                        return End::Held;
                    }
                    Some(Request::Resume) => {}
                    None => return End::Closed,
                },
                ready = look(&self.spec), if looking => if ready {
                    looking = false;
                    // Told first, so that a mark set after everything became ready comes behind it.
                    self.tell(Event::Ready { name: self.spec.name.clone(), after: born.elapsed() });
                    self.stage.send_replace(Stage::Ready);
                }
            }
        }
    }

    fn enrol(&self, pid: Option<i32>) {
        let entry = pid.and_then(|pid| {
            Some(RosterEntry {
                name: self.spec.name.clone(),
                pid,
                started_ticks: started_ticks(pid)?,
                port: self.spec.port,
                stop_signal: self.spec.stop_signal as i32,
                restarts: self.restarts,
                readiness: self.spec.readiness.clone(),
                wave: self.spec.wave,
            })
        });
        // Without its entry a process runs all the same; only `status` would miss it.
        let _written = entry.map(|entry| self.roster.write(&entry));
    }

    fn died(&mut self, born: Instant, exit: std::io::Result<ExitStatus>) {
        self.early_deaths = if born.elapsed() > SETTLED { 0 } else { self.early_deaths + 1 };
        let how = exit.map_or_else(|error| error.to_string(), |status| status.to_string());
        self.tell(Event::Died { name: self.spec.name.clone(), how });
    }

    /// Waits before the next start; `false` when the handle is gone.
    async fn pause(&mut self) -> bool {
        self.stage.send_replace(Stage::Waiting { early_deaths: self.early_deaths });
        let wait = match self.early_deaths {
            0 => Duration::ZERO,
            deaths => BACKOFF.1.min(BACKOFF.0 * 2_u32.saturating_pow(deaths.min(8) - 1)),
        };
        tokio::select! {
            () = sleep(wait) => true,
            request = self.requests.recv() => match request {
                Some(Request::Hold { done, .. }) => {
                    self.stage.send_replace(Stage::Held);
                    let _nobody_waits = done.send(());
                    self.wait_for_resume().await
                }
                Some(Request::Resume) => true,
                None => false,
            },
        }
    }

    async fn wait_for_resume(&mut self) -> bool {
        loop {
            match self.requests.recv().await {
                Some(Request::Resume) => return true,
                Some(Request::Hold { done, .. }) => {
                    let _nobody_waits = done.send(());
                }
                None => return false,
            }
        }
    }

    fn tell(&self, event: Event) {
        let _nobody_listens = self.events.send(event);
    }
}

/// One look at readiness, with the pause before the next one.
async fn look(spec: &ProcessSpec) -> bool {
    let ready = spec.readiness.look().await;
    if !ready {
        sleep(LOOK_EVERY).await;
    }
    ready
}

async fn stop(child: &mut Child, signal: Signal, patience: Duration) {
    if let Some(pid) = child.id().and_then(|id| i32::try_from(id).ok()) {
        let _gone = kill(Pid::from_raw(pid), signal);
    }
    if timeout(patience, child.wait()).await.is_err() {
        let _gone = child.kill().await;
    }
}

#[cfg(test)]
mod tests;
