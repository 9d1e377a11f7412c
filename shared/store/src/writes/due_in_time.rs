//! Two promises that time keeps: whoever holds pieces hears when the hold is about to end, and who ordered is forgotten
//! some time after the order is over.

use std::time::Duration;

use halles_domain::{Cause, OrderState};

use crate::reads::bounded;
use crate::{StoreError, Writer};

/// The most orders that one call forgets.
const MAX_ERASED: usize = 1_000;

impl Writer {
    /// Has the shoppers told whose hold ends within `before`, each once. Returns how many.
    pub async fn remind_of_holds(&self, before: Duration) -> Result<usize, StoreError> {
        let from = OrderState::AwaitingPayment;
        let to = from.after(Cause::HoldEndsSoon);
        let to = to.map_err(|error| StoreError::internal("reminding of a hold's end", error))?;
        let before_ms = i64::try_from(before.as_millis()).unwrap_or(i64::MAX);
        let (sql, cause) = (include_str!("../queries/remind_of_holds.sql"), Cause::HoldEndsSoon.name());
        let told = self.inner.primary.query(sql, &[&before_ms, &from.name(), &to.name(), &cause]).await?;
        Ok(told.len())
    }

    /// Forgets who ordered, for up to `limit` orders that have been over for `after`. Returns how many; when that is
    /// `limit`, there may be more.
    pub async fn erase_contacts(&self, after: Duration, limit: usize) -> Result<usize, StoreError> {
        let limit = bounded(limit, MAX_ERASED);
        let sql = include_str!("../queries/erase_contacts.sql");
        Ok(self.inner.primary.query(sql, &[&after.as_secs_f64(), &limit]).await?.len())
    }
}
