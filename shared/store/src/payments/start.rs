//! Starting to pay: the amount is fixed here, before anybody outside is asked.

use std::collections::HashMap;

use deadpool_postgres::Transaction;
use halles_domain::{ListingId, Money, OrderId, OrderState, Payment, PaymentId, PaymentState, PlacedOrder, amount_due};
use jiff::Timestamp;

use super::lock_order_in_tx;
use crate::lease::Lease;
use crate::pool::run;
use crate::{StoreError, Writer, rows};

/// What became of a wish to pay.
#[derive(Debug, Clone, PartialEq)]
pub enum PaymentStart {
    /// A payment is open for the order.
    Open {
        /// The new one, or the one that had been started before.
        payment: Payment,
        /// Until when the order's pieces are held.
        held_until: Timestamp,
    },
    /// The order, as it is now, takes no payment.
    NotPayable(PlacedOrder),
}

impl Writer {
    /// Opens a payment for an order whose pieces are held: the one named `new`, unless one is open already. Charged is
    /// the lower of the agreed and the present price of each line.
    pub async fn start_payment(&self, order_id: OrderId, new: PaymentId) -> Result<PaymentStart, StoreError> {
        self.inner.primary.write(|connection| start(connection, order_id, new)).await
    }
}

async fn start(mut connection: Lease, order_id: OrderId, new: PaymentId) -> Result<PaymentStart, StoreError> {
    let tx = connection.transaction().await?;
    let order = lock_order_in_tx(&tx, order_id).await?;
    let clock = run(&tx, "SELECT clock_timestamp() AS now", &[]).await?;
    let now: Timestamp = clock.first().ok_or(StoreError::NotFound("clock"))?.try_get("now")?;
    let held_until = match order.held_until {
        Some(until) if order.state == OrderState::AwaitingPayment && now < until => until,
        _ => return Ok(PaymentStart::NotPayable(order)),
    };
    let payments = run(&tx, include_str!("../queries/payments_of_order.sql"), &[&order_id.get()]).await?;
    let open = rows::payments(&payments)?.into_iter().find(|payment| payment.state == PaymentState::Started);
    if let Some(open) = open {
        return Ok(PaymentStart::Open { payment: open, held_until });
    }
    let amount = amount_now(&tx, &order).await?;
    let sql = include_str!("../queries/insert_payment.sql");
    let (cents, currency) = (amount.cents(), amount.currency().code());
    let inserted = run(&tx, sql, &[&new.get(), &order_id.get(), &cents, &currency]).await?;
    let started_at = inserted.first().ok_or(StoreError::NotFound("payment"))?.try_get("started_at")?;
    tx.commit().await?;
    let payment = Payment { id: new, order_id, amount, state: PaymentState::Started, refund: None, started_at };
    Ok(PaymentStart::Open { payment, held_until })
}

/// What the order comes to at this moment.
async fn amount_now(tx: &Transaction<'_>, order: &PlacedOrder) -> Result<Money, StoreError> {
    let ids: Vec<i64> = order.lines.iter().map(|line| line.listing_id.get()).collect();
    let rows = run(tx, include_str!("../queries/present_prices.sql"), &[&ids]).await?;
    let mut present: HashMap<ListingId, Money> = HashMap::with_capacity(rows.len());
    for row in &rows {
        let (id, price) = rows::present_price(row)?;
        present.extend(price.map(|price| (id, price)));
    }
    let due = amount_due(&order.lines, |id| present.get(&id).copied());
    let due = due.map_err(|error| StoreError::internal("adding up what an order comes to", error))?;
    due.ok_or_else(|| StoreError::internal("starting a payment", "an order without lines waits for its payment"))
}
