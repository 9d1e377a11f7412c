//! One connection for any number of callers, which knows whether it works.
//!
//! ```text
//!            connected, ping answered
//!      ┌──────────────────────────────────┐
//!      │                                  ▼
//!    Down ── calls fail at once          Up ── calls go out, each with a time limit
//!      ▲                                  │
//!      └──────────────────────────────────┘
//!   broken, or too many timeouts in a row, or the server is not the one to write to any more
//! ```
//!
//! Only the background task tries the server while the connection is down, with growing pauses: no caller ever pays for
//! finding out that it is still away, and a server that comes back is not met by a crowd.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError, RwLock, Weak};
use std::time::Duration;

use halles_resilience::Backoff;
use halles_settings::Secret;
use opentelemetry::metrics::{Counter, Gauge};
use opentelemetry::{KeyValue, global};
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Cmd, FromRedisValue, Pipeline, RedisResult, ScriptInvocation};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::{RedisError, RedisSettings};

/// The pause after the first failed attempt to come back.
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// A multiplexed connection to one Redis server. Cheap to clone; all clones share it.
///
/// A command that blocks on the server holds up every other caller, so such commands get a connection of their own,
/// made with [`RedisSettings::blocking_for`].
#[derive(Clone)]
pub struct Connection {
    shared: Arc<Shared>,
}

struct Shared {
    /// What the connection is for, in logs and metrics.
    name: &'static str,
    client: Client,
    settings: RedisSettings,
    /// Where the connection's own tasks run: the runtime that made it, not the one of whichever caller notices a failure.
    runtime: Handle,
    link: RwLock<Link>,
    timeouts_in_a_row: AtomicU32,
    is_up: watch::Sender<bool>,
    failures: Counter<u64>,
    up: Gauge<u64>,
}

/// The live connection, if there is one. The number tells a late failure of an earlier connection from one of this.
struct Link {
    number: u64,
    connection: Option<MultiplexedConnection>,
}

impl Connection {
    /// Connects to the server at `address`, and returns once that has worked or the time for it is up: an unreachable
    /// server is no error here, only an unusable address is.
    pub async fn connect(name: &'static str, address: &Secret, settings: &RedisSettings) -> Result<Self, RedisError> {
        let client =
            Client::open(address.expose()).map_err(|error| RedisError::Address(error.category().to_owned()))?;
        let meter = global::meter("halles");
        let shared = Arc::new(Shared {
            name,
            client,
            settings: settings.clone(),
            runtime: Handle::current(),
            link: RwLock::new(Link { number: 0, connection: None }),
            timeouts_in_a_row: AtomicU32::new(0),
            is_up: watch::Sender::new(false),
            failures: meter.u64_counter("redis_failures").build(),
            up: meter.u64_gauge("redis_connection_up").build(),
        });
        let mut is_up = shared.is_up.subscribe();
        shared.runtime.spawn(reconnect(Arc::downgrade(&shared)));
        // Whoever starts together with the server should find it; whoever starts without it must start all the same.
        let _ = timeout(settings.connect_timeout(), is_up.wait_for(|up| *up)).await;
        Ok(Self { shared })
    }

    /// Runs one command.
    pub async fn query<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, RedisError> {
        let (number, mut connection) = self.live()?;
        let answer = timeout(self.shared.settings.response_timeout(), command.query_async(&mut connection)).await;
        self.shared.settle(number, answer.ok())
    }

    /// Runs several commands in one round trip.
    pub async fn query_pipeline<T: FromRedisValue>(&self, pipeline: &Pipeline) -> Result<T, RedisError> {
        let (number, mut connection) = self.live()?;
        let answer = timeout(self.shared.settings.response_timeout(), pipeline.query_async(&mut connection)).await;
        self.shared.settle(number, answer.ok())
    }

    /// Runs a script, by its hash if the server knows it already.
    pub async fn invoke<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, RedisError> {
        let (number, mut connection) = self.live()?;
        let answer = timeout(self.shared.settings.response_timeout(), script.invoke_async(&mut connection)).await;
        self.shared.settle(number, answer.ok())
    }

    /// Whether the server answers, for readiness probes.
    pub async fn ping(&self) -> Result<(), RedisError> {
        self.query(&redis::cmd("PING")).await
    }

    /// Whether there is a live connection at this moment.
    pub fn is_up(&self) -> bool {
        *self.shared.is_up.borrow()
    }

