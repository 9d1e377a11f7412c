//! Those who wait for pieces of a listing, and whose turn it is.
//!
//! Promises:
//! - **First come, first served.** Pieces that come free go to whoever has waited longest, in the very transaction that
//!   frees them; nobody is passed over, not even by an order that is smaller and would fit.
//! - **Nobody waits for nothing.** Whoever wants more than can still come free is told so at once, and nobody waits
//!   longer than was said.
//! - A hold begins when its turn comes, not before: waiting costs nobody their time to pay.
//!
//! Whoever gives pieces back calls [`give_back_in_tx`]; whoever changes a listing's stock in another way calls
//! [`review_in_tx`]. Both tell which listings and orders changed, for the outbox.
//!
//! A row of the queue is changed only by whoever has locked its listing, and the order behind it is then locked after
//! the listing: the one exception to the lock order of this crate. It is sound because nobody else locks an order that
//! waits without having its listing (see `cancel_order`).

mod turns;

use std::collections::BTreeMap;

use deadpool_postgres::Transaction;
use halles_domain::{Cause, ChangeSubject, LineRefusal, ListingId, OrderId, OrderState, Refusal};
use tokio_postgres::Row;
use tokio_postgres::types::Json;

use crate::lease::Lease;
use crate::placing::Offer;
use crate::pool::run;
use crate::reads::bounded;
use crate::writer::insert_outbox_in_tx;
use crate::{StoreError, Writer, rows};
use turns::{Pool, Turn, Waiter, turns};

/// The most listings that one review looks at; the next look is soon.
const MAX_REVIEWED: usize = 100;

/// Pieces of one listing that orders give back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct GivenBack {
    pub(crate) held: i32,
    pub(crate) allocated: i32,
}

impl Writer {
    /// Looks at queues whose time has come although nobody gave anything back: somebody has waited for as long as they
    /// may, or the listing was changed around us. Returns how many listings were looked at.
    pub async fn review_waitlists(&self) -> Result<usize, StoreError> {
        self.inner.primary.write(review).await
    }
}

async fn review(mut connection: Lease) -> Result<usize, StoreError> {
    let tx = connection.transaction().await?;
    let due = run(&tx, include_str!("queries/waitlists_due.sql"), &[&bounded(MAX_REVIEWED, MAX_REVIEWED)]).await?;
    let listings = due.iter().map(listing_of).collect::<Result<Vec<_>, _>>()?;
    if listings.is_empty() {
        return Ok(0);
    }
    let subjects = review_in_tx(&tx, &listings).await?;
    insert_outbox_in_tx(&tx, &subjects).await?;
    tx.commit().await?;
    Ok(listings.len())
}

/// Lets those who wait for these listings have their turn, or tells them that there is nothing left to wait for. To be
/// called after a change of a listing's stock that was no giving back.
pub(crate) async fn review_in_tx(
    tx: &Transaction<'_>,
    listings: &[ListingId],
) -> Result<Vec<ChangeSubject>, StoreError> {
    let nothing = listings.iter().map(|listing| (*listing, GivenBack::default())).collect();
    give_back_in_tx(tx, &nothing).await
}

/// Gives pieces back and hands them on to those who wait. Listings are locked in the order of their numbers.
pub(crate) async fn give_back_in_tx(
    tx: &Transaction<'_>,
    given: &BTreeMap<ListingId, GivenBack>,
) -> Result<Vec<ChangeSubject>, StoreError> {
    if given.is_empty() {
        return Ok(Vec::new());
    }
    let listings: Vec<i64> = given.keys().map(|id| id.get()).collect();
    let shelf = run(tx, include_str!("queries/lock_shelf.sql"), &[&listings]).await?;
    let queue = run(tx, include_str!("queries/waiters.sql"), &[&listings]).await?;
    let mut waiters: BTreeMap<ListingId, Vec<Waiter>> = BTreeMap::new();
    for row in &queue {
        waiters.entry(listing_of(row)?).or_default().push(waiter(row)?);
    }
    let mut moves = Moves::default();
    for row in &shelf {
        let (listing, offer) = (rows::listing_id(row)?, rows::offer(row)?);
        let given = given.get(&listing).copied().unwrap_or_default();
        moves.plan(listing, &offer, given, waiters.remove(&listing).unwrap_or_default());
    }
    moves.write_in_tx(tx).await
}

