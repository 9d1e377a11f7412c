//! Expiring: orders whose payment did not come in time give their pieces back.

use halles_domain::{Cause, ChangeSubject, ListingId, OrderId, OrderState};

use super::release::{Release, record_moves_in_tx, release_in_tx};
use crate::lease::Lease;
use crate::pool::run;
use crate::reads::bounded;
use crate::writer::insert_outbox_in_tx;
use crate::{StoreError, Writer, rows};

/// The most orders of one transaction: enough to keep up with a spike, few enough to hold locks only for a moment.
const MAX_EXPIRED: usize = 1_000;

impl Writer {
    /// Expires up to `limit` orders whose hold has ended, the longest overdue first. Returns how many; when that is
    /// `limit`, there may be more. Orders that somebody else is just changing are left for the next call.
    pub async fn expire_holds(&self, limit: usize) -> Result<usize, StoreError> {
        self.inner.primary.write(|connection| expire(connection, limit)).await
    }
}

async fn expire(mut connection: Lease, limit: usize) -> Result<usize, StoreError> {
    let from = OrderState::AwaitingPayment;
    let to = from.after(Cause::HoldExpired).map_err(|error| StoreError::internal("expiring an order", error))?;
    let tx = connection.transaction().await?;
    let limit = bounded(limit, MAX_EXPIRED);
    let due = run(&tx, include_str!("../queries/lock_due_orders.sql"), &[&limit]).await?;
    let orders: Vec<OrderId> = due.iter().map(rows::order_id).collect::<Result<_, _>>()?;
    if orders.is_empty() {
        return Ok(0);
    }
    let ids: Vec<_> = orders.iter().map(|id| id.get()).collect();
    let held = run(&tx, include_str!("../queries/pieces_of_orders.sql"), &[&ids]).await?;
    let releases = held.iter().map(release).collect::<Result<Vec<_>, _>>()?;
    let mut subjects = release_in_tx(&tx, &releases).await?;
    record_moves_in_tx(&tx, &orders, from, to, Cause::HoldExpired).await?;
    subjects.extend(orders.iter().map(|id| ChangeSubject::Order { id: *id }));
    insert_outbox_in_tx(&tx, &subjects).await?;
    tx.commit().await?;
    Ok(orders.len())
}

fn release(row: &tokio_postgres::Row) -> Result<Release, StoreError> {
    Ok(Release { listing_id: ListingId::new(row.try_get("listing_id")?), held: row.try_get("pieces")?, allocated: 0 })
}
