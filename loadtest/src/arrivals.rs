//! Open arrivals: each request is sent when it is due, whether or not the earlier ones were answered.
//!
//! ```text
//! schedule ─► pacer (a thread of its own, keeps the time) ─► workers (a thread and connections each) ─► tallies
//! ```
//!
//! Promises:
//! - latency counts from the moment when a request was due, so a server that stalls shows it in every request that came
//!   meanwhile, and nothing is left out (no coordinated omission);
//! - the driver measures how late it was itself, and says when its figures cannot be believed ([`Measured::is_valid`]);
//! - memory is bounded: histograms instead of lists, and beyond `max_in_flight` requests are dropped and counted, not queued.

mod answer;
mod ask;
mod connection;
mod driver;
mod histogram;
mod live;
mod look;
mod orders;
mod schedule;
pub mod stepped;
mod tally;
mod timeline;

pub use ask::{Ask, Visitor, Wants};
pub use driver::{Driver, Target};
pub(crate) use live::lock;
pub use live::{Glance, Live};
pub use orders::OrdersTold;
pub use schedule::{Due, Schedule, Spacing};
pub use tally::{Ending, Measured, Tally};
pub use timeline::{Slot, Timeline};
