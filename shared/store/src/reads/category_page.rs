//! Pages of listings: a category's in three orders, a shop's by age.
//!
//! Every query asks for one row more than the page has: that row says whether there is a next page, and is not shown.

use halles_domain::{ListingId, SellerId};
use tokio_postgres::Row;

use super::bounded;
use crate::listing_page::{CategoryQuery, Keyset, ListingPage, ListingSort};
use crate::{Reader, StoreError, rows};

impl Reader {
    /// A page of the published listings of some categories.
    pub async fn list_category(&self, query: &CategoryQuery) -> Result<ListingPage, StoreError> {
        let categories: Vec<i32> = query.categories.iter().map(|id| id.get()).collect();
        let limit = bounded(query.limit, ListingPage::MAX_LIMIT);
        let after = query.after.filter(|place| place.fits(query.sort));
        let rows = match query.sort {
            ListingSort::Newest => {
                let before = newest_before(after);
                let sql = include_str!("../queries/category_newest.sql");
                self.query(sql, &[&categories, &before, &query.min_cents, &query.max_cents, &(limit + 1)]).await?
            }
            ListingSort::PriceAsc | ListingSort::PriceDesc => {
                let bounds = PriceBounds::new(query, after);
                let PriceBounds { min, max, cents, id, unpriced } = &bounds;
                let sql = match query.sort {
                    ListingSort::PriceDesc => include_str!("../queries/category_price_desc.sql"),
                    _ => include_str!("../queries/category_price_asc.sql"),
                };
                self.query(sql, &[&categories, min, max, cents, id, unpriced, &(limit + 1)]).await?
            }
        };
        page(&rows, query.sort, limit)
    }

    /// A page of a shop's published listings, the newest first.
    pub async fn list_by_seller(
        &self,
        seller: SellerId,
        after: Option<Keyset>,
        limit: usize,
    ) -> Result<ListingPage, StoreError> {
        let limit = bounded(limit, ListingPage::MAX_LIMIT);
        let before = newest_before(after.filter(|place| place.fits(ListingSort::Newest)));
        let sql = include_str!("../queries/seller_newest.sql");
        let rows = self.query(sql, &[&seller.get(), &before, &(limit + 1)]).await?;
        page(&rows, ListingSort::Newest, limit)
    }
}

/// The listing before which a page by age begins.
fn newest_before(after: Option<Keyset>) -> i64 {
    match after {
        Some(Keyset::Newest { id }) => id.get(),
        _ => i64::MAX,
    }
}

/// Where a page by price begins and ends, for both of its parts: what has a price, and then what has none.
struct PriceBounds {
    min: i64,
    max: i64,
    /// The place among those with a price.
    cents: i64,
    id: i64,
    /// The place among those without.
    unpriced: i64,
}

impl PriceBounds {
    fn new(query: &CategoryQuery, after: Option<Keyset>) -> Self {
        let (before_all, behind_all) = match query.sort {
            ListingSort::PriceDesc => (i64::MAX, i64::MIN),
            _ => (i64::MIN, i64::MAX),
        };
        let has_price_limit = query.min_cents.is_some() || query.max_cents.is_some();
        let first_unpriced = if has_price_limit { behind_all } else { before_all };
        let (cents, id, unpriced) = match after {
            Some(Keyset::Priced { cents, id }) => (cents, id.get(), first_unpriced),
            Some(Keyset::Unpriced { id }) => (behind_all, behind_all, id.get()),
            _ => (before_all, before_all, first_unpriced),
        };
        let (min, max) = (query.min_cents.unwrap_or(0), query.max_cents.unwrap_or(i64::MAX));
        Self { min, max, cents, id, unpriced }
    }
}

fn page(rows: &[Row], sort: ListingSort, limit: i64) -> Result<ListingPage, StoreError> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let shown = rows.get(..limit).unwrap_or(rows);
    let ids = shown.iter().map(rows::listing_id).collect::<Result<Vec<_>, _>>()?;
    let next = match (shown.last(), ids.last()) {
        (Some(last), Some(id)) if rows.len() > limit => Some(place_of(last, *id, sort)?),
        _ => None,
    };
    Ok(ListingPage { ids, next })
}

fn place_of(row: &Row, id: ListingId, sort: ListingSort) -> Result<Keyset, StoreError> {
    let cents: Option<i64> = row.try_get("price_cents")?;
    Ok(match (sort, cents) {
        (ListingSort::Newest, _) => Keyset::Newest { id },
        (_, Some(cents)) => Keyset::Priced { cents, id },
        (_, None) => Keyset::Unpriced { id },
    })
}
