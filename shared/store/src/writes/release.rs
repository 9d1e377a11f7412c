//! Giving pieces back to the shelf, and recording that orders moved on. Parts of transactions.

use std::collections::BTreeMap;

use deadpool_postgres::Transaction;
use halles_domain::{Cause, ChangeSubject, ListingId, OrderId, OrderLine, OrderState};

use crate::StoreError;
use crate::pool::run;
use crate::waitlist::{self, GivenBack};

/// Pieces of one listing that an order gives back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Release {
    pub(crate) listing_id: ListingId,
    pub(crate) held: i32,
    pub(crate) allocated: i32,
}

impl Release {
    /// What a line gives back when its order leaves `state`: an order waiting for its payment holds pieces, a paid one
    /// has them allocated, any other has none.
    pub(crate) fn of(state: OrderState, line: &OrderLine) -> Self {
        let pieces = i32::try_from(line.quantity.get()).unwrap_or(i32::MAX);
        let (held, allocated) = match state {
            OrderState::AwaitingPayment => (pieces, 0),
            OrderState::Paid => (0, pieces),
            _ => (0, 0),
        };
        Self { listing_id: line.listing_id, held, allocated }
    }
}

/// Gives pieces back, listings locked in the order of their numbers, and hands them on to those who wait for them.
/// Returns what to tell the world: the listings, and the orders whose turn has come.
pub(crate) async fn release_in_tx(
    tx: &Transaction<'_>,
    releases: &[Release],
) -> Result<Vec<ChangeSubject>, StoreError> {
    let mut given: BTreeMap<ListingId, GivenBack> = BTreeMap::new();
    for release in releases.iter().filter(|release| release.held > 0 || release.allocated > 0) {
        let sum = given.entry(release.listing_id).or_default();
        sum.held += release.held;
        sum.allocated += release.allocated;
    }
    waitlist::give_back_in_tx(tx, &given).await
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
