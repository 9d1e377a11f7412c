//! Giving pieces back to the shelf, and recording that orders moved on. Parts of transactions.

use std::collections::BTreeMap;

use deadpool_postgres::Transaction;
use halles_domain::{CategoryId, Cause, ChangeSubject, ListingId, OrderId, OrderLine, OrderState, SellerId, Version};

use crate::StoreError;
use crate::pool::run;

/// Pieces of one listing that an order gives back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Release {
    pub(super) listing_id: ListingId,
    pub(super) held: i32,
    pub(super) allocated: i32,
}

impl Release {
    /// What a line gives back when its order leaves `state`: an order waiting for its payment holds pieces, a paid one
    /// has them allocated, any other has none.
    pub(super) fn of(state: OrderState, line: &OrderLine) -> Self {
        let pieces = i32::try_from(line.quantity.get()).unwrap_or(i32::MAX);
        let (held, allocated) = match state {
            OrderState::AwaitingPayment => (pieces, 0),
            OrderState::Paid => (0, pieces),
            _ => (0, 0),
        };
        Self { listing_id: line.listing_id, held, allocated }
    }
}

/// Gives pieces back, listings locked in the order of their numbers. Returns what to tell the world.
pub(super) async fn release_in_tx(
    tx: &Transaction<'_>,
    releases: &[Release],
) -> Result<Vec<ChangeSubject>, StoreError> {
    let mut sums: BTreeMap<ListingId, (i32, i32)> = BTreeMap::new();
    for release in releases.iter().filter(|release| release.held > 0 || release.allocated > 0) {
        let (held, allocated) = sums.entry(release.listing_id).or_default();
        *held += release.held;
        *allocated += release.allocated;
    }
    if sums.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = sums.keys().map(|id| id.get()).collect();
    let (held, allocated): (Vec<i32>, Vec<i32>) = sums.values().copied().unzip();
    run(tx, include_str!("../queries/lock_listings.sql"), &[&ids]).await?;
    let changed = run(tx, include_str!("../queries/release_stock.sql"), &[&ids, &held, &allocated]).await?;
    changed.iter().map(subject).collect()
}

/// Moves orders that are all in `from` on to `to` and writes it down.
pub(crate) async fn record_moves_in_tx(
    tx: &Transaction<'_>,
    orders: &[OrderId],
    from: OrderState,
    to: OrderState,
    cause: Cause,
) -> Result<(), StoreError> {
    let ids: Vec<_> = orders.iter().map(|id| id.get()).collect();
    let sql = include_str!("../queries/move_orders.sql");
    run(tx, sql, &[&ids, &from.name(), &to.name(), &cause.name()]).await.map(drop)
}

/// The change of a listing, from a row of `RETURNING id, version, seller_id, category_id`.
pub(crate) fn subject(row: &tokio_postgres::Row) -> Result<ChangeSubject, StoreError> {
    Ok(ChangeSubject::Listing {
        id: ListingId::new(row.try_get("id")?),
        version: Version::new(row.try_get("version")?),
        seller_id: SellerId::new(row.try_get("seller_id")?),
        category_id: CategoryId::new(row.try_get("category_id")?),
    })
}
