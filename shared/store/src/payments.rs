//! Payments in the database: starting one, completing it, giving money back.
//!
//! [`Writer::complete_payment`] is the one completion function: the browser that comes back, the provider's notice and
//! the worker's sweep all end there, in any order and any number. Its promises:
//! - money that was captured either pays its order or is owed back as a row of `refund`, in the same transaction;
//! - an order is paid once (`payment_one_pays`), a payment counts once, a repeat changes nothing;
//! - pieces go from held to allocated, or, when the hold had ended, from the stalls to allocated under the listings' locks.
//!
//! No transaction is open while a provider is asked: callers ask first and complete then.
//!
//! Lock order: the order row, then its payment, then listings in the order of their numbers.

mod complete;
mod refunds;
mod start;
mod sweep;

pub use complete::Completion;
pub use refunds::OwedRefund;
pub(crate) use refunds::owe_refund_in_tx;
pub use start::PaymentStart;
pub use sweep::OpenPayment;

use deadpool_postgres::Transaction;
use halles_domain::{OrderId, Payment, PlacedOrder};

use crate::pool::run;
use crate::{Reader, StoreError, Writer, rows};

impl Reader {
    /// The payments of an order as the replica knows them, the first one first.
    pub async fn list_payments(&self, order_id: OrderId) -> Result<Vec<Payment>, StoreError> {
        let found = self.query(include_str!("queries/payments_of_order.sql"), &[&order_id.get()]).await?;
        rows::payments(&found)
    }
}

impl Writer {
    /// The payments of an order as the primary knows them, for a shopper who comes back from paying.
    pub async fn list_payments(&self, order_id: OrderId) -> Result<Vec<Payment>, StoreError> {
        let sql = include_str!("queries/payments_of_order.sql");
        rows::payments(&self.inner.primary.query(sql, &[&order_id.get()]).await?)
    }
}

/// Locks an order and reads it; what is read is what the last holder of the lock left.
async fn lock_order_in_tx(tx: &Transaction<'_>, id: OrderId) -> Result<PlacedOrder, StoreError> {
    run(tx, "SELECT id FROM orders WHERE id = $1 FOR UPDATE", &[&id.get()]).await?;
    let found = run(tx, include_str!("queries/order_by_id.sql"), &[&id.get()]).await?;
    rows::orders(&found)?.pop().ok_or(StoreError::NotFound("order"))
}