/// What a look at some queues comes to.
#[derive(Debug, Default)]
struct Moves {
    /// By how many pieces each listing's stock goes down: held, allocated.
    stock: Vec<(ListingId, i32, i32)>,
    promoted: Vec<OrderId>,
    given_up: Vec<(OrderId, Refusal)>,
}

impl Moves {
    fn plan(&mut self, listing: ListingId, offer: &Offer, given: GivenBack, waiters: Vec<Waiter>) {
        let freed = u32::try_from(given.held + given.allocated).unwrap_or_default();
        let pool = Pool {
            available: offer.available + freed,
            unpaid: offer.unpaid + u32::try_from(given.allocated).unwrap_or_default(),
            is_for_sale: offer.is_for_sale && offer.price.is_some(),
        };
        let mut handed_on = 0;
        for (waiter, turn) in turns(pool, waiters) {
            match turn {
                Turn::Comes => {
                    handed_on += i32::try_from(waiter.pieces).unwrap_or(i32::MAX);
                    self.promoted.push(waiter.order_id);
                }
                Turn::NeverComes { available } => {
                    let line = LineRefusal::OutOfStock { available };
                    self.given_up.push((waiter.order_id, Refusal { listing_id: listing, line }));
                }
            }
        }
        let (held, allocated) = (given.held - handed_on, given.allocated);
        if (held, allocated) != (0, 0) {
            self.stock.push((listing, held, allocated));
        }
    }

    async fn write_in_tx(self, tx: &Transaction<'_>) -> Result<Vec<ChangeSubject>, StoreError> {
        let mut subjects = Vec::new();
        if !self.stock.is_empty() {
            let listings: Vec<i64> = self.stock.iter().map(|(listing, ..)| listing.get()).collect();
            let held: Vec<i32> = self.stock.iter().map(|(_, held, _)| *held).collect();
            let allocated: Vec<i32> = self.stock.iter().map(|(.., allocated)| *allocated).collect();
            let sql = include_str!("queries/release_stock.sql");
            for row in run(tx, sql, &[&listings, &held, &allocated]).await? {
                subjects.push(rows::listing_subject(&row)?);
            }
        }
        if !self.promoted.is_empty() {
            let to = after(Cause::StockFreed)?;
            let orders: Vec<_> = self.promoted.iter().map(|id| id.get()).collect();
            run(tx, include_str!("queries/promote_waiting.sql"), &[&orders, &to, &Cause::StockFreed.name()]).await?;
        }
        if !self.given_up.is_empty() {
            let to = after(Cause::StockGone)?;
            let orders: Vec<_> = self.given_up.iter().map(|(id, _)| id.get()).collect();
            let refusals: Vec<Json<[Refusal; 1]>> = self.given_up.iter().map(|(_, refusal)| Json([*refusal])).collect();
            let sql = include_str!("queries/give_up_waiting.sql");
            run(tx, sql, &[&orders, &refusals, &to, &Cause::StockGone.name()]).await?;
        }
        let moved = self.promoted.into_iter().chain(self.given_up.into_iter().map(|(id, _)| id));
        subjects.extend(moved.map(|id| ChangeSubject::Order { id }));
        Ok(subjects)
    }
}

/// The listing that an order waits for, if it waits.
pub(crate) async fn waits_for_in_tx(tx: &Transaction<'_>, id: OrderId) -> Result<Option<ListingId>, StoreError> {
    let found = run(tx, "SELECT listing_id FROM waitlist WHERE order_id = $1", &[&id.get()]).await?;
    found.first().map(listing_of).transpose()
}

/// Takes an order out of its queue; to be called by whoever has locked its listing.
pub(crate) async fn leave_in_tx(tx: &Transaction<'_>, id: OrderId) -> Result<(), StoreError> {
    run(tx, "DELETE FROM waitlist WHERE order_id = $1", &[&id.get()]).await.map(drop)
}

fn after(cause: Cause) -> Result<&'static str, StoreError> {
    let to = OrderState::Waitlisted.after(cause);
    Ok(to.map_err(|error| StoreError::internal("moving an order that waits", error))?.name())
}

fn listing_of(row: &Row) -> Result<ListingId, StoreError> {
    Ok(ListingId::new(row.try_get("listing_id")?))
}

fn waiter(row: &Row) -> Result<Waiter, StoreError> {
    Ok(Waiter {
        order_id: OrderId::new(row.try_get("order_id")?),
        pieces: u32::try_from(row.try_get::<_, i32>("pieces")?).unwrap_or(u32::MAX),
        is_over: row.try_get("is_over")?,
    })
}
