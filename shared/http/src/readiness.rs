//! Whether to send this instance traffic.
//!
//! What it depends on is asked in the background, each question within its own time limit, and the latest answers are
//! what `/readyz` tells: a balancer's check costs nothing and never waits. An answer that has grown old counts as a no.
//!
//! Choose the [`Need`] with care. When something that all instances share fails, and each of them can still serve from
//! its caches, they must not all withdraw at once: that would turn a slow moment into an outage.

use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

/// How much an instance depends on something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// Without it no request can be answered, in any way.
    Always,
    /// It must have been there once, for example to fill a cache; later the instance copes without it.
    Once,
    /// It is only shown.
    Never,
}

/// The probes of one process, and whether it is about to stop. Clones share everything.
#[derive(Clone, Default)]
pub struct Readiness {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    probes: Mutex<Vec<Arc<Probe>>>,
    is_draining: AtomicBool,
}

struct Probe {
    name: &'static str,
    need: Need,
    ask: Box<dyn Fn() -> Asked + Send + Sync>,
    latest: Mutex<Latest>,
}

type Asked = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

#[derive(Default)]
struct Latest {
    answered_at: Option<Instant>,
    fault: Option<String>,
    was_ever_fine: bool,
}

/// What `/readyz` tells.
#[derive(Debug, Serialize)]
pub(crate) struct ReadinessReport {
    pub(crate) ready: bool,
    pub(crate) draining: bool,
    pub(crate) probes: Vec<ProbeReport>,
}

#[derive(Debug, Serialize)]
pub(crate) struct ProbeReport {
    name: &'static str,
    need: Need,
    fine: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
}

impl Readiness {
    /// A process that needs nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds something to ask about: the future says whether it is there.
    pub fn add<P, F, E>(&self, name: &'static str, need: Need, probe: P)
    where
        P: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Display,
    {
        let ask = move || -> Asked {
            let asked = probe();
            Box::pin(async move { asked.await.map_err(|error| error.to_string()) })
        };
        let probe = Probe { name, need, ask: Box::new(ask), latest: Mutex::default() };
        lock(&self.shared.probes).push(Arc::new(probe));
    }

    /// Whether the instance should get traffic.
    pub fn is_ready(&self, oldest_answer: Duration) -> bool {
        !self.is_draining() && lock(&self.shared.probes).iter().all(|probe| !probe.report(oldest_answer).is_missed())
    }

    /// Withdraws readiness for good: the first step of stopping.
    pub fn start_draining(&self) {
        self.shared.is_draining.store(true, Ordering::Release);
    }

    /// Whether the process is about to stop: whoever keeps an answer open should end it, so that it goes on elsewhere.
    pub fn is_draining(&self) -> bool {
        self.shared.is_draining.load(Ordering::Acquire)
    }

    pub(crate) fn report(&self, oldest_answer: Duration) -> ReadinessReport {
        let probes: Vec<ProbeReport> =
            lock(&self.shared.probes).iter().map(|probe| probe.report(oldest_answer)).collect();
        let draining = self.is_draining();
        ReadinessReport { ready: !draining && probes.iter().all(|probe| !probe.is_missed()), draining, probes }
    }

    /// Asks every probe, now and then every `every`, until the returned tasks are aborted.
    pub(crate) fn watch(&self, every: Duration, limit: Duration) -> Vec<JoinHandle<()>> {
        let probes = lock(&self.shared.probes).clone();
        probes.into_iter().map(|probe| tokio::spawn(probe.watch(every, limit))).collect()
    }
}

impl Probe {
    async fn watch(self: Arc<Self>, every: Duration, limit: Duration) {
        let mut ticks = interval(every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let answer = timeout(limit, (self.ask)()).await;
            self.note(answer.unwrap_or_else(|_| Err(format!("no answer within {} ms", limit.as_millis()))));
        }
    }

    fn note(&self, answer: Result<(), String>) {
        let mut latest = lock(&self.latest);
        match (&answer, latest.answered_at.is_some() && latest.fault.is_none()) {
            (Err(fault), true) => tracing::warn!(probe = self.name, fault, "a dependency does not answer"),
            (Ok(()), false) => tracing::info!(probe = self.name, "a dependency answers"),
            _ => {}
        }
        latest.answered_at = Some(Instant::now());
        latest.was_ever_fine |= answer.is_ok();
        latest.fault = answer.err();
    }