    /// Waits until there is a live connection.
    pub async fn wait_until_up(&self) {
        let mut is_up = self.shared.is_up.subscribe();
        // The sender lives as long as `self` does, so the wait cannot fail.
        let _ = is_up.wait_for(|up| *up).await;
    }

    /// Counts the connections that have been made, so that a caller can tell that it is talking over another one.
    pub fn number(&self) -> u64 {
        self.shared.link.read().unwrap_or_else(PoisonError::into_inner).number
    }

    fn live(&self) -> Result<(u64, MultiplexedConnection), RedisError> {
        let link = self.shared.link.read().unwrap_or_else(PoisonError::into_inner);
        match &link.connection {
            Some(connection) => Ok((link.number, connection.clone())),
            None => {
                self.shared.count_failure("down");
                Err(RedisError::Unavailable("not connected".to_owned()))
            }
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("name", &self.shared.name).field("is_up", &self.is_up()).finish()
    }
}

impl Shared {
    /// Learns from how a call over connection `number` ended; no answer means that its time was up.
    fn settle<T>(self: &Arc<Self>, number: u64, answer: Option<RedisResult<T>>) -> Result<T, RedisError> {
        let error = match answer {
            Some(Ok(value)) => {
                self.timeouts_in_a_row.store(0, Ordering::Relaxed);
                return Ok(value);
            }
            Some(Err(error)) => RedisError::from(error),
            None => RedisError::Timeout,
        };
        self.count_failure(error.kind());
        match &error {
            RedisError::Unavailable(_) => self.take_down(number, &error),
            RedisError::Timeout => {
                let in_a_row = self.timeouts_in_a_row.fetch_add(1, Ordering::Relaxed).saturating_add(1);
                if in_a_row >= self.settings.timeouts_before_reconnect {
                    self.take_down(number, &error);
                }
            }
            // The server is there and talks to us.
            _ => self.timeouts_in_a_row.store(0, Ordering::Relaxed),
        }
        Err(error)
    }

    fn take_down(self: &Arc<Self>, number: u64, error: &RedisError) {
        {
            let mut link = self.link.write().unwrap_or_else(PoisonError::into_inner);
            if link.number != number || link.connection.is_none() {
                return;
            }
            link.connection = None;
        }
        self.show_state(false);
        tracing::warn!(connection = self.name, %error, "lost Redis; calls fail at once until it is back");
        self.runtime.spawn(reconnect(Arc::downgrade(self)));
    }

    fn take_up(&self, connection: MultiplexedConnection) {
        {
            let mut link = self.link.write().unwrap_or_else(PoisonError::into_inner);
            link.number += 1;
            link.connection = Some(connection);
        }
        self.timeouts_in_a_row.store(0, Ordering::Relaxed);
        self.show_state(true);
        tracing::info!(connection = self.name, "connected to Redis");
    }

    async fn try_connect(&self) -> Result<MultiplexedConnection, RedisError> {
        // Our own time limit covers each call as a whole, so the library's is switched off.
        let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        let attempt = async {
            let mut connection = self.client.get_multiplexed_async_connection_with_config(&config).await?;
            redis::cmd("PING").exec_async(&mut connection).await?;
            Ok::<_, redis::RedisError>(connection)
        };
        match timeout(self.settings.connect_timeout(), attempt).await {
            Ok(attempted) => Ok(attempted?),
            Err(_) => Err(RedisError::Timeout),
        }
    }

    fn show_state(&self, up: bool) {
        self.is_up.send_replace(up);
        self.up.record(u64::from(up), &[KeyValue::new("connection", self.name)]);
    }

    fn count_failure(&self, kind: &'static str) {
        self.failures.add(1, &[KeyValue::new("connection", self.name), KeyValue::new("kind", kind)]);
    }
}

/// Tries until the server answers, or until nobody holds the connection any more.
async fn reconnect(shared: Weak<Shared>) {
    let mut backoff: Option<Backoff> = None;
    loop {
        let pause = {
            let Some(shared) = shared.upgrade() else { return };
            match shared.try_connect().await {
                Ok(connection) => return shared.take_up(connection),
                Err(error) if backoff.is_none() => {
                    tracing::warn!(connection = shared.name, %error, "cannot reach Redis; trying on");
                }
                Err(_) => {}
            }
            let longest = shared.settings.reconnect_pause();
            backoff.get_or_insert_with(|| Backoff::new(FIRST_PAUSE, longest)).next_wait()
        };
        tokio::time::sleep(pause).await;
    }
}
