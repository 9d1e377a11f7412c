//! Sellers.

use halles_domain::{Seller, SellerId};
use tokio_postgres::Row;

use super::place::place;
use super::{Fault, broken, column};
use crate::StoreError;

/// The seller of a row that has all columns.
pub(crate) fn seller(row: &Row) -> Result<Seller, StoreError> {
    let id = column(row, "id").map_err(broken("a seller", "without a number"))?;
    parse(row, SellerId::new(id)).map_err(broken("seller", id))
}

fn parse(row: &Row, id: SellerId) -> Result<Seller, Fault> {
    Ok(Seller {
        id,
        slug: column::<&str>(row, "slug")?.parse()?,
        name: column(row, "name")?,
        description: column(row, "description")?,
        place: place(row)?,
        created_at: column(row, "created_at")?,
    })
}
