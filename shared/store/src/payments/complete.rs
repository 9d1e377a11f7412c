//! The one completion function.

use deadpool_postgres::Transaction;
use halles_domain::{
    Capture, Cause, ChangeSubject, ListingId, Money, OrderId, Payment, PaymentId, PaymentReport, PaymentState,
    PlacedOrder, RefundReason, meaning_of_capture,
};

use super::lock_order_in_tx;
use super::refunds::insert_refund_in_tx;
use crate::lease::Lease;
use crate::pool::run;
use crate::writer::insert_outbox_in_tx;
use crate::writes::record_moves_in_tx;
use crate::{StoreError, Writer, rows};

/// What a provider's report about a payment came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completion {
    /// The order is paid now.
    Paid,
    /// The money is owed back from now on.
    GoesBack(RefundReason),
    /// The payment failed; the order may be paid by another one.
    Failed,
    /// This was known; nothing changed.
    Known,
}

impl Writer {
    /// Completes a payment with what its provider reports, whoever heard it first.
    pub async fn complete_payment(&self, id: PaymentId, report: PaymentReport) -> Result<Completion, StoreError> {
        self.complete_payment_of(id, report).await.map(|(_, completion)| completion)
    }

    /// The same, and says which order it was about.
    pub async fn complete_payment_of(
        &self,
        id: PaymentId,
        report: PaymentReport,
    ) -> Result<(OrderId, Completion), StoreError> {
        self.inner.primary.write(|connection| complete(connection, id, report)).await
    }
}

async fn complete(
    mut connection: Lease,
    id: PaymentId,
    report: PaymentReport,
) -> Result<(OrderId, Completion), StoreError> {
    let tx = connection.transaction().await?;
    // A payment never changes its order, so this may be read before the order is locked.
    let of_order = run(&tx, "SELECT order_id FROM payment WHERE id = $1", &[&id.get()]).await?;
    let order_id = OrderId::new(of_order.first().ok_or(StoreError::NotFound("payment"))?.try_get("order_id")?);
    let order = lock_order_in_tx(&tx, order_id).await?;
    let payment = lock_payment_in_tx(&tx, id).await?;
    let completion = match (payment.state, report) {
        // Captured is the last word: a failure that is told after it is an old one.
        (PaymentState::Captured, _) | (PaymentState::Failed, PaymentReport::Failed) => {
            return Ok((order_id, Completion::Known));
        }
        (PaymentState::Started, PaymentReport::Failed) => {
            run(&tx, include_str!("../queries/fail_payment.sql"), &[&id.get()]).await?;
            insert_outbox_in_tx(&tx, &[ChangeSubject::Order { id: order_id }]).await?;
            Completion::Failed
        }
        (PaymentState::Started | PaymentState::Failed, PaymentReport::Captured(captured)) => {
            captured_in_tx(&tx, &order, &payment, captured).await?
        }
    };
    tx.commit().await?;
    Ok((order_id, completion))
}

async fn lock_payment_in_tx(tx: &Transaction<'_>, id: PaymentId) -> Result<Payment, StoreError> {
    run(tx, "SELECT id FROM payment WHERE id = $1 FOR UPDATE", &[&id.get()]).await?;
    let found = run(tx, include_str!("../queries/payment_by_id.sql"), &[&id.get()]).await?;
    rows::payments(&found)?.pop().ok_or(StoreError::NotFound("payment"))
}

/// The money is there: it pays the order or goes back.
async fn captured_in_tx(
    tx: &Transaction<'_>,
    order: &PlacedOrder,
    payment: &Payment,
    captured: Money,
) -> Result<Completion, StoreError> {
    let pays = match meaning_of_capture(order.state, payment.amount, captured) {
        Capture::GoesBack(reason) => Err(reason),
        Capture::Pays => Ok((allocate_held_in_tx(tx, order).await?, Cause::PaymentCaptured)),
        Capture::PaysIfStockRemains => match allocate_again_in_tx(tx, order).await? {
            Some(subjects) => Ok((subjects, Cause::PaymentCapturedLate)),
            None => Err(RefundReason::CameTooLate),
        },
    };
    let sql = include_str!("../queries/capture_payment.sql");
    run(tx, sql, &[&payment.id.get(), &pays.is_ok()]).await?;
    let (mut subjects, completion) = match pays {
        Ok((subjects, cause)) => {
            let to = order.state.after(cause).map_err(|error| StoreError::internal("completing a payment", error))?;
            record_moves_in_tx(tx, &[order.id], order.state, to, cause).await?;
            (subjects, Completion::Paid)
        }
        Err(reason) => {
            insert_refund_in_tx(tx, payment.id, captured, reason).await?;
            (Vec::new(), Completion::GoesBack(reason))
        }
    };
    subjects.push(ChangeSubject::Order { id: order.id });
    insert_outbox_in_tx(tx, &subjects).await?;
    Ok(completion)
}

/// Pieces that are held for the order are promised to it for good.
async fn allocate_held_in_tx(tx: &Transaction<'_>, order: &PlacedOrder) -> Result<Vec<ChangeSubject>, StoreError> {
    let (ids, pieces) = pieces_of(order);
    run(tx, include_str!("../queries/lock_listings.sql"), &[&ids]).await?;
    let changed = run(tx, include_str!("../queries/allocate_held.sql"), &[&ids, &pieces]).await?;
    changed.iter().map(rows::listing_subject).collect()
}

/// Takes an expired order's pieces from the stalls once more: all of them, or nothing. What lies there while somebody waits
/// belongs to those who wait: whoever let their time run out stands behind them.
async fn allocate_again_in_tx(
    tx: &Transaction<'_>,
    order: &PlacedOrder,
) -> Result<Option<Vec<ChangeSubject>>, StoreError> {
    let (ids, pieces) = pieces_of(order);
    let shelf = run(tx, include_str!("../queries/lock_shelf.sql"), &[&ids]).await?;
    let queues = run(tx, include_str!("../queries/waiting_counts.sql"), &[&ids]).await?;
    let mut has_all = shelf.len() == ids.len() && queues.is_empty();
    for row in &shelf {
        let (id, offer) = (rows::listing_id(row)?, rows::offer(row)?);
        has_all &= offer.is_for_sale && offer.available >= pieces_wanted(order, id);
    }
    if !has_all {
        return Ok(None);
    }
    let changed = run(tx, include_str!("../queries/allocate_free.sql"), &[&ids, &pieces]).await?;
    changed.iter().map(rows::listing_subject).collect::<Result<_, _>>().map(Some)
}

/// An order names each listing once.
fn pieces_of(order: &PlacedOrder) -> (Vec<i64>, Vec<i32>) {
    let pieces = |quantity: u32| i32::try_from(quantity).unwrap_or(i32::MAX);
    order.lines.iter().map(|line| (line.listing_id.get(), pieces(line.quantity.get()))).unzip()
}

fn pieces_wanted(order: &PlacedOrder, id: ListingId) -> u32 {
    order.lines.iter().find(|line| line.listing_id == id).map_or(0, |line| line.quantity.get())
}