    fn report(&self, oldest_answer: Duration) -> ProbeReport {
        let latest = lock(&self.latest);
        let fault = match latest.answered_at {
            None => Some("not asked yet".to_owned()),
            Some(at) if at.elapsed() > oldest_answer => Some("the latest answer is old".to_owned()),
            Some(_) => latest.fault.clone(),
        };
        // What was needed once is done with; its later faults are shown as those of something not needed.
        let need = if self.need == Need::Once && latest.was_ever_fine { Need::Never } else { self.need };
        ProbeReport { name: self.name, need, fine: fault.is_none(), fault }
    }
}

impl ProbeReport {
    fn is_missed(&self) -> bool {
        self.need != Need::Never && !self.fine
    }
}

/// The data behind these locks is whole after every statement, so a panic elsewhere does not spoil it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use tokio::time::{advance, sleep};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// A readiness with one probe that answers as the switch says.
    fn switched(need: Need) -> (Readiness, Arc<AtomicBool>) {
        let readiness = Readiness::new();
        let is_there = Arc::new(AtomicBool::new(true));
        let answer = Arc::clone(&is_there);
        readiness.add("cellar", need, move || {
            let is_there = answer.load(Ordering::Acquire);
            async move { if is_there { Ok(()) } else { Err("flooded") } }
        });
        (readiness, is_there)
    }

    #[tokio::test(start_paused = true)]
    async fn ready_once_everything_needed_has_answered() {
        let (readiness, is_there) = switched(Need::Always);
        assert!(!readiness.is_ready(3 * SECOND), "nothing has answered yet");
        readiness.watch(SECOND, SECOND);
        sleep(SECOND / 2).await;
        assert!(readiness.is_ready(3 * SECOND));
        is_there.store(false, Ordering::Release);
        sleep(SECOND).await;
        assert!(!readiness.is_ready(3 * SECOND));
        assert_eq!(readiness.report(3 * SECOND).probes[0].fault.as_deref(), Some("flooded"));
        is_there.store(true, Ordering::Release);
        sleep(SECOND).await;
        assert!(readiness.is_ready(3 * SECOND));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_needed_once_is_not_missed_later() {
        let (readiness, is_there) = switched(Need::Once);
        is_there.store(false, Ordering::Release);
        readiness.watch(SECOND, SECOND);
        sleep(SECOND / 2).await;
        assert!(!readiness.is_ready(3 * SECOND));
        is_there.store(true, Ordering::Release);
        sleep(SECOND).await;
        assert!(readiness.is_ready(3 * SECOND));
        is_there.store(false, Ordering::Release);
        sleep(SECOND).await;
        let report = readiness.report(3 * SECOND);
        assert!(report.ready && !report.probes[0].fine);
    }

    #[tokio::test(start_paused = true)]
    async fn an_old_answer_is_a_no() {
        let (readiness, _) = switched(Need::Always);
        let tasks = readiness.watch(SECOND, SECOND);
        sleep(SECOND / 2).await;
        tasks.iter().for_each(JoinHandle::abort);
        advance(4 * SECOND).await;
        assert!(!readiness.is_ready(3 * SECOND));
    }

    #[tokio::test(start_paused = true)]
    async fn a_probe_that_hangs_is_a_no() {
        let readiness = Readiness::new();
        readiness.add("well", Need::Always, || async {
            std::future::pending::<()>().await;
            Ok::<(), String>(())
        });
        readiness.watch(SECOND, SECOND / 4);
        sleep(SECOND / 2).await;
        assert_eq!(readiness.report(3 * SECOND).probes[0].fault.as_deref(), Some("no answer within 250 ms"));
    }

    #[tokio::test]
    async fn draining_withdraws_it_for_good() {
        let readiness = Readiness::new();
        assert!(readiness.is_ready(SECOND));
        readiness.start_draining();
        assert!(!readiness.is_ready(SECOND));
    }
}
