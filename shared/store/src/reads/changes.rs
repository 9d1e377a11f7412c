//! Following the outbox on the replica, for those who cannot have the change stream.
//!
//! The rule that nothing is skipped: a reader never goes past a transaction that is older than one still running
//! (`transaction < xmin of the current snapshot`), because such a transaction could commit rows behind the reader's
//! place. On the replica the same rule holds for what the replica has replayed.

use halles_domain::{Change, ChangePosition};

use super::bounded;
use crate::{Reader, StoreError, rows};

/// The most changes of one read.
pub(crate) const MAX_CHANGES: usize = 10_000;

pub(crate) const CHANGES_AFTER: &str = include_str!("../queries/changes_after.sql");

impl Reader {
    /// Committed changes after `place`, in their order, none ever skipped.
    pub async fn list_changes_after(&self, place: ChangePosition, limit: usize) -> Result<Vec<Change>, StoreError> {
        let transaction = place.transaction.to_string();
        let limit = bounded(limit, MAX_CHANGES);
        let rows = self.query(CHANGES_AFTER, &[&transaction, &place.row, &limit]).await?;
        rows.iter().map(rows::change).collect()
    }

    /// The place of the last change that a reader could have seen; the very start when there is none.
    pub async fn fetch_change_head(&self) -> Result<ChangePosition, StoreError> {
        let rows = self.query(include_str!("../queries/change_head.sql"), &[]).await?;
        let Some(row) = rows.first() else { return Ok(ChangePosition::default()) };
        let transaction: &str = row.try_get("transaction")?;
        let transaction =
            transaction.parse().map_err(|error| StoreError::internal("reading a transaction's number", error))?;
        Ok(ChangePosition { transaction, row: row.try_get("row")? })
    }
}
