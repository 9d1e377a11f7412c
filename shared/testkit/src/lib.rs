//! What tests need to meet the real servers: a database of their own, keys of their own, and a wire that can be cut.
//!
//! - [`TestDatabase`]: a freshly migrated database on the primary, seen by the replica too, gone at the end.
//! - [`TestRedis`]: an address and a prefix that nobody else uses.
//! - [`RedisCluster`]: three nodes of a test's own, which it may kill and revive.
//! - [`ChaosProxy`]: stands between a client and a server and can be slow, silent or cut.
//! - [`Collector`]: takes the traces and metrics that processes send, and remembers them.
//! - [`TlsFront`]: puts TLS in front of a server, under an authority of the test's own.
//! - [`eventually`]: waits for a condition, never for a time.
//!
//! The servers are those that `cargo dev test` starts and names in the environment. There is no substitute for them:
//! without them a test fails and says so. Everything here panics when it does not work, as tests should.
//!
//! Migrations come from `halles-store`, which in turn tests itself with this crate: so the unit tests inside
//! `halles-store` do not use it, only those in its `tests/` folder.

mod chaos_proxy;
mod collector;
mod database;
mod eventually;
mod postgres;
mod redis_cluster;
mod redis_server;
mod servers;
mod template;
mod tls_front;

pub use chaos_proxy::ChaosProxy;
pub use collector::{Collector, SeenSpan};
pub use database::TestDatabase;
pub use eventually::eventually;
pub use redis_cluster::RedisCluster;
pub use redis_server::TestRedis;
pub use tls_front::TlsFront;
