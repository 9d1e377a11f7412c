//! Money owed back: written down in the transaction that decides it, worked off by whoever has time.

use deadpool_postgres::Transaction;
use halles_domain::{ChangeSubject, Money, OrderId, PaymentId, RefundReason};

use crate::lease::Lease;
use crate::pool::run;
use crate::reads::bounded;
use crate::writer::insert_outbox_in_tx;
use crate::{StoreError, Writer, rows};

/// The most refunds that one worker takes at once.
const MAX_TAKEN: usize = 100;

/// A refund that somebody has taken on for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwedRefund {
    /// The payment to give back; also the refund's name with the provider.
    pub payment_id: PaymentId,
    /// The order that it was paid for.
    pub order_id: OrderId,
    /// How much.
    pub amount: Money,
    /// How often it was tried, this time included.
    pub attempts: u32,
}

impl Writer {
    /// Takes refunds that are due. Each comes back by itself after a while that grows with every attempt, so that a
    /// worker that dies with one leaves nothing behind.
    pub async fn take_refunds(&self, limit: usize) -> Result<Vec<OwedRefund>, StoreError> {
        let limit = bounded(limit, MAX_TAKEN);
        let taken = self.inner.primary.query(include_str!("../queries/take_refunds.sql"), &[&limit]).await?;
        taken.iter().map(rows::owed_refund).collect()
    }

    /// The provider has taken the order to give this payment back. Saying it twice is saying it once.
    pub async fn finish_refund(&self, id: PaymentId) -> Result<(), StoreError> {
        self.inner.primary.write(|connection| finish(connection, id)).await
    }

    /// Notes why a refund did not work this time.
    pub async fn note_refund_trouble(&self, id: PaymentId, trouble: &str) -> Result<(), StoreError> {
        let sql = "UPDATE refund SET last_error = $2 WHERE payment_id = $1 AND done_at IS NULL";
        self.inner.primary.query(sql, &[&id.get(), &trouble]).await.map(drop)
    }

    /// How many refunds are owed, for the metrics.
    pub async fn count_owed_refunds(&self) -> Result<u64, StoreError> {
        let counted =
            self.inner.primary.query("SELECT count(*) AS owed FROM refund WHERE done_at IS NULL", &[]).await?;
        let owed: i64 = counted.first().ok_or(StoreError::NotFound("count"))?.try_get("owed")?;
        Ok(owed.unsigned_abs())
    }
}

async fn finish(mut connection: Lease, id: PaymentId) -> Result<(), StoreError> {
    let tx = connection.transaction().await?;
    let done = run(&tx, include_str!("../queries/finish_refund.sql"), &[&id.get()]).await?;
    for row in &done {
        let order = OrderId::new(row.try_get("order_id")?);
        insert_outbox_in_tx(&tx, &[ChangeSubject::Order { id: order }]).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Owes back what paid this order, if anything did. Part of the transaction that cancels it.
pub(crate) async fn owe_refund_in_tx(tx: &Transaction<'_>, order_id: OrderId) -> Result<(), StoreError> {
    let sql = include_str!("../queries/owe_refund_of_order.sql");
    run(tx, sql, &[&order_id.get(), &RefundReason::OrderCancelled.name()]).await.map(drop)
}

/// Owes back what a payment captured. Nothing captured is nothing owed.
pub(super) async fn insert_refund_in_tx(
    tx: &Transaction<'_>,
    id: PaymentId,
    amount: Money,
    reason: RefundReason,
) -> Result<(), StoreError> {
    if amount.cents() == 0 {
        return Ok(());
    }
    let (cents, currency) = (amount.cents(), amount.currency().code());
    let sql = include_str!("../queries/insert_refund.sql");
    run(tx, sql, &[&id.get(), &cents, &currency, &reason.name()]).await.map(drop)
}
