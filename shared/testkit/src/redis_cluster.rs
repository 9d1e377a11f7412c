//! A Redis Cluster of three nodes, for one test.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use redis::{Cmd, FromRedisValue, RedisResult, cmd};
use tempfile::TempDir;

use crate::eventually;

/// How long the nodes may take to agree on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
const NODES: u32 = 3;
const SLOTS: u32 = 16_384;

/// Three nodes, each with a third of the slots and without replicas. While one is away, the others go on answering for
/// their slots, as ElastiCache is set up. All of it is stopped and erased with this value.
#[derive(Debug)]
pub struct RedisCluster {
    nodes: Vec<Node>,
    /// Erased after the nodes have ended.
    _dir: TempDir,
}

#[derive(Debug)]
struct Node {
    port: u16,
    bus_port: u16,
    process: Option<Child>,
    dir: PathBuf,
}

impl RedisCluster {
    /// Starts the nodes on free ports, and waits until they agree.
    pub async fn start() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let nodes = (0..NODES).map(|number| Node::start(&dir.path().join(number.to_string()))).collect();
        let cluster = Self { nodes, _dir: dir };
        cluster.wait_until_reachable().await;
        for (number, node) in (0..).zip(&cluster.nodes) {
            let (first, last) = (number * SLOTS / NODES, (number + 1) * SLOTS / NODES - 1);
            let () = node.tell(cmd("CLUSTER").arg("ADDSLOTSRANGE").arg(first).arg(last)).await.expect("takes slots");
            let epoch = cmd("CLUSTER").arg("SET-CONFIG-EPOCH").arg(number + 1).clone();
            let () = node.tell(&epoch).await.expect("takes an epoch");
            let known = &cluster.nodes[0];
            let meet = cmd("CLUSTER").arg("MEET").arg("127.0.0.1").arg(known.port).arg(known.bus_port).clone();
            let () = node.tell(&meet).await.expect("meets the first");
        }
        cluster.wait_until_agreed().await;
        cluster
    }

    /// The addresses of all nodes, separated by commas.
    pub fn addresses(&self) -> String {
        self.nodes.iter().map(Node::url).collect::<Vec<_>>().join(",")
    }

    /// Which node holds a slot, if it was never moved.
    pub fn holder_of(&self, slot: u16) -> usize {
        let starts = (1..NODES).map(|number| number * SLOTS / NODES);
        starts.take_while(|start| *start <= u32::from(slot)).count()
    }

    /// Kills a node.
    pub fn kill(&mut self, node: usize) {
        self.nodes[node].kill();
    }

    /// Starts a killed node again, empty, and waits until all agree.
    pub async fn revive(&mut self, node: usize) {
        self.nodes[node].revive();
        self.wait_until_reachable().await;
        self.wait_until_agreed().await;
    }

    /// Begins to move a slot without keys: its holder sends whoever asks for a key that it has not to the new one.
    pub async fn begin_to_move(&self, slot: u16, from: usize, to: usize) {
        let (source, target) = (self.nodes[from].id().await, self.nodes[to].id().await);
        self.set_slot(to, slot, &["IMPORTING", &source]).await;
        self.set_slot(from, slot, &["MIGRATING", &target]).await;
    }

    /// Ends the move that was begun: from now on the old holder says that the slot has moved.
    pub async fn end_move(&self, slot: u16, from: usize, to: usize) {
        let target = self.nodes[to].id().await;
        self.set_slot(to, slot, &["NODE", &target]).await;
        self.set_slot(from, slot, &["NODE", &target]).await;
    }

    /// Asks one node, whichever keys the command names.
    pub async fn ask<T: FromRedisValue>(&self, node: usize, command: &Cmd) -> RedisResult<T> {
        self.nodes[node].tell(command).await
    }

    async fn set_slot(&self, node: usize, slot: u16, how: &[&str]) {
        let () = self.ask(node, cmd("CLUSTER").arg("SETSLOT").arg(slot).arg(how)).await.expect("sets the slot");
    }

    async fn wait_until_reachable(&self) {
        eventually("all nodes of the cluster answer", PATIENCE, async || {
            for node in self.nodes.iter().filter(|node| node.process.is_some()) {
                if node.tell::<String>(&cmd("PING")).await.is_err() {
                    return false;
                }
            }
            true
        })
        .await;
    }

    async fn wait_until_agreed(&self) {
        eventually("the nodes of the cluster agree", PATIENCE, async || {
            for node in &self.nodes {
                let info: String = node.tell(cmd("CLUSTER").arg("INFO")).await.unwrap_or_default();
                let is_whole = ["cluster_state:ok", "cluster_slots_ok:16384", "cluster_known_nodes:3"]
                    .iter()
                    .all(|line| info.lines().any(|told| told == *line));
                if !is_whole {
                    return false;
                }
            }
            true
        })
        .await;
    }
}

impl Node {
    fn start(dir: &Path) -> Self {
        std::fs::create_dir(dir).expect("a directory");
        // Both are held until both are known, so that they differ.
        let free = || TcpListener::bind("127.0.0.1:0").expect("a free port");
        let (listener, bus_listener) = (free(), free());
        let port_of = |listener: &TcpListener| listener.local_addr().expect("an address").port();
        let (port, bus_port) = (port_of(&listener), port_of(&bus_listener));
        let mut node = Self { port, bus_port, process: None, dir: dir.to_owned() };
        drop((listener, bus_listener));
        node.revive();
        node
    }

    fn revive(&mut self) {
        let mut command = Command::new("redis-server");
        command.args(["--bind", "127.0.0.1", "--save", "", "--cluster-enabled", "yes"]);
        command.args(["--cluster-require-full-coverage", "no", "--cluster-node-timeout", "2000"]);
        command.args(["--port", &self.port.to_string(), "--cluster-port", &self.bus_port.to_string()]);
        command.arg("--dir").arg(&self.dir);
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        self.process = Some(process.unwrap_or_else(|error| panic!("redis-server does not start: {error}")));
    }

    fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            // It may have ended by itself; then there is nothing to wait for either.
            drop((process.kill(), process.wait()));
        }
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    async fn id(&self) -> String {
        self.tell(cmd("CLUSTER").arg("MYID")).await.expect("a node has a name")
    }

    async fn tell<T: FromRedisValue>(&self, command: &Cmd) -> RedisResult<T> {
        let mut connection = redis::Client::open(self.url())?.get_multiplexed_async_connection().await?;
        command.query_async(&mut connection).await
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}
