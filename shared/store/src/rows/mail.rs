//! Mails that are to be sent.

use halles_domain::{Email, OrderId};
use tokio_postgres::Row;

use super::{Fault, broken, column, count};
use crate::StoreError;
use crate::mails::MailToSend;

/// A mail of a row.
pub(crate) fn mail_to_send(row: &Row) -> Result<MailToSend, StoreError> {
    let transition: i64 = column(row, "id").map_err(broken("a transition", "without a number"))?;
    parse(row, transition).map_err(broken("transition", transition))
}

fn parse(row: &Row, transition: i64) -> Result<MailToSend, Fault> {
    // What was an address when the order was taken still is one; an order that was cancelled before it was placed has none.
    let email = column::<Option<&str>>(row, "email")?.map(Email::new).transpose()?;
    Ok(MailToSend {
        transition,
        order_id: OrderId::new(column(row, "order_id")?),
        to_state: column::<&str>(row, "to_state")?.parse()?,
        cause: column::<&str>(row, "cause")?.parse()?,
        at: column(row, "at")?,
        email,
        attempts: count(row, "mail_attempts")?,
    })
}
