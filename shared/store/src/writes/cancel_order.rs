//! Cancelling: the shopper takes an order back, and its pieces go back to the shelf.

use halles_domain::{Cause, ChangeSubject, OrderId, OrderState, PlacedOrder};

use super::release::{Release, record_moves_in_tx, release_in_tx};
use crate::lease::Lease;
use crate::payments::owe_refund_in_tx;
use crate::pool::run;
use crate::writer::insert_outbox_in_tx;
use crate::{StoreError, Writer, rows, waitlist};

/// How often cancelling looks again how the order is to be locked. An order waits once in its life at most, so more than
/// two changes between two looks mean that something is wrong.
const MAX_ATTEMPTS: usize = 4;

/// What became of a wish to cancel.
#[derive(Debug, Clone, PartialEq)]
pub enum Cancellation {
    /// The order is cancelled now.
    Cancelled(PlacedOrder),
    /// It had been cancelled before; nothing changed.
    AlreadyCancelled(PlacedOrder),
    /// It is in a state that nobody can cancel, or part of it was sent; nothing changed.
    TooLate(PlacedOrder),
}

impl Writer {
    /// Cancels an order for its shopper and gives its pieces back; what was paid is owed back. Cancelling twice is cancelling once.
    pub async fn cancel_order(&self, id: OrderId) -> Result<Cancellation, StoreError> {
        for _ in 0..MAX_ATTEMPTS {
            if let Some(done) = self.inner.primary.write(|connection| cancel(connection, id)).await? {
                return Ok(done);
            }
        }
        Err(StoreError::internal("cancelling an order", "it goes in and out of its queue"))
    }
}

/// None when the order began to wait, or its turn came, while it was being locked: then it must be locked in the other way.
async fn cancel(mut connection: Lease, id: OrderId) -> Result<Option<Cancellation>, StoreError> {
    let tx = connection.transaction().await?;
    // An order that waits is locked after its listing, as by whoever hands pieces on to it.
    let waits_for = waitlist::waits_for_in_tx(&tx, id).await?;
    if let Some(listing) = waits_for {
        run(&tx, include_str!("../queries/lock_listings.sql"), &[&vec![listing.get()]]).await?;
        if waitlist::waits_for_in_tx(&tx, id).await?.is_none() {
            return Ok(None);
        }
    }
    // The row lock comes first and alone, so that what is read next is what the last holder of it left.
    let locked = run(&tx, "SELECT id FROM orders WHERE id = $1 FOR UPDATE", &[&id.get()]).await?;
    if locked.is_empty() {
        return Err(StoreError::NotFound("order"));
    }
    let found = run(&tx, include_str!("../queries/order_by_id.sql"), &[&id.get()]).await?;
    let mut order = rows::orders(&found)?.pop().ok_or(StoreError::NotFound("order"))?;
    let from = order.state;
    // It was placed between our look at the queue and our lock, and waits since then.
    if from == OrderState::Waitlisted && waits_for.is_none() {
        return Ok(None);
    }
    if from == OrderState::Cancelled {
        return Ok(Some(Cancellation::AlreadyCancelled(order)));
    }
    let to = match from.after(Cause::ShopperCancelled) {
        Ok(to) if order.can_be_cancelled() => to,
        _ => return Ok(Some(Cancellation::TooLate(order))),
    };
    let mut subjects = match waits_for {
        // Whoever is next in the queue may have waited only for this one.
        Some(listing) => {
            waitlist::leave_in_tx(&tx, id).await?;
            waitlist::review_in_tx(&tx, &[listing]).await?
        }
        None => release_in_tx(&tx, &order.lines.iter().map(|line| Release::of(from, line)).collect::<Vec<_>>()).await?,
    };
    record_moves_in_tx(&tx, &[id], from, to, Cause::ShopperCancelled).await?;
    owe_refund_in_tx(&tx, id).await?;
    subjects.push(ChangeSubject::Order { id });
    insert_outbox_in_tx(&tx, &subjects).await?;
    tx.commit().await?;
    order.state = to;
    order.held_until = None;
    order.waiting = None;
    Ok(Some(Cancellation::Cancelled(order)))
}
