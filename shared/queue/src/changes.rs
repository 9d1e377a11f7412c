//! How a committed change reaches everybody: from the outbox to the change stream, and from there to every instance.
//!
//! ```text
//!  primary: outbox rows ──► Relay (one at a time, by lock) ──► change stream in the cache Redis, bounded
//!        │ replication                                              │ blocking reads
//!        ▼                                                          ▼
//!  replica: outbox rows ─ ─ ─ while Redis is away, by polling ─ ─► ChangeFeed (one in every instance)
//! ```
//!
//! Promises:
//! - A change that was committed is told at least once, in the order of the outbox; it may be told again.
//! - Nothing goes by in silence: a feed that cannot be sure to have heard everything says
//!   [`FeedEvent::Lost`].
//! - The relay saves its place after it has published, in the database session that holds its lock. It may be killed
//!   at any moment; whoever comes next goes on from there.
//!
//! Left to others: which rows can be read without skipping a late commit (the store), what a change means (the cache,
//! the indexer).

mod entry;
mod feed;
mod meters;
mod relay;
mod settings;
mod stream;

pub use feed::ChangeFeed;
pub use halles_domain::FeedEvent;
pub use halles_redis::RedisError;
pub use relay::Relay;
pub use settings::ChangesSettings;
pub use stream::ChangeStream;
