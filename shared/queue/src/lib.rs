//! What happens later and must not get lost: the order log and the change stream.
//!
//! - [`order_log`]: requests to buy, durable before anything is said, taken in order by the order-worker.
//! - [`changes`]: the relay from the outbox to the change stream, and the feed that instances follow.

pub mod changes;
pub mod order_log;
