//! One server, and whether it is there.
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

use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError, RwLock, Weak};
use std::time::Duration;

use halles_resilience::Backoff;
use opentelemetry::metrics::Gauge;
use opentelemetry::{KeyValue, global};
use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, ConnectionInfo, ErrorKind, RedisResult, ServerErrorKind,
    TlsCertificates, Value,
};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::timeout;

use super::request::{Request, first_error};
use crate::{RedisError, RedisSettings};

/// The pause after the first failed attempt to come back.
pub(super) const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// A multiplexed connection to one server. Cheap to clone; all clones share it.
#[derive(Clone)]
pub(super) struct Server {
    shared: Arc<Shared>,
}

struct Shared {
    name: &'static str,
    /// Host and port.
    address: String,
    client: Client,
    settings: RedisSettings,
    /// Where the connection's own tasks run: the runtime that made it, not the one of whichever caller notices a failure.
    runtime: Handle,
    link: RwLock<Link>,
    timeouts_in_a_row: AtomicU32,
    is_up: watch::Sender<bool>,
    up: Gauge<u64>,
}

/// The live connection, if there is one. The number tells a late failure of an earlier connection from one of this.
struct Link {
    number: u64,
    connection: Option<MultiplexedConnection>,
}

impl Server {
    /// Starts to connect, and goes on trying for as long as anybody holds the value.
    pub(super) fn open(name: &'static str, info: ConnectionInfo, settings: &RedisSettings) -> Result<Self, RedisError> {
        let shared = Arc::new(Shared {
            name,
            address: info.addr().to_string(),
            client: open_client(info, settings)?,
            settings: settings.clone(),
            runtime: Handle::current(),
            link: RwLock::new(Link { number: 0, connection: None }),
            timeouts_in_a_row: AtomicU32::new(0),
            is_up: watch::Sender::new(false),
            up: global::meter("halles").u64_gauge("redis_connection_up").build(),
        });
        // A server that was never up must show, too.
        shared.show_state(false);
        shared.runtime.spawn(reconnect(Arc::downgrade(&shared)));
        Ok(Self { shared })
    }

    /// Asks, within the time limit.
    pub(super) async fn send(&self, request: Request<'_>) -> RedisResult<Vec<Value>> {
        let (number, mut connection) = self.live()?;
        let answer = match timeout(self.shared.settings.response_timeout(), request.send_over(&mut connection)).await {
            Ok(answer) => answer,
            Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut).into()),
        };
        self.shared.learn(number, first_error(&answer));
        answer
    }

    pub(super) fn is_up(&self) -> bool {
        *self.shared.is_up.borrow()
    }

    pub(super) async fn wait_until_up(&self) {
        let mut is_up = self.shared.is_up.subscribe();
        // The sender lives as long as `self` does, so the wait cannot fail.
        let _ = is_up.wait_for(|up| *up).await;
    }

    pub(super) fn address(&self) -> &str {
        &self.shared.address
    }

    fn live(&self) -> RedisResult<(u64, MultiplexedConnection)> {
        let link = self.shared.link.read().unwrap_or_else(PoisonError::into_inner);
        let connection = link.connection.clone();
        Ok((link.number, connection.ok_or_else(|| io::Error::new(io::ErrorKind::NotConnected, "not connected"))?))
    }
}

impl Shared {
    /// Learns from how a request over connection `number` ended.
    fn learn(self: &Arc<Self>, number: u64, error: Option<redis::RedisError>) {
        match error.filter(|error| !is_about_slots(error)).map(RedisError::from) {
            Some(error @ RedisError::Unavailable(_)) => self.take_down(number, &error),
            Some(RedisError::Timeout) => {
                let in_a_row = self.timeouts_in_a_row.fetch_add(1, Ordering::Relaxed).saturating_add(1);
                if in_a_row >= self.settings.timeouts_before_reconnect {
                    self.take_down(number, &RedisError::Timeout);
                }
            }
            // The server is there and talks to us.
            _ => self.timeouts_in_a_row.store(0, Ordering::Relaxed),
        }
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
        let (connection, server) = (self.name, &self.address);
        tracing::warn!(connection, server, %error, "lost Redis; calls fail at once until it is back");
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
        tracing::info!(connection = self.name, server = self.address, "connected to Redis");
    }

    fn show_state(&self, up: bool) {
        self.is_up.send_replace(up);
        let labels = [KeyValue::new("connection", self.name), KeyValue::new("server", self.address.clone())];
        self.up.record(u64::from(up), &labels);
    }
}

/// Whether a node of a cluster only says that a slot is not its own, or not to be had at the moment.
fn is_about_slots(error: &redis::RedisError) -> bool {
    use ServerErrorKind::{Ask, ClusterDown, Moved, TryAgain};
    matches!(error.kind(), ErrorKind::Server(Ask | ClusterDown | Moved | TryAgain))
}

/// A client for one address. One that begins with `rediss://` is spoken to by TLS, and has to prove its name.
pub(super) fn open_client(info: ConnectionInfo, settings: &RedisSettings) -> Result<Client, RedisError> {
    let is_encrypted = matches!(info.addr(), ConnectionAddr::TcpTls { .. });
    let client = if is_encrypted && !settings.ca_path.as_os_str().is_empty() {
        let authorities = std::fs::read(&settings.ca_path)
            .map_err(|error| RedisError::Address(format!("{}: {error}", settings.ca_path.display())))?;
        Client::build_with_tls(info, TlsCertificates { client_tls: None, root_cert: Some(authorities) })
    } else {
        Client::open(info)
    };
    client.map_err(|error| RedisError::Address(error.category().to_owned()))
}

/// Connects once, and hands the connection over when the server has answered a ping.
pub(super) async fn try_connect(
    client: &Client,
    settings: &RedisSettings,
) -> Result<MultiplexedConnection, RedisError> {
    // Our own time limit covers each call as a whole, so the library's is switched off.
    let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
    let attempt = async {
        let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
        redis::cmd("PING").exec_async(&mut connection).await?;
        Ok::<_, redis::RedisError>(connection)
    };
    match timeout(settings.connect_timeout(), attempt).await {
        Ok(attempted) => Ok(attempted?),
        Err(_) => Err(RedisError::Timeout),
    }
}

/// Tries until the server answers, or until nobody holds the connection any more.
async fn reconnect(shared: Weak<Shared>) {
    let mut backoff: Option<Backoff> = None;
    loop {
        let pause = {
            let Some(shared) = shared.upgrade() else { return };
            match try_connect(&shared.client, &shared.settings).await {
                Ok(connection) => return shared.take_up(connection),
                Err(error) if backoff.is_none() => {
                    let (connection, server) = (shared.name, &shared.address);
                    tracing::warn!(connection, server, %error, "cannot reach Redis; trying on");
                }
                Err(_) => {}
            }
            let longest = shared.settings.reconnect_pause();
            backoff.get_or_insert_with(|| Backoff::new(FIRST_PAUSE, longest)).next_wait()
        };
        tokio::time::sleep(pause).await;
    }
}
