//! Listings.

use halles_domain::{
    Attributes, CategoryId, ChangeSubject, Currency, Description, Language, Listing, ListingId, ListingStatus, Money,
    Photo, SellerId, Stock, Title, Version,
};
use tokio_postgres::Row;
use tokio_postgres::types::Json;

use super::place::place;
use super::{Fault, broken, column, count};
use crate::StoreError;

/// The listing of a row that has all columns.
pub(crate) fn listing(row: &Row) -> Result<Listing, StoreError> {
    let id = listing_id(row)?;
    parse(row, id).map_err(broken("listing", id))
}

/// The listing's number of a row that has the column `id`.
pub(crate) fn listing_id(row: &Row) -> Result<ListingId, StoreError> {
    column(row, "id").map(ListingId::new).map_err(broken("a listing", "without a number"))
}

/// The change of a listing, from a row of `RETURNING id, version, seller_id, category_id`.
pub(crate) fn listing_subject(row: &Row) -> Result<ChangeSubject, StoreError> {
    Ok(ChangeSubject::Listing {
        id: listing_id(row)?,
        version: Version::new(row.try_get("version")?),
        seller_id: SellerId::new(row.try_get("seller_id")?),
        category_id: CategoryId::new(row.try_get("category_id")?),
    })
}

fn parse(row: &Row, id: ListingId) -> Result<Listing, Fault> {
    Ok(Listing {
        id,
        version: Version::new(column(row, "version")?),
        seller_id: SellerId::new(column(row, "seller_id")?),
        category_id: CategoryId::new(column(row, "category_id")?),
        status: column::<&str>(row, "status")?.parse::<ListingStatus>()?,
        language: column::<&str>(row, "language")?.parse::<Language>()?,
        title: Title::new(column(row, "title")?)?,
        description: Description::new(column(row, "description")?)?,
        attributes: column::<Json<Attributes>>(row, "attributes")?.0,
        price: price(row)?,
        place: place(row)?,
        photos: column::<Vec<&str>>(row, "photos")?.into_iter().map(Photo::new).collect::<Result<_, _>>()?,
        stock: Stock::new(count(row, "on_hand")?, count(row, "allocated")?, count(row, "held")?)?,
        created_at: column(row, "created_at")?,
        updated_at: column(row, "updated_at")?,
    })
}

/// The price of a row that has one.
pub(super) fn price(row: &Row) -> Result<Option<Money>, Fault> {
    let Some(cents) = column::<Option<i64>>(row, "price_cents")? else { return Ok(None) };
    let currency: Currency = column::<&str>(row, "currency")?.parse()?;
    Ok(Some(Money::new(cents, currency)?))
}
