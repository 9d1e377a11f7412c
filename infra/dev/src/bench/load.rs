//! A small load driver: many keep-alive connections, one thread.
//!
//! Closed loop: each connection sends its next request when the last one is answered, which finds out how much a server
//! can do. Open loop: requests come at a fixed rate whether or not the server keeps up, and each latency counts from the
//! moment when its request was due, so a server that stalls cannot hide the requests that it kept from being sent.
//!
//! The driver has a thread of its own, so that what else this process does costs the load as little as possible. It is
//! made for servers on this machine: answers come whole, with a `Content-Length`.

mod connection;
mod pace;

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use hdrhistogram::Histogram;
use tokio::task::JoinSet;

pub use self::connection::{Answer, Connection, get, with_json};
pub use self::pace::Pace;

/// Latencies are told apart to one part in a thousand, up to a minute.
const LONGEST: Duration = Duration::from_secs(60);
const DIGITS: u8 = 3;

/// An answer that takes longer is one that nobody waits for any more.
const USEFUL_FOR: Duration = Duration::from_secs(1);

/// How much to ask of whom.
#[derive(Debug, Clone)]
pub struct Load {
    /// The servers on this machine; connections are spread evenly over them.
    pub ports: Vec<u16>,
    /// How many connections. All are open before the first request is sent.
    pub connections: usize,
    /// How many requests in all.
    pub requests: usize,
    /// How many requests are due each second; none for a closed loop.
    pub per_second: Option<f64>,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Measured {
    /// How long the answers took, in microseconds.
    pub latencies: Histogram<u64>,
    /// Requests that were answered with a success or a 304.
    pub answered: u64,
    /// Of those, the ones that came while whoever asked still had some use for them.
    pub in_time: u64,
    /// Requests that were answered otherwise, or not at all.
    pub failed: u64,
    /// Of those, the ones that were told to come back later (429, 503).
    pub refused: u64,
    /// Requests that were never sent, because whoever wanted to had waited too long for a free connection.
    pub given_up: u64,
    /// From the first request to the last answer.
    pub took: Duration,
}

impl Load {
    /// Sends the load and waits for the last answer. `path` names what request number n asks for; `see` is shown each
    /// answer.
    pub async fn run(
        self,
        path: impl Fn(usize) -> String + Send + Sync + 'static,
        see: impl Fn(usize, &Answer<'_>) + Send + Sync + 'static,
    ) -> Result<Measured> {
        self.send(move |number| get(&path(number)), see).await
    }

    /// The same for any kind of request: `request` gives the bytes of request number n.
    pub async fn send(
        self,
        request: impl Fn(usize) -> Vec<u8> + Send + Sync + 'static,
        see: impl Fn(usize, &Answer<'_>) + Send + Sync + 'static,
    ) -> Result<Measured> {
        self.send_impatiently(Duration::MAX, request, see).await
    }

    /// The same, but a request that could not be sent within `patience` of the moment when it was due is given up. So a
    /// server that is asked for far more than it can do is not asked for it for ever, and neither is this driver.
    pub async fn send_impatiently(
        self,
        patience: Duration,
        request: impl Fn(usize) -> Vec<u8> + Send + Sync + 'static,
        see: impl Fn(usize, &Answer<'_>) + Send + Sync + 'static,
    ) -> Result<Measured> {
        on_own_thread(move || async move {
            let connections = self.connect().await?;
            let pace = Pace::start(self.per_second, self.requests, self.connections);
            let work = Arc::new(Work { request, see, pace, patience });
            let began = Instant::now();
            let mut shoppers = JoinSet::new();
            for connection in connections {
                shoppers.spawn(Arc::clone(&work).keep_asking(connection));
            }
            let mut measured = Measured::nothing();
            while let Some(tally) = shoppers.join_next().await {
                measured.add(tally.context("a connection of the load panicked")?);
            }
            measured.took = began.elapsed();
            Ok(measured)
        })
        .await?
    }

    async fn connect(&self) -> Result<Vec<Connection>> {
        let mut connections = Vec::with_capacity(self.connections);
        for port in self.ports.iter().cycle().take(self.connections) {
            let connection = Connection::open(*port).await;
            connections.push(connection.with_context(|| format!("nobody answers on port {port}"))?);
        }
        Ok(connections)
    }
}

impl Measured {
    fn nothing() -> Self {
        Self {
            latencies: histogram(),
            answered: 0,
            in_time: 0,
            failed: 0,
            refused: 0,
            given_up: 0,
            took: Duration::ZERO,
        }
    }

    /// The latency that this share of the answers did not exceed.
    pub fn quantile(&self, share: f64) -> Duration {
        Duration::from_micros(self.latencies.value_at_quantile(share))
    }

    /// Answers per second.
    #[expect(clippy::cast_precision_loss, reason = "counts of a few minutes are exact in a float")]
    pub fn per_second(&self) -> f64 {
        self.answered as f64 / self.took.as_secs_f64()
    }

    /// Adds what came of another load.
    pub fn add(&mut self, other: Self) {
        self.latencies += other.latencies;
        self.answered += other.answered;
        self.in_time += other.in_time;
        self.failed += other.failed;
        self.refused += other.refused;
        self.given_up += other.given_up;
    }

    fn note(&mut self, status: Option<u16>, latency: Duration) {
        match status {
            Some(200..=299 | 304) => {
                self.answered += 1;
                self.in_time += u64::from(latency <= USEFUL_FOR);
            }
            _ => {
                self.failed += 1;
                self.refused += u64::from(matches!(status, Some(429 | 503)));
            }
        }
        self.latencies.saturating_record(u64::try_from(latency.as_micros()).unwrap_or(u64::MAX));
    }
}

/// An empty record of latencies in microseconds.
pub fn histogram() -> Histogram<u64> {
    let longest = u64::try_from(LONGEST.as_micros()).unwrap_or(u64::MAX);
    Histogram::new_with_bounds(1, longest, DIGITS).expect("the bounds are constants that it understands")
}

/// Runs a future on a thread and a runtime of its own, away from everything else that this process does.
pub async fn on_own_thread<T, F>(make: impl FnOnce() -> F + Send + 'static) -> Result<T>
where
    T: Send + 'static,
    F: Future<Output = T>,
{
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name("load".to_owned()).spawn(move || {
        let _nobody_waits = sender.send(runtime.block_on(make()));
    })?;
    receiver.await.context("the thread of the load panicked")
}

/// What all connections share.
struct Work<R, S> {
    request: R,
    see: S,
    pace: Pace,
    patience: Duration,
}

impl<R: Fn(usize) -> Vec<u8>, S: Fn(usize, &Answer<'_>)> Work<R, S> {
    async fn keep_asking(self: Arc<Self>, mut connection: Connection) -> Measured {
        let mut tally = Measured::nothing();
        while let Some((number, due)) = self.pace.next().await {
            if due.elapsed() > self.patience {
                tally.given_up += 1;
                continue;
            }
            let answer = connection.exchange(&(self.request)(number)).await;
            let latency = due.elapsed();
            let status = answer.ok().map(|answer| {
                (self.see)(number, &answer);
                answer.status
            });
            tally.note(status, latency);
            if status.is_none() && connection.reopen().await.is_err() {
                break;
            }
        }
        tally
    }
}

#[cfg(test)]
mod tests;
