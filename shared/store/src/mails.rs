//! The mails that are still to be sent: one for each move of an order, taken from the moves themselves.

use std::time::Duration;

use deadpool_postgres::Object;
use futures_util::future::try_join_all;
use halles_domain::{Cause, Email, OrderState, PlacedOrder};
use jiff::Timestamp;
use tokio_postgres::Row;

use crate::lease::Lease;
use crate::pool::run;
use crate::reads::bounded;
use crate::{StoreError, Writer, rows};

/// The most mails that one worker takes at once.
const MAX_TAKEN: usize = 200;

/// A move of an order that its shopper is to be told.
#[derive(Debug, Clone)]
pub struct MailToSend {
    /// The number of the move: the mail's name for as long as there are mails.
    pub transition: i64,
    /// The order, as it was when the mail was taken.
    pub order: PlacedOrder,
    /// Whether money of it was given back, or will be.
    pub has_refund: bool,
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

/// A mail about which nothing is left to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FinishedMail {
    /// The number of the move.
    pub transition: i64,
    /// Whether the mail server has it; otherwise there is nobody to send it to, or nobody to whom it is news.
    pub was_sent: bool,
}

impl Writer {
    /// Takes mails that are due, for so long. After that they come back by themselves, so that a worker that dies with some
    /// leaves nothing behind; whoever begins to send one later than that sends it twice.
    pub async fn take_mails(&self, limit: usize, for_so_long: Duration) -> Result<Vec<MailToSend>, StoreError> {
        let (sql, limit) = (include_str!("queries/take_mails.sql"), bounded(limit, MAX_TAKEN));
        let seconds = for_so_long.as_secs_f64();
        let take = |connection: Lease| async move {
            let taken = run(&*connection, sql, &[&limit, &seconds]).await?;
            // All orders are asked for in one breath: asked one after the other, each mail would wait for an answer.
            try_join_all(taken.iter().map(|row| with_order(&connection, row))).await
        };
        self.inner.primary.write(take).await
    }

    /// Nothing is left to do about these mails, in one transaction.
    pub async fn finish_mails(&self, mails: &[FinishedMail]) -> Result<(), StoreError> {
        let sql = include_str!("queries/finish_mails.sql");
        let (transitions, were_sent): (Vec<i64>, Vec<bool>) =
            mails.iter().map(|mail| (mail.transition, mail.was_sent)).unzip();
        self.inner.primary.query(sql, &[&transitions, &were_sent]).await.map(drop)
    }

    /// Gives a mail up, and keeps why.
    pub async fn abandon_mail(&self, transition: i64) -> Result<(), StoreError> {
        let sql = "UPDATE order_transition SET mail_due_at = NULL WHERE id = $1 AND mailed_at IS NULL";
        self.inner.primary.query(sql, &[&transition]).await.map(drop)
    }

    /// Notes why a mail could not be sent this time; it is tried again after a while that grows with every attempt.
    pub async fn put_mail_off(&self, transition: i64, trouble: &str) -> Result<(), StoreError> {
        let sql = include_str!("queries/put_mail_off.sql");
        self.inner.primary.query(sql, &[&transition, &trouble]).await.map(drop)
    }
}

/// The mail of a row, and the order that it is about.
async fn with_order(connection: &Object, row: &Row) -> Result<MailToSend, StoreError> {
    let id = rows::order_id_of_mail(row)?;
    let found = run(connection, include_str!("queries/order_by_id.sql"), &[&id.get()]).await?;
    let order = rows::orders(&found)?.pop().ok_or(StoreError::NotFound("order"))?;
    rows::mail_to_send(row, order)
}
