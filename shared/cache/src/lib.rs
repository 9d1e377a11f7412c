//! The catalogue as shoppers read it: from memory, else from the cache Redis, else from the store, and never twice at
//! once for the same thing.
//!
//! ```text
//! page ──► L1: this process's memory (moka, bounded in bytes)
//!            │ absent, or no longer fresh (near its end or a little too old: served, and renewed in the background)
//!            ▼
//!          single flight: one load at a time for each key, whoever asks
//!            │
//!            ├─► L2: cache Redis, shared by the fleet (one round trip for any number of keys: values, or leases to load)
//!            │     │ another instance holds the lease: a short wait for what it loads
//!            │     │ absent, outdated, garbage, or Redis away: a miss, never an error
//!            │     ▼
//!            └─► origin: the store's replica, through a bulkhead (one query for any number of keys)
//!                  │ unavailable, and an expired entry is still there
//!                  ▼
//!                the expired entry, marked stale
//! ```
//!
//! Promises:
//! - **An older version never replaces a newer one**, in neither tier. [`Catalogue::apply`] hears of a change, marks the
//!   entry as outdated in L1, leaves a tombstone with the new version in L2, and remembers the version for a while: what a
//!   replica that lags behind says is served for some milliseconds, marked, and goes to L2 never.
//! - **One load for a key at a time in the whole fleet**, by a lease in Redis; for hot keys it happens before the entry's
//!   end, so that nobody waits for it. When whoever holds the lease dies or is slow, the others load after a short wait.
//!   Without Redis it is one load for a key at a time in each process, and never more than `max_loads` at once in each.
//! - **What may have been missed is not trusted.** After [`FeedEvent::Lost`](halles_domain::FeedEvent::Lost), entries from
//!   before that moment are loaded afresh; until that has worked they serve as a last resort. When a tombstone could not
//!   be written for too long, the same holds for everybody, and for whoever begins later: a mark in Redis says so.
//! - **Only age makes an entry good enough to be served while it is renewed**: what is known to be outdated, or is not
//!   trusted, is not served while the store answers.
//! - **Freshness counts from the moment the data was read from the store**, through both tiers: what lives for a second
//!   is a second old at most, wherever it was found. Each [`Lookup`] says how long it holds, and carries [`Stamps`] by
//!   which whatever is made from it can tell whether a part has changed since ([`ChangeCounters`]).
//! - The store sees a bounded number of loads at a time; beyond it there is [`CatalogueError::Busy`] or a stale answer.
//!
//! Left to others: what is written in HTTP headers about it (services), how changes travel (`halles_queue`), SQL
//! (`halles_store`), how Redis is reached (`halles_redis`).

mod catalogue;
mod change_counters;
mod derived;
mod freshness;
mod lookup;
mod meters;
mod origin;
mod room_desk;
mod settings;
mod shared_tier;
mod single_flight;
mod surroundings;
mod tiered;
mod wall_clock;

pub use catalogue::{Catalogue, CatalogueError, Shelf};
pub use change_counters::{ChangeCounters, Stamps};
pub use derived::{Derived, DerivedCache, DerivedKind, DerivedSettings, DerivedStatus, ShortWay};
pub use freshness::Freshness;
pub use halles_redis::RedisError;
pub use lookup::{CacheStatus, Lookup, Tier};
pub use meters::{Level, Outcome};
pub use origin::{Loaded, Origin, OriginError};
pub use room_desk::{SharedRoomDesk, room_desk};
pub use settings::{CacheSettings, EntrySettings};
pub use shared_tier::{
    Answer, Answers, Asker, Content, Lease, Owner, Put, Question, Seen, SharedEntries, SharedTier, Sighting,
    StoredEntry,
};
pub use surroundings::Surroundings;
pub use tiered::{Found, TieredCache};
pub use wall_clock::WallClock;
