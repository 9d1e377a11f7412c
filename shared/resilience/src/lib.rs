//! Small pieces that keep a crowd from becoming an outage.
//!
//! - [`Deadline`]: the time by which an answer is still useful, passed down with the request.
//! - [`Bulkhead`]: so many at once, the rest wait briefly or are refused.
//! - [`Backoff`]: how long to wait before the next try, longer each time and never in step with others.
//! - [`Shutdown`]: how a task learns that it should finish what it has in hand.
//!
//! Promises: no I/O, no framework and no knowledge of the shop; time is tokio's, so tests run on paused time. Metrics
//! and HTTP answers are left to those who use the pieces.

mod backoff;
mod bulkhead;
mod deadline;
mod shutdown;

pub use backoff::Backoff;
pub use bulkhead::{Bulkhead, BulkheadFull, Permit};
pub use deadline::{Deadline, DeadlineExceeded};
pub use shutdown::Shutdown;
