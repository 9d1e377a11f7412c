//! Cancelling: the shopper takes an order back, and its pieces go back to the shelf.

use halles_domain::{Cause, ChangeSubject, OrderId, PlacedOrder};

use super::release::{Release, record_moves_in_tx, release_in_tx};
use crate::lease::Lease;
use crate::payments::owe_refund_in_tx;
use crate::pool::run;
use crate::writer::insert_outbox_in_tx;
use crate::{StoreError, Writer, rows};

/// What became of a wish to cancel.
#[derive(Debug, Clone, PartialEq)]
pub enum Cancellation {
    /// The order is cancelled now.
    Cancelled(PlacedOrder),
    /// It had been cancelled before; nothing changed.
    AlreadyCancelled(PlacedOrder),
    /// It is in a state that nobody can cancel; nothing changed.
    TooLate(PlacedOrder),
}

impl Writer {
    /// Cancels an order for its shopper and gives its pieces back; what was paid is owed back. Cancelling twice is cancelling once.
    pub async fn cancel_order(&self, id: OrderId) -> Result<Cancellation, StoreError> {
        self.inner.primary.write(|connection| cancel(connection, id)).await
    }
}

async fn cancel(mut connection: Lease, id: OrderId) -> Result<Cancellation, StoreError> {
    let tx = connection.transaction().await?;
    // The row lock comes first and alone, so that what is read next is what the last holder of it left.
    let locked = run(&tx, "SELECT id FROM orders WHERE id = $1 FOR UPDATE", &[&id.get()]).await?;
    if locked.is_empty() {
        return Err(StoreError::NotFound("order"));
    }
    let found = run(&tx, include_str!("../queries/order_by_id.sql"), &[&id.get()]).await?;
    let mut order = rows::orders(&found)?.pop().ok_or(StoreError::NotFound("order"))?;
    let from = order.state;
    if from == halles_domain::OrderState::Cancelled {
        return Ok(Cancellation::AlreadyCancelled(order));
    }
    let Ok(to) = from.after(Cause::ShopperCancelled) else { return Ok(Cancellation::TooLate(order)) };
    let releases: Vec<Release> = order.lines.iter().map(|line| Release::of(from, line)).collect();
    let mut subjects = release_in_tx(&tx, &releases).await?;
    record_moves_in_tx(&tx, &[id], from, to, Cause::ShopperCancelled).await?;
    owe_refund_in_tx(&tx, id).await?;
    subjects.push(ChangeSubject::Order { id });
    insert_outbox_in_tx(&tx, &subjects).await?;
    tx.commit().await?;
    order.state = to;
    order.held_until = None;
    Ok(Cancellation::Cancelled(order))
}
