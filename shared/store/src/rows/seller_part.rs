//! Parts of orders, for their sellers: one row per line, the part's own columns repeated.

use halles_domain::{Contact, Money, OrderId};
use tokio_postgres::Row;
use tokio_postgres::types::Json;

use super::order::{currency, line};
use super::{Fault, broken, column};
use crate::StoreError;
use crate::fulfilment::{Recipient, SellerPart};

/// The parts of rows that are grouped by order.
pub(crate) fn seller_parts(rows: &[Row]) -> Result<Vec<SellerPart>, StoreError> {
    let mut parts: Vec<SellerPart> = Vec::new();
    for row in rows {
        let id = column(row, "order_id").map(OrderId::new).map_err(broken("a part", "without an order"))?;
        if parts.last().is_none_or(|last| last.order_id != id) {
            parts.push(part(row, id).map_err(broken("a part of order", id))?);
        }
        if let (Some(part), Some(line)) = (parts.last_mut(), line(row).map_err(broken("a line of order", id))?) {
            part.lines.push(line);
        }
    }
    Ok(parts)
}

fn part(row: &Row, order_id: OrderId) -> Result<SellerPart, Fault> {
    let contact = column::<Option<Json<Contact>>>(row, "contact")?;
    Ok(SellerPart {
        order_id,
        lines: Vec::new(),
        total: Money::new(column(row, "total_cents")?, currency(row)?)?,
        recipient: contact.map(|Json(contact)| Recipient { name: contact.name, address: contact.address }),
        sent_at: column(row, "sent_at")?,
    })
}
