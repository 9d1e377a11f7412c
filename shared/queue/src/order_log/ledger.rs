//! The books of the order log: every request that was ever appended waits, was told its outcome, or was set aside.

use redis::Script;

use super::{OrderLog, OrderLogError};

/// The books at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ledger {
    /// Requests that were ever appended, those that were tried once more included.
    pub appended: u64,
    /// Requests that wait.
    pub waiting: u64,
    /// Outcomes that were ever told.
    pub told: u64,
    /// Requests that were ever set aside.
    pub set_aside: u64,
}

impl Ledger {
    /// How many requests have left the log without an outcome; 0 by the law. It falls below 0 when an outcome was told
    /// twice, as happens when a leader comes back that had lost its lead; nothing lawful raises it.
    pub fn unaccounted(&self) -> i64 {
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        count(self.appended) - count(self.waiting) - count(self.told) - count(self.set_aside)
    }
}

impl OrderLog {
    /// The books of the log, in one step of it.
    pub async fn fetch_ledger(&self) -> Result<Ledger, OrderLogError> {
        let script = Script::new(include_str!("scripts/ledger.lua"));
        let mut invocation = script.key(self.keys.order_log());
        invocation.key(self.keys.order_outcomes()).key(self.keys.order_log_dead());
        let (appended, waiting, told, set_aside) = self.connection.invoke(&invocation).await?;
        Ok(Ledger { appended, waiting, told, set_aside })
    }
}
