//! One connection for any number of callers, to one server or to a cluster of them.
//!
//! A single server is a [`Server`] with its state, up or down. A cluster is several of them and a map of the slots: each
//! node is up or down by itself, so one that is away fails the keys that it holds, at once, and no others.

mod cluster;
mod map;
mod request;
mod server;
mod slots;

use std::fmt;

use cluster::{Cluster, Messenger};
use futures_util::future::join_all;
use halles_settings::Secret;
use opentelemetry::metrics::Counter;
use opentelemetry::{KeyValue, global};
use redis::aio::ConnectionLike;
use redis::{Cmd, ConnectionInfo, FromRedisValue, IntoConnectionInfo, Pipeline, RedisFuture, RedisResult};
use redis::{ScriptInvocation, Value};
use request::Request;
use server::Server;
use tokio::time::timeout;

use crate::{RedisError, RedisSettings};

/// A multiplexed connection to one Redis server, or to every node of a Redis Cluster. Cheap to clone; all clones share it.
///
/// In a cluster, a command, a pipeline or a script goes to the node that holds its first key, and all its keys must be in
/// one slot: see [`Connection::group_by_slot`].
///
/// A command that blocks on the server holds up every other caller, so such commands get a connection of their own,
/// made with [`RedisSettings::blocking_for`].
#[derive(Clone)]
pub struct Connection {
    /// What the connection is for, in logs and metrics.
    name: &'static str,
    wire: Wire,
    failures: Counter<u64>,
}

#[derive(Clone)]
enum Wire {
    Single(Server),
    Cluster(Cluster),
}

impl Connection {
    /// Connects to the server at `address`, or to the cluster that the nodes named there (one, or several separated by
    /// commas) belong to. Returns once that has worked or the time for it is up: an unreachable server is no error here,
    /// only an unusable address is.
    pub async fn connect(name: &'static str, address: &Secret, settings: &RedisSettings) -> Result<Self, RedisError> {
        let mut nodes = nodes_of(address)?;
        let wire = match nodes.len() {
            0 => return Err(RedisError::Address("no server is named".to_owned())),
            _ if settings.cluster => Wire::Cluster(Cluster::open(name, nodes, settings)),
            1 => Wire::Single(Server::open(name, nodes.remove(0), settings)?),
            _ => return Err(RedisError::Address("several are for `cluster = true` only".to_owned())),
        };
        let connection = Self { name, wire, failures: global::meter("halles").u64_counter("redis_failures").build() };
        // Told from the start, so that the first one is seen as a rise.
        connection.count_failure("unavailable", 0);
        // Whoever starts together with the server should find it; whoever starts without it must start all the same.
        let _ = timeout(settings.connect_timeout(), connection.wait_until_all_up()).await;
        Ok(connection)
    }

    /// Runs one command.
    pub async fn query<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, RedisError> {
        let answer = command.query_async(&mut self.wire.line()).await;
        self.told(answer)
    }

    /// Runs several commands in one round trip.
    pub async fn query_pipeline<T: FromRedisValue>(&self, pipeline: &Pipeline) -> Result<T, RedisError> {
        let answer = pipeline.query_async(&mut self.wire.line()).await;
        self.told(answer)
    }

    /// Runs a script, by its hash if the server knows it already.
    pub async fn invoke<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, RedisError> {
        let answer = script.invoke_async(&mut self.wire.line()).await;
        self.told(answer)
    }

    /// Runs scripts side by side, in the time of one round trip: one answer for each, in their order.
    pub async fn invoke_all<T: FromRedisValue>(&self, scripts: &[ScriptInvocation<'_>]) -> Vec<Result<T, RedisError>> {
        join_all(scripts.iter().map(|script| self.invoke(script))).await
    }

    /// Whether the server answers, or any node of the cluster does; for readiness probes.
    pub async fn ping(&self) -> Result<(), RedisError> {
        self.query(&redis::cmd("PING")).await
    }

    /// Which of `keys` may go into one command or script together, by their places: all of them on a single server, those
    /// of one slot in a cluster.
    pub fn group_by_slot(&self, keys: &[impl AsRef<[u8]>]) -> Vec<Vec<usize>> {
        match self.wire {
            Wire::Single(_) if keys.is_empty() => Vec::new(),
            Wire::Single(_) => vec![(0..keys.len()).collect()],
            Wire::Cluster(_) => slots::group(keys),
        }
    }

    /// Whether there is a live connection at this moment, in a cluster to any node.
    pub fn is_up(&self) -> bool {
        match &self.wire {
            Wire::Single(server) => server.is_up(),
            Wire::Cluster(cluster) => cluster.is_up(),
        }
    }

    /// Waits until there is a live connection, in a cluster to any node.
    pub async fn wait_until_up(&self) {
        match &self.wire {
            Wire::Single(server) => server.wait_until_up().await,
            Wire::Cluster(cluster) => cluster.wait_until_up().await,
        }
    }

    async fn wait_until_all_up(&self) {
        match &self.wire {
            Wire::Single(server) => server.wait_until_up().await,
            Wire::Cluster(cluster) => cluster.wait_until_all_up().await,
        }
    }

    fn told<T>(&self, answer: RedisResult<T>) -> Result<T, RedisError> {
        answer.map_err(|error| {
            let error = RedisError::from(error);
            self.count_failure(error.kind(), 1);
            error
        })
    }

    fn count_failure(&self, kind: &'static str, times: u64) {
        self.failures.add(times, &[KeyValue::new("connection", self.name), KeyValue::new("kind", kind)]);
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("name", &self.name).field("is_up", &self.is_up()).finish()
    }
}

impl Wire {
    fn line(&self) -> Line {
        match self {
            Self::Single(server) => Line::Single(server.clone()),
            Self::Cluster(cluster) => Line::Cluster(cluster.messenger()),
        }
    }
}

/// The wire as the library's commands, pipelines and scripts want to see it, for one call.
enum Line {
    Single(Server),
    Cluster(Messenger),
}

impl Line {
    async fn send(&mut self, request: Request<'_>) -> RedisResult<Vec<Value>> {
        match self {
            Self::Single(server) => server.send(request).await,
            Self::Cluster(messenger) => messenger.send(request).await,
        }
    }
}

impl ConnectionLike for Line {
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
        Box::pin(async move {
            let mut answer = self.send(Request::Command(command)).await?;
            Ok(answer.pop().unwrap_or(Value::Nil))
        })
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        Box::pin(self.send(Request::Pipeline { pipeline, offset, count }))
    }

    fn get_db(&self) -> i64 {
        0
    }
}

/// The servers that an address names.
fn nodes_of(address: &Secret) -> Result<Vec<ConnectionInfo>, RedisError> {
    let nodes = address.expose().split(',').map(str::trim).filter(|node| !node.is_empty());
    let parsed = nodes.map(|node| node.into_connection_info());
    // Only the category is told: the rest of the message may repeat a password.
    parsed.map(|node| node.map_err(|error| RedisError::Address(error.category().to_owned()))).collect()
}
