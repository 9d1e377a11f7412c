//! What kind of Redis it is, and how long to wait for it.

use std::path::PathBuf;
use std::time::Duration;

use halles_settings::{Faults, Validate};
use serde::{Deserialize, Serialize};

/// Waiting for one Redis server, or for the nodes of a cluster. [`RedisSettings::for_cache`] and [`RedisSettings::for_log`] are the two sets of
/// defaults; the address belongs to whoever uses the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RedisSettings {
    /// Whether the address names nodes of a Redis Cluster (ElastiCache or MemoryDB in cluster mode: its configuration
    /// endpoint), separated by commas. One that answers is enough: the others are learned from it. A single server is
    /// no cluster, even if it is one of many replicas.
    pub cluster: bool,
    /// A file with the certificates of the authorities that vouch for servers at `rediss://` addresses; empty for those
    /// that this machine trusts, which ElastiCache and MemoryDB need. Servers at `redis://` are spoken to in the clear.
    pub ca_path: PathBuf,
    /// How long an attempt to connect may take. Too low and a busy server is never reached; too high and coming back
    /// from an outage takes as long.
    pub connect_timeout_ms: u64,
    /// How long one answer may take.
    pub response_timeout_ms: u64,
    /// After so many timeouts in a row the connection counts as broken: it is closed, and calls fail at once until a
    /// fresh one has answered a ping.
    pub timeouts_before_reconnect: u32,
    /// The longest pause between two attempts to come back.
    pub reconnect_pause_ms: u64,
}

impl RedisSettings {
    /// For the cache: Redis answers in well under a millisecond, and after 50 ms the database would have been quicker.
    pub const fn for_cache() -> Self {
        Self {
            cluster: false,
            ca_path: PathBuf::new(),
            connect_timeout_ms: 500,
            response_timeout_ms: 50,
            timeouts_before_reconnect: 3,
            reconnect_pause_ms: 500,
        }
    }

    /// For what must not get lost: an append waits for the disk, so a second is patience enough without being a hang.
    pub const fn for_log() -> Self {
        Self {
            cluster: false,
            ca_path: PathBuf::new(),
            connect_timeout_ms: 1_000,
            response_timeout_ms: 1_000,
            timeouts_before_reconnect: 2,
            reconnect_pause_ms: 500,
        }
    }

    /// The same server, over a connection of its own whose commands may block for `block` before they answer.
    #[must_use]
    pub fn blocking_for(&self, block: Duration) -> Self {
        let block_ms = u64::try_from(block.as_millis()).unwrap_or(u64::MAX);
        Self {
            response_timeout_ms: self.response_timeout_ms.saturating_add(block_ms),
            timeouts_before_reconnect: 1,
            ..self.clone()
        }
    }

    pub(crate) const fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.connect_timeout_ms)
    }

    /// How long one answer may take.
    pub const fn response_timeout(&self) -> Duration {
        Duration::from_millis(self.response_timeout_ms)
    }

    pub(crate) const fn reconnect_pause(&self) -> Duration {
        Duration::from_millis(self.reconnect_pause_ms)
    }
}

impl Default for RedisSettings {
    fn default() -> Self {
        Self::for_log()
    }
}

impl Validate for RedisSettings {
    fn validate(&self, faults: &mut Faults) {
        faults.check_positive("connect_timeout_ms", self.connect_timeout_ms);
        faults.check_positive("response_timeout_ms", self.response_timeout_ms);
        faults.check_positive("timeouts_before_reconnect", self.timeouts_before_reconnect);
        faults.check_positive("reconnect_pause_ms", self.reconnect_pause_ms);
    }
}
