//! Appends of many callers in one step of the log.
//!
//! What costs is the step, not the entry: a round trip, a script, a wait for the disk. So there are two steps under way
//! at most, one on its way and one on the disk, and whoever comes meanwhile goes together with the next one. Alone,
//! a request goes at once; in a crowd, it shares.
//!
//! A caller who gives up before its request was sent takes it along: nothing of it reaches the log.

use std::mem;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use halles_redis::{Connection, Keys, RedisError};
use redis::Script;
use tokio::sync::{mpsc, oneshot};

use super::{Appended, OrderLogError, OrderLogSettings, QueuePlace, stream};

/// The most requests of one step: the log's Redis does nothing else meanwhile.
const MAX_TOGETHER: usize = 128;
const STEPS_UNDER_WAY: usize = 2;
/// How many may wait for a step; the door lets far fewer in at once.
const MAX_WAITING: usize = 4 * MAX_TOGETHER;

/// The way into the log for everybody in this process. Cheap to clone; the work ends with the last clone.
#[derive(Debug, Clone)]
pub(super) struct Appender {
    waiting: mpsc::Sender<Wanted>,
    patience: Duration,
}

/// Somebody's request, and where to answer.
#[derive(Debug)]
struct Wanted {
    payload: String,
    answer: oneshot::Sender<Result<Appended, OrderLogError>>,
}

impl Appender {
    pub(super) fn start(connection: Connection, keys: &Keys, settings: &OrderLogSettings) -> Self {
        let (waiting, received) = mpsc::channel(MAX_WAITING);
        let step = Step {
            connection,
            script: Script::new(include_str!("scripts/append.lua")),
            keys: [keys.order_log(), keys.order_log_drain_rate()],
            max_depth: settings.max_depth,
            max_wait: settings.max_wait(),
        };
        tokio::spawn(work(step, received));
        Self { waiting, patience: settings.redis.response_timeout() }
    }

    /// Appends a payload with the next step. A log that hangs costs no more than one that answers too late.
    pub(super) async fn append(&self, payload: String) -> Result<Appended, OrderLogError> {
        let (answer, answered) = oneshot::channel();
        let appended = async {
            let ended = || OrderLogError::Internal("the appender has ended".to_owned());
            self.waiting.send(Wanted { payload, answer }).await.map_err(|_| ended())?;
            answered.await.map_err(|_| ended())?
        };
        let in_time = tokio::time::timeout(self.patience, appended).await;
        in_time.unwrap_or(Err(OrderLogError::Unavailable(RedisError::Timeout)))
    }
}

/// Sends step after step until nobody is left who could append.
async fn work(step: Step, mut waiting: mpsc::Receiver<Wanted>) {
    let mut under_way = FuturesUnordered::new();
    let mut together = Vec::new();
    loop {
        tokio::select! {
            came = waiting.recv_many(&mut together, MAX_TOGETHER), if under_way.len() < STEPS_UNDER_WAY => {
                if came == 0 {
                    break;
                }
                under_way.push(step.take(mem::take(&mut together)));
            }
            Some(()) = under_way.next(), if !under_way.is_empty() => {}
        }
    }
    while under_way.next().await.is_some() {}
}

/// What a step needs.
struct Step {
    connection: Connection,
    script: Script,
    keys: [String; 2],
    max_depth: u64,
    max_wait: Duration,
}

impl Step {
    /// Appends what is still wanted, and answers everybody.
    async fn take(&self, mut together: Vec<Wanted>) {
        together.retain(|wanted| !wanted.answer.is_closed());
        if together.is_empty() {
            return;
        }
        let answers = match self.append(&together).await {
            Ok(answers) if answers.len() == together.len() => answers,
            Ok(answers) => {
                let odd = format!("{} answers to {} requests", answers.len(), together.len());
                vec![Err(OrderLogError::Internal(odd)); together.len()]
            }
            Err(error) => vec![Err(error); together.len()],
        };
        for (wanted, answer) in together.into_iter().zip(answers) {
            // Whoever has gone meanwhile comes back with the same key, and finds the order.
            let _gone = wanted.answer.send(answer);
        }
    }

    async fn append(&self, together: &[Wanted]) -> Result<Vec<Result<Appended, OrderLogError>>, OrderLogError> {
        let mut invocation = self.script.key(&self.keys[0]);
        invocation.key(&self.keys[1]);
        invocation.arg(self.max_depth).arg(u64::try_from(self.max_wait.as_millis()).unwrap_or(u64::MAX));
        for wanted in together {
            invocation.arg(wanted.payload.as_str());
        }
        let (mut waiting, rate, positions): (u64, String, Vec<String>) = self.connection.invoke(&invocation).await?;
        let rate: Option<f64> = rate.parse().ok();
        let answers = positions.into_iter().map(|position| {
            if position.is_empty() {
                let expected = QueuePlace::new(waiting, rate).expected;
                let back_in = expected.map(|expected| expected.saturating_sub(self.max_wait));
                return Err(OrderLogError::Full { back_in });
            }
            waiting += 1;
            Ok(Appended { position: stream::parse_position(&position)?, queue: QueuePlace::new(waiting, rate) })
        });
        Ok(answers.collect())
    }
}
