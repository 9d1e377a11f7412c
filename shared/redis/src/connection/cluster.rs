//! A cluster: which node holds which slot, learned from the nodes themselves.
//!
//! ```text
//!   nodes of the settings ──► Map: slot ──► node (a Server each, up or down by itself)
//!                              ▲                 │ moved · down · cluster down
//!                              └── looked again ◄┘   in the background, and every now and then
//! ```
//!
//! A request is never held up by the map: a node that is away fails it at once, a slot that has moved is followed to
//! where the old node says it is (once), and meanwhile the map is learned again by a task of the connection's own.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures_util::future::{join_all, select_all};
use halles_resilience::Backoff;
use redis::{Cmd, ConnectionAddr, ConnectionInfo, ErrorKind, RedisResult, ServerErrorKind, Value, cmd};
use tokio::sync::watch;
use tokio::time::timeout;

use super::map::{Map, Share};
use super::request::{Request, first_error};
use super::server::{FIRST_PAUSE, Server, open_client, try_connect};
use crate::{RedisError, RedisSettings};

/// How often the map is looked at again though nothing hints at a change: a request that goes astray says so at once.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// Connections to all nodes of a cluster. Cheap to clone; all clones share them.
#[derive(Clone)]
pub(super) struct Cluster {
    shared: Arc<Shared>,
}

struct Shared {
    name: &'static str,
    /// The nodes of the settings, to begin with and when no other answers.
    seeds: Vec<ConnectionInfo>,
    settings: RedisSettings,
    map: watch::Sender<Arc<Map>>,
    look_again: watch::Sender<()>,
}

/// Carries the requests of one call. A script that a node does not know yet is loaded where it was asked for, so the
/// node of the last request is remembered for what has no key.
pub(super) struct Messenger {
    cluster: Cluster,
    last: Option<Server>,
}

impl Cluster {
    /// Starts to learn the map, and goes on for as long as anybody holds the value. There is at least one seed.
    pub(super) fn open(name: &'static str, seeds: Vec<ConnectionInfo>, settings: &RedisSettings) -> Self {
        let (look_again, hints) = watch::channel(());
        let map = watch::Sender::new(Arc::default());
        let shared = Arc::new(Shared { name, seeds, settings: settings.clone(), map, look_again });
        tokio::spawn(keep_looking(Arc::downgrade(&shared), hints));
        Self { shared }
    }

    pub(super) fn messenger(&self) -> Messenger {
        Messenger { cluster: self.clone(), last: None }
    }

    pub(super) fn is_up(&self) -> bool {
        self.map().servers().any(Server::is_up)
    }

    pub(super) async fn wait_until_up(&self) {
        let one_is_up = async |map: &Map| {
            select_all(map.servers().map(|server| Box::pin(server.wait_until_up()))).await;
        };
        self.wait_for(one_is_up).await;
    }

    pub(super) async fn wait_until_all_up(&self) {
        let all_are_up = async |map: &Map| {
            join_all(map.servers().map(Server::wait_until_up)).await;
        };
        self.wait_for(all_are_up).await;
    }

    /// Waits for the nodes, whichever the map names by then.
    async fn wait_for(&self, nodes_are_up: impl AsyncFn(&Map)) {
        let mut maps = self.shared.map.subscribe();
        loop {
            let map = Arc::clone(&maps.borrow_and_update());
            if map.servers().next().is_none() {
                let _ = maps.changed().await;
                continue;
            }
            tokio::select! {
                () = nodes_are_up(&map) => return,
                _ = maps.changed() => {}
            }
        }
    }

    fn map(&self) -> Arc<Map> {
        Arc::clone(&self.shared.map.borrow())
    }
}

impl Messenger {
    pub(super) async fn send(&mut self, request: Request<'_>) -> RedisResult<Vec<Value>> {
        let server = self.server_for(request)?;
        let answer = self.ask(&server, request).await;
        let Some(error) = first_error(&answer) else { return answer };
        match error.kind() {
            ErrorKind::Server(ServerErrorKind::Moved) => {
                self.cluster.shared.look_again.send_replace(());
                match error.redirect_node() {
                    Some((address, _)) => {
                        let server = self.cluster.shared.server_at(address).await?;
                        self.ask(&server, request).await
                    }
                    None => answer,
                }
            }
            ErrorKind::Server(ServerErrorKind::Ask) => match (error.redirect_node(), request) {
                (Some((address, _)), Request::Command(command)) => {
                    let server = self.cluster.shared.server_at(address).await?;
                    self.ask_while_moving(&server, command).await
                }
                _ => answer,
            },
            ErrorKind::Server(ServerErrorKind::ClusterDown | ServerErrorKind::ExecAbort) | ErrorKind::Io => {
                self.cluster.shared.look_again.send_replace(());
                answer
            }
            _ => answer,
        }
    }

    async fn ask(&mut self, server: &Server, request: Request<'_>) -> RedisResult<Vec<Value>> {
        self.last = Some(server.clone());
        server.send(request).await
    }

    /// Asks the node that a slot is just moving to, which answers only if it is told so.
    async fn ask_while_moving(&mut self, server: &Server, command: &Cmd) -> RedisResult<Vec<Value>> {
        let mut pipeline = redis::pipe();
        pipeline.cmd("ASKING").add_command(command.clone());
        self.ask(server, Request::Pipeline { pipeline: &pipeline, offset: 1, count: 1 }).await
    }

