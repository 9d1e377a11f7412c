//! Payments that nobody has told about: found again, so that the worker can ask their provider.

use halles_domain::{OrderId, PaymentId};
use jiff::Timestamp;

use crate::reads::bounded;
use crate::{StoreError, Writer, rows};

/// The most payments that one worker asks about at once.
const MAX_TAKEN: usize = 100;

/// A payment that was started and of whose end nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenPayment {
    /// Its name.
    pub id: PaymentId,
    /// The order it is for.
    pub order_id: OrderId,
    /// When the shopper started it.
    pub started_at: Timestamp,
}

impl Writer {
    /// Takes open payments whose provider should be asked now, the longest overdue first. Each is due again after a
    /// while that grows with its age, until it is completed.
    pub async fn take_open_payments(&self, limit: usize) -> Result<Vec<OpenPayment>, StoreError> {
        let limit = bounded(limit, MAX_TAKEN);
        let taken = self.inner.primary.query(include_str!("../queries/take_open_payments.sql"), &[&limit]).await?;
        taken.iter().map(rows::open_payment).collect()
    }
}
