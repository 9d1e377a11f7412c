//! The right to place as the leader, given out and checked by the database itself.
//!
//! Who leads is decided elsewhere, by a lock that runs out. A leader that was away for longer than that (a long pause, a
//! machine that hung) does not know it yet when it wakes, with a batch in hand. So each lead begins by raising the term
//! ([`Writer::begin_lead`]), and every placing transaction of a leader checks that its term is still the present one.
//!
//! The check shares a lock on the term's row until the transaction ends. So a new leader begins only after the batch that
//! is just being written, and nothing of an earlier term is written after that. A predecessor that hangs in the middle
//! of a transaction is ended by the server (`store.idle_transaction_timeout_ms`).

use deadpool_postgres::Transaction;
use tokio_postgres::Statement;

use crate::{Conflict, StoreError, Writer};

/// One lead, from its begin until the next one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeadTerm(i64);

impl Writer {
    /// Begins a lead: from now on, nothing is placed under any earlier term.
    pub async fn begin_lead(&self) -> Result<LeadTerm, StoreError> {
        let raised = "UPDATE placing_lead SET term = term + 1 RETURNING term";
        let rows = self.inner.primary.query(raised, &[]).await?;
        let row = rows.first().ok_or(StoreError::NotFound("term of the lead"))?;
        Ok(LeadTerm(row.try_get("term")?))
    }
}

/// Finds the term if it is the present one, and keeps it the present one until the transaction ends.
pub(super) const CHECK: &str = "SELECT term FROM placing_lead WHERE term = $1 FOR SHARE";

/// Refuses a transaction of a leader whose time ran out, with [`CHECK`] prepared. `None` places without leading: the
/// order service, alone.
pub(super) async fn check_in_tx(
    tx: &Transaction<'_>,
    check: &Statement,
    term: Option<LeadTerm>,
) -> Result<(), StoreError> {
    let Some(LeadTerm(term)) = term else { return Ok(()) };
    match tx.query_opt(check, &[&term]).await? {
        Some(_) => Ok(()),
        None => Err(Conflict::LeadLost.into()),
    }
}
