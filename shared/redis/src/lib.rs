//! How this project talks to Redis: connections that never make a caller wait for a server that is down, the one place
//! where keys are named, and the scripts.
//!
//! - [`Connection`]: one multiplexed connection, cheap to clone, for any number of callers. While the server is away
//!   every call fails at once with [`RedisError::Unavailable`]; a task in the background tries to come back, so no
//!   caller pays for finding out. The same holds for each node of a Redis Cluster.
//! - [`RedisSettings`]: how long to wait, with one set of defaults for the cache (a late answer is worse than none) and
//!   one for what must not get lost.
//! - [`Keys`]: every key, under one prefix, with a version in it.
//! - [`scripts`]: what has to happen in one step on the server, as Lua in files of their own.
//!
//! What an unavailable Redis means is left to the callers: for the cache a miss, for the order log another way.

mod connection;
mod error;
mod keys;
pub mod scripts;
mod settings;

pub use connection::Connection;
pub use error::RedisError;
pub use keys::Keys;
pub use settings::RedisSettings;
