//! Small pieces that keep a crowd from becoming an outage.
//!
//! - [`Deadline`]: the time by which an answer is still useful, passed down with the request.
//! - [`Bulkhead`]: so many at once, the rest wait briefly or are refused.
//! - [`Backoff`]: how long to wait before the next try, longer each time and never in step with others.
//! - [`Breaker`]: what does not answer is not asked for a while.
//! - [`RetryBudget`]: how often something may be tried again, as a share of how often it is tried.
//! - [`Shutdown`]: how a task learns that it should finish what it has in hand.
//! - [`ConcurrencyLimit`]: how many requests are worked on at once, found out by trying, shared by [`Class`].
//! - [`Shedder`]: how much to refuse so that a busy thread catches up.
//! - [`RateLimiter`]: so many requests per second for each caller.
//! - [`Ladder`]: what is given up first when all of that is not enough, [`Rung`] by [`Rung`].
//! - [`RoomBook`]: who waits in front of the market on the last of them, and whose turn it is.
//!
//! Promises: no I/O, no framework and no knowledge of the shop but what matters more than what; time is tokio's, so tests
//! run on paused time. Metrics and HTTP answers are left to those who use the pieces; only a [`Breaker`] tells by itself when it is
//! open, so that none can be forgotten.

mod backoff;
mod breaker;
mod bulkhead;
mod class;
mod concurrency_limit;
mod deadline;
mod ladder;
mod rate_limit;
mod retry_budget;
mod rung;
mod shedder;
mod shutdown;
pub mod waiting_room;

pub use backoff::Backoff;
pub use breaker::{Breaker, BreakerOpen, BreakerRules, Call};
pub use bulkhead::{Bulkhead, BulkheadFull, Permit};
pub use class::Class;
pub use concurrency_limit::{ConcurrencyLimit, LimitBounds, Place};
pub use deadline::{Deadline, DeadlineExceeded};
pub use ladder::{Hand, Ladder, LadderTimes, Move, Strain};
pub use rate_limit::{Rate, RateLimiter};
pub use retry_budget::RetryBudget;
pub use rung::Rung;
pub use shedder::Shedder;
pub use shutdown::Shutdown;
pub use waiting_room::{
    DeskAnswer, DeskAway, Given, OwnDesk, RoomBeat, RoomBook, RoomDesk, RoomPlace, Speaker, Ticket,
};
