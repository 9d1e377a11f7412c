//! From rows to the domain, explicitly, one file per entity. A row that breaks a rule of the domain is our fault (or
//! that of whoever wrote around us) and is reported with its name, never shown half.

mod category;
mod change;
mod listing;
mod mail;
mod offer;
mod order;
mod payment;
mod place;
mod seller;
mod seller_part;

pub(crate) use category::category;
pub(crate) use change::change;
pub(crate) use listing::{listing, listing_id, listing_subject};
pub(crate) use mail::{mail_to_send, order_id_of_mail};
pub(crate) use offer::offer;
pub(crate) use order::{order_id, orders, standings, state};
pub(crate) use payment::{open_payment, owed_refund, payments, present_price};
pub(crate) use place::PlaceColumns;
pub(crate) use seller::seller;
pub(crate) use seller_part::seller_parts;

use std::error::Error;
use std::fmt::Display;

use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use crate::StoreError;

/// Why a row is no domain value; the caller adds which row.
type Fault = Box<dyn Error + Send + Sync>;

/// The value of a column.
fn column<'a, T: FromSql<'a>>(row: &'a Row, name: &str) -> Result<T, Fault> {
    row.try_get(name).map_err(|error| format!("column {name}: {}", crate::error::describe(&error)).into())
}

/// A number that the domain knows as unsigned.
fn count(row: &Row, name: &str) -> Result<u32, Fault> {
    let value: i32 = column(row, name)?;
    u32::try_from(value).map_err(|_| format!("column {name} is negative").into())
}

/// Names the row that broke a rule.
fn broken(kind: &str, id: impl Display) -> impl FnOnce(Fault) -> StoreError {
    move |fault| StoreError::internal(format!("{kind} {id} in the database breaks a rule"), fault)
}
