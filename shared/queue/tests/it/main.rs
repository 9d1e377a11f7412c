//! Tests of the queue crate against real servers.

mod changes;
mod order_log;
