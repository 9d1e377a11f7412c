//! The order log: requests to buy, durable before anything is said, taken in order by the order-worker.
//!
//! ```text
//!  order service                     Redis of its own                         order-worker (the leader)
//!  ─────────────                     ────────────────                         ─────────────────────────
//!  OrderLog::append ───────────────► stream of requests ────────────────────► Consumer::take, ≤ 200 at once
//!  WaitingRoom::try_wait, before it   │  refused when full                       │ placed in one transaction
//!                                     │  unreadable, or taken too often          ▼
//!                                     │      └─► dead-letter stream            Consumer::settle, in one step:
//!  Follower tells the WaitingRoom ◄── stream of outcomes ◄──────────────────── outcomes told, entries removed
//! ```
//!
//! Promises:
//! - What [`OrderLog::append`] has returned survives a crash of everybody, the log included (`appendfsync always`).
//! - An entry leaves the log only in the step that tells its outcome, or that sets it aside with the reason. So an
//!   entry may be taken twice, and placing it must be harmless the second time; the store sees to that.
//! - Entries are taken in the order of their append. One worker at a time leads. Two may believe that they do for a
//!   moment; the database then takes the word of one of them only (the term of a lead, see the store).
//! - The log is bounded, by number and by the time that waiting in it would take; beyond that an append is refused at
//!   once. Whoever is taken is told their place, and the time that it is worth at the rate measured last.
//! - Nothing trims the log. (Outcomes are trimmed: they repeat what the database knows.)
//! - An entry that cannot be read, or that never comes to an outcome, does not stand in the way of others.
//!
//! Leaves to others: what placing means (store), what to do when the log is away (the order service).

mod appender;
mod consumer;
mod dead_letters;
mod drain_rate;
mod error;
mod follower;
mod ledger;
mod payload;
mod position;
mod queue_watch;
mod settings;
mod stream;
mod waiting_room;

use halles_domain::RequestToBuy;
use halles_redis::{Connection, Keys};
use redis::Script;

use appender::Appender;
pub use consumer::{Consumer, Logged};
pub use dead_letters::{DeadLetter, Redriven};
pub use drain_rate::QueuePlace;
pub use error::OrderLogError;
pub use follower::Follower;
pub use ledger::Ledger;
pub use payload::{Outcome, Undecodable, Verdict};
pub use position::{LogPosition, NoPosition};
pub use queue_watch::{Pulse, QueueWatch};
pub use settings::OrderLogSettings;
pub use waiting_room::{Wait, WaitingRoom};

/// The writing end of the log. Cheap to clone.
#[derive(Debug, Clone)]
pub struct OrderLog {
    connection: Connection,
    keys: Keys,
    appender: Appender,
}

/// A request that is durable now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Appended {
    /// Where it stands in the log.
    pub position: LogPosition,
    /// How many stand before it, and how long that may take.
    pub queue: QueuePlace,
}

/// How full the log is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Depth {
    /// How many requests wait.
    pub waiting: u64,
    /// The first of them.
    pub oldest: Option<LogPosition>,
    /// How many requests were set aside for people to look at.
    pub dead: u64,
    /// How many requests leave in a second; none while nobody takes any.
    pub per_second: Option<f64>,
}

impl OrderLog {
    /// Connects to the log. One that cannot be reached now is no error: appends fail until it is back.
    pub async fn connect(settings: &OrderLogSettings) -> Result<Self, OrderLogError> {
        let connection = Connection::connect("order_log", &settings.redis_url, &settings.redis).await?;
        let keys = Keys::new(&settings.key_prefix);
        let appender = Appender::start(connection.clone(), &keys, settings);
        Ok(Self { connection, keys, appender })
    }

    /// Appends a request, together with whoever else appends at this moment. Once this returns, the request is durable
    /// and will come to an outcome.
    ///
    /// After [`OrderLogError::Unavailable`] it may have been appended all the same; whoever goes another way then must
    /// do so under the same order id, which makes the second time harmless.
    pub async fn append(&self, request: &RequestToBuy) -> Result<Appended, OrderLogError> {
        self.appender.append(payload::encode_request(request)).await
    }

    /// How full the log is, for metrics and for estimates of the wait.
    pub async fn depth(&self) -> Result<Depth, OrderLogError> {
        stream::fetch_depth(&self.connection, &self.keys).await
    }

    /// What must be known of the log as a whole to tell anybody's place in it.
    pub async fn pulse(&self) -> Result<Pulse, OrderLogError> {
        let script = Script::new(include_str!("order_log/scripts/pulse.lua"));
        let mut invocation = script.key(self.keys.order_log());
        invocation.key(self.keys.order_log_drain_rate());
        let (waiting, added, last, rate): (u64, u64, String, String) = self.connection.invoke(&invocation).await?;
        Ok(Pulse { added, waiting, last: stream::parse_position(&last)?, per_second: rate.parse().ok() })
    }

    /// Whether the log answers, for readiness probes.
    pub async fn ping(&self) -> Result<(), OrderLogError> {
        Ok(self.connection.ping().await?)
    }
}
