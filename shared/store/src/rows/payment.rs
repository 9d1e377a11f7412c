//! Payments with their refunds: one row per payment.

use halles_domain::{ListingId, Money, OrderId, Payment, PaymentId, PaymentState, Refund, RefundReason};
use tokio_postgres::Row;

use super::{Fault, broken, column, count, listing_id};
use crate::StoreError;
use crate::payments::{OpenPayment, OwedRefund};

/// The payments of rows.
pub(crate) fn payments(rows: &[Row]) -> Result<Vec<Payment>, StoreError> {
    rows.iter()
        .map(|row| {
            let id = payment_id(row, "id")?;
            payment(row, id).map_err(broken("payment", id))
        })
        .collect()
}

/// A refund to work off.
pub(crate) fn owed_refund(row: &Row) -> Result<OwedRefund, StoreError> {
    let payment_id = payment_id(row, "payment_id")?;
    let parse = || {
        let amount = money(row, "amount_cents", "currency")?;
        let order_id = column(row, "order_id").map(OrderId::new)?;
        Ok(OwedRefund { payment_id, order_id, amount, attempts: count(row, "attempts")? })
    };
    parse().map_err(broken("the refund of payment", payment_id))
}

/// A payment to ask about.
pub(crate) fn open_payment(row: &Row) -> Result<OpenPayment, StoreError> {
    let id = payment_id(row, "id")?;
    let order_id = column(row, "order_id").map(OrderId::new).map_err(broken("payment", id))?;
    let started_at = column(row, "started_at").map_err(broken("payment", id))?;
    Ok(OpenPayment { id, order_id, started_at })
}

/// What a listing costs at this moment.
pub(crate) fn present_price(row: &Row) -> Result<(ListingId, Option<Money>), StoreError> {
    let id = listing_id(row)?;
    let parse = || match column::<Option<i64>>(row, "price_cents")? {
        Some(_) => money(row, "price_cents", "currency").map(Some),
        None => Ok(None),
    };
    Ok((id, parse().map_err(broken("listing", id))?))
}

fn payment(row: &Row, id: PaymentId) -> Result<Payment, Fault> {
    let state: PaymentState = column::<&str>(row, "state")?.parse()?;
    Ok(Payment {
        id,
        order_id: OrderId::new(column(row, "order_id")?),
        amount: money(row, "amount_cents", "currency")?,
        state,
        refund: refund(row)?,
        started_at: column(row, "started_at")?,
    })
}

fn refund(row: &Row) -> Result<Option<Refund>, Fault> {
    let Some(reason) = column::<Option<&str>>(row, "refund_reason")? else { return Ok(None) };
    let reason: RefundReason = reason.parse()?;
    let amount = money(row, "refund_cents", "refund_currency")?;
    Ok(Some(Refund { amount, reason, done_at: column(row, "refund_done_at")? }))
}

fn payment_id(row: &Row, name: &str) -> Result<PaymentId, StoreError> {
    column(row, name).map(PaymentId::new).map_err(broken("a payment", "without a name"))
}

fn money(row: &Row, cents: &str, currency: &str) -> Result<Money, Fault> {
    Ok(Money::new(column(row, cents)?, column::<&str>(row, currency)?.parse()?)?)
}
