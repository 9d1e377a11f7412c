//! Listings as placing sees them.

use halles_domain::{CategoryId, ListingStatus, SellerId, Stock, Title, Version};
use tokio_postgres::Row;

use super::listing::price;
use super::{Fault, broken, column, count, listing_id};
use crate::StoreError;
use crate::placing::Offer;

/// The offer of a locked listing's row.
pub(crate) fn offer(row: &Row) -> Result<Offer, StoreError> {
    parse(row).map_err(broken("listing", listing_id(row)?))
}

fn parse(row: &Row) -> Result<Offer, Fault> {
    let stock = Stock::new(count(row, "on_hand")?, count(row, "allocated")?, count(row, "held")?)?;
    Ok(Offer {
        seller_id: SellerId::new(column(row, "seller_id")?),
        category_id: CategoryId::new(column(row, "category_id")?),
        version: Version::new(column(row, "version")?),
        is_for_sale: column::<&str>(row, "status")?.parse::<ListingStatus>()? == ListingStatus::Published,
        title: Title::new(column(row, "title")?)?,
        price: price(row)?,
        available: stock.available(),
        unpaid: stock.available() + stock.held(),
        taken: 0,
        waiting: 0,
    })
}
