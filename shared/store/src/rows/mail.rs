//! Mails that are to be sent.

use halles_domain::{Email, OrderId, PlacedOrder};
use tokio_postgres::Row;

use super::{Fault, broken, column, count};
use crate::StoreError;
use crate::mails::MailToSend;

/// Which order the mail of a row is about.
pub(crate) fn order_id_of_mail(row: &Row) -> Result<OrderId, StoreError> {
    column(row, "order_id").map(OrderId::new).map_err(broken("a transition", "of no order"))
}

/// A mail of a row, about its order.
pub(crate) fn mail_to_send(row: &Row, order: PlacedOrder) -> Result<MailToSend, StoreError> {
    let transition: i64 = column(row, "id").map_err(broken("a transition", "without a number"))?;
    parse(row, transition, order).map_err(broken("transition", transition))
}

fn parse(row: &Row, transition: i64, order: PlacedOrder) -> Result<MailToSend, Fault> {
    // What was an address when the order was taken still is one; an order that was cancelled before it was placed has none.
    let email = column::<Option<&str>>(row, "email")?.map(Email::new).transpose()?;
    Ok(MailToSend {
        transition,
        order,
        has_refund: column(row, "has_refund")?,
        to_state: column::<&str>(row, "to_state")?.parse()?,
        cause: column::<&str>(row, "cause")?.parse()?,
        at: column(row, "at")?,
        email,
        attempts: count(row, "mail_attempts")?,
    })
}