    fn server_for(&self, request: Request<'_>) -> RedisResult<Server> {
        let map = self.cluster.map();
        let server = match request.slot() {
            Some(slot) => map.server_of(slot),
            None => self.last.as_ref().or_else(|| map.servers().find(|server| server.is_up())),
        };
        server.cloned().ok_or_else(|| {
            self.cluster.shared.look_again.send_replace(());
            io::Error::new(io::ErrorKind::NotConnected, "no node of the cluster is known for this").into()
        })
    }
}

impl Shared {
    /// The node at an address that another node has told; one that is new to us gets a moment to be connected to.
    async fn server_at(&self, address: &str) -> RedisResult<Server> {
        let known = self.map.borrow().servers().find(|server| server.address() == address).cloned();
        if let Some(server) = known {
            return Ok(server);
        }
        let place = address.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
        let opened =
            place.and_then(|(host, port)| Server::open(self.name, self.info_of(host, port), &self.settings).ok());
        let odd = || io::Error::new(io::ErrorKind::InvalidInput, "a node has told an odd address");
        let server = opened.ok_or_else(odd)?;
        let _ = timeout(self.settings.response_timeout(), server.wait_until_up()).await;
        Ok(server)
    }

    /// Learns the map from whichever node answers first.
    async fn look(&self) -> Result<(), RedisError> {
        let slots = cmd("CLUSTER").arg("SLOTS").clone();
        let map = Arc::clone(&self.map.borrow());
        for server in map.servers().filter(|server| server.is_up()) {
            if let Ok(answer) = server.send(Request::Command(&slots)).await
                && let Some(shares) = answer.first().and_then(|told| Share::read_all(told, host_of(server.address())))
            {
                return self.adopt(&map, &shares);
            }
        }
        let mut last_error = RedisError::Unavailable("no node of the cluster is reachable".to_owned());
        for seed in &self.seeds {
            match self.ask_seed(seed, &slots).await {
                Ok(shares) => return self.adopt(&map, &shares),
                Err(error) => last_error = error,
            }
        }
        Err(last_error)
    }

    async fn ask_seed(&self, seed: &ConnectionInfo, slots: &Cmd) -> Result<Vec<Share>, RedisError> {
        let mut connection = try_connect(&open_client(seed.clone(), &self.settings)?, &self.settings).await?;
        let answer = timeout(self.settings.connect_timeout(), slots.query_async::<Value>(&mut connection)).await;
        let told = answer.map_err(|_| RedisError::Timeout)??;
        Share::read_all(&told, host_of(&seed.addr().to_string()))
            .ok_or_else(|| RedisError::Unexpected("no map of the cluster's slots".to_owned()))
    }

    fn adopt(&self, old: &Map, shares: &[Share]) -> Result<(), RedisError> {
        let mut servers = BTreeMap::new();
        for Share { host, port, .. } in shares {
            let address = format!("{host}:{port}");
            let known = old.servers().find(|server| server.address() == address).cloned();
            let server =
                known.map_or_else(|| Server::open(self.name, self.info_of(host, *port), &self.settings), Ok)?;
            servers.insert(address, server);
        }
        self.map.send_replace(Arc::new(Map::new(shares, servers)));
        Ok(())
    }

    /// How to connect to a node: as to the first one of the settings, with the same user and password, and encrypted if
    /// that is.
    fn info_of(&self, host: &str, port: u16) -> ConnectionInfo {
        let seed = &self.seeds[0];
        let host = host.to_owned();
        let place = match seed.addr() {
            ConnectionAddr::TcpTls { insecure, .. } => {
                ConnectionAddr::TcpTls { host, port, insecure: *insecure, tls_params: None }
            }
            _ => ConnectionAddr::Tcp(host, port),
        };
        seed.clone().set_addr(place)
    }
}

fn host_of(address: &str) -> &str {
    address.rsplit_once(':').map_or(address, |(host, _)| host)
}

/// Learns the map at the start, whenever something hints at a change, and now and then; until nobody holds the
/// connection any more.
async fn keep_looking(shared: Weak<Shared>, mut hints: watch::Receiver<()>) {
    let mut backoff: Option<Backoff> = None;
    loop {
        let pause = {
            let Some(shared) = shared.upgrade() else { return };
            hints.mark_unchanged();
            let longest = shared.settings.reconnect_pause();
            match shared.look().await {
                Ok(()) => {
                    backoff = None;
                    None
                }
                Err(error) => {
                    if backoff.is_none() {
                        tracing::warn!(connection = shared.name, %error, "cannot learn the cluster's map; trying on");
                    }
                    Some(backoff.get_or_insert_with(|| Backoff::new(FIRST_PAUSE, longest)).next_wait())
                }
            }
        };
        match pause {
            Some(pause) => tokio::time::sleep(pause).await,
            None => {
                if matches!(timeout(LOOK_EVERY, hints.changed()).await, Ok(Err(_))) {
                    return;
                }
                // A crowd of hints is one hint.
                tokio::time::sleep(FIRST_PAUSE).await;
            }
        }
    }
}
