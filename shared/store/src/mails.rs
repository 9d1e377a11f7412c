//! The mails that are still to be sent: one for each move of an order, taken from the moves themselves.

use halles_domain::{Cause, Email, OrderId, OrderState};
use jiff::Timestamp;

use crate::reads::bounded;
use crate::{StoreError, Writer, rows};

/// The most mails that one worker takes at once.
const MAX_TAKEN: usize = 200;

/// A move of an order that its shopper is to be told.
#[derive(Debug, Clone)]
pub struct MailToSend {
    /// The number of the move: the mail's name for as long as there are mails.
    pub transition: i64,
    /// The order.
    pub order_id: OrderId,
    /// What it became.
    pub to_state: OrderState,
    /// What moved it, or what there is to tell although nothing moved.
    pub cause: Cause,
    /// When.
    pub at: Timestamp,
    /// Whom to tell; none when nobody ever said.
    pub email: Option<Email>,
    /// How often it was tried, this time included.
    pub attempts: u32,
}

impl Writer {
    /// Takes mails that are due. Each comes back by itself after a while that grows with every attempt, so that a worker
    /// that dies with one leaves nothing behind.
    pub async fn take_mails(&self, limit: usize) -> Result<Vec<MailToSend>, StoreError> {
        let limit = bounded(limit, MAX_TAKEN);
        let taken = self.inner.primary.query(include_str!("queries/take_mails.sql"), &[&limit]).await?;
        taken.iter().map(rows::mail_to_send).collect()
    }

    /// Nothing is left to do about this mail: it was sent, or there is nobody to send it to.
    pub async fn finish_mail(&self, transition: i64, was_sent: bool) -> Result<(), StoreError> {
        let sql = include_str!("queries/finish_mail.sql");
        self.inner.primary.query(sql, &[&transition, &was_sent]).await.map(drop)
    }

    /// Gives a mail up, and keeps why.
    pub async fn abandon_mail(&self, transition: i64) -> Result<(), StoreError> {
        let sql = "UPDATE order_transition SET mail_due_at = NULL WHERE id = $1 AND mailed_at IS NULL";
        self.inner.primary.query(sql, &[&transition]).await.map(drop)
    }

    /// Notes why a mail could not be sent this time.
    pub async fn note_mail_trouble(&self, transition: i64, trouble: &str) -> Result<(), StoreError> {
        let sql = "UPDATE order_transition SET mail_error = $2 WHERE id = $1 AND mail_due_at IS NOT NULL";
        self.inner.primary.query(sql, &[&transition, &trouble]).await.map(drop)
    }
}
