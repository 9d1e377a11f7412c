//! The settings of the store, `[store]` in a service's file.

use halles_settings::{Faults, Secret, Validate};
use serde::{Deserialize, Serialize};

use crate::address::{Address, AddressError};

/// Where the databases are and how patient we are with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreSettings {
    /// The read replica, `postgres://user:password@host:port/database`; with `?sslmode=verify-full&sslrootcert=FILE` by TLS
    /// to a server that one of the authorities in FILE vouches for. Several, as `host:port,host:port` with
    /// `load_balance_hosts=random`, share the connections. Needed by every service that reads.
    pub replica_url: Secret,
    /// The primary. Needed by services that write; readers use it for the capped fallback only, and do without one
    /// when it is not set.
    pub primary_url: Secret,
    /// Connections to the replica per process. 16: a read takes about a millisecond, so 16 connections carry some
    /// 10,000 reads/s, far more than one process behind a cache sends; more would only queue inside PostgreSQL.
    pub replica_max_connections: u32,
    /// Connections to the primary per process. 8: writes come in batches from few workers; many processes share
    /// the primary's connections.
    pub primary_max_connections: u32,
    /// How many reads of this process may be on the primary at once while the replica is away. 4: enough to fill the
    /// caches again, too few for all instances together to hurt the orders.
    pub fallback_max_concurrent: u32,
    /// How long a read may wait for its turn on the primary. Short, because the crowd behind it is long.
    pub fallback_wait_ms: u64,
    /// How long a connection may take to open. Too high and the first request of an outage waits for nothing; too low
    /// and a busy server looks like a dead one.
    pub connect_timeout_ms: u64,
    /// How long a request may wait for a free connection. A wait means overload: better say so early.
    pub acquire_timeout_ms: u64,
    /// After a server did not answer, how long callers are refused at once before one of them tries again.
    pub outage_probe_ms: u64,
    /// The longest read, enforced by the server. Pages take milliseconds; the indexer's bulk reads some 100 ms.
    pub read_timeout_ms: u64,
    /// The longest write transaction, enforced by the server per statement and by us as a whole. A batch of orders
    /// takes some 10 ms; what takes seconds holds locks that others wait for.
    pub write_timeout_ms: u64,
    /// After how long without a word in the middle of a transaction the server ends the session. Between two statements of
    /// ours lie microseconds; a process that hangs there would keep its locks, and all that want them, waiting. Shorter
    /// than the lead of the order log, so that the next leader finds nothing locked.
    pub idle_transaction_timeout_ms: u64,
    /// What `pg_stat_activity` calls our connections; the service's name is a good choice.
    pub application_name: String,
}

impl Default for StoreSettings {
    fn default() -> Self {
        Self {
            replica_url: Secret::default(),
            primary_url: Secret::default(),
            replica_max_connections: 16,
            primary_max_connections: 8,
            fallback_max_concurrent: 4,
            fallback_wait_ms: 100,
            connect_timeout_ms: 500,
            acquire_timeout_ms: 500,
            outage_probe_ms: 500,
            read_timeout_ms: 2_000,
            write_timeout_ms: 5_000,
            idle_transaction_timeout_ms: 2_000,
            application_name: "halles".to_owned(),
        }
    }
}

impl Validate for StoreSettings {
    fn validate(&self, faults: &mut Faults) {
        for (field, url) in [("replica_url", &self.replica_url), ("primary_url", &self.primary_url)] {
            if let Some(Err(refusal)) = url.expose_if_set().map(Address::parse) {
                let reason = match refusal {
                    AddressError::Encryption => refusal.to_string(),
                    _ => "must be postgres://user@host:port/database".to_owned(),
                };
                faults.refuse(field, reason);
            }
        }
        faults.check_positive("replica_max_connections", self.replica_max_connections);
        faults.check_positive("primary_max_connections", self.primary_max_connections);
        faults.check_positive("fallback_max_concurrent", self.fallback_max_concurrent);
        faults.check_positive("connect_timeout_ms", self.connect_timeout_ms);
        faults.check_positive("acquire_timeout_ms", self.acquire_timeout_ms);
        faults.check_positive("outage_probe_ms", self.outage_probe_ms);
        faults.check_positive("read_timeout_ms", self.read_timeout_ms);
        faults.check_positive("write_timeout_ms", self.write_timeout_ms);
        faults.check_positive("idle_transaction_timeout_ms", self.idle_transaction_timeout_ms);
        faults.check(!self.application_name.contains('\0'), "application_name", "must not contain a NUL");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_lawful() {
        assert_eq!(Faults::of(&StoreSettings::default()), []);
    }

    #[test]
    fn bad_addresses_and_zero_limits_are_named_and_never_shown() {
        let settings = StoreSettings {
            replica_url: "mysql://open-sesame@localhost".into(),
            read_timeout_ms: 0,
            ..StoreSettings::default()
        };
        let faults: Vec<String> = Faults::of(&settings).iter().map(ToString::to_string).collect();
        assert_eq!(
            faults,
            ["replica_url: must be postgres://user@host:port/database", "read_timeout_ms: must be greater than 0"]
        );
    }
}
