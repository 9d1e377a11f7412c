//! Placing requests to buy: many at once, in one transaction, each exactly once, none of them oversold.
//!
//! The walk of a batch:
//! 1. Requests that no order could be made of are set aside ([`Placement::Impossible`]); they disturb nobody else.
//! 2. The listings of the whole batch are locked in the order of their numbers, and orders that exist already under the
//!    batch's keys are read. Both in one round trip, in this order: whoever placed the same request a moment ago has
//!    committed by the time we hold the lock.
//!    A leader's term is checked on the same trip.
//! 3. In memory, first come first served: a known key is a replay (or a misuse), and each new order takes what is on
//!    the shelf, all of it or nothing (or what there is, if the shopper wants that); or it takes a place in the queue.
//! 4. A few set-based statements write it all. Keys are claimed by the unique constraint, in the order of the keys; when
//!    somebody else claimed one in between, everything is rolled back and the walk starts again, and finds a replay.
//!
//! The database's own check on the stock stands behind all this; it never fires unless this file is wrong.

mod decide;
mod known_keys;
mod lead;
mod orders_in_tx;
mod personal;
mod request;
mod rules;

use deadpool_postgres::Transaction;
use halles_domain::{Invalid, OrderState, PlacedOrder, RequestToBuy};
use jiff::Timestamp;
use tokio_postgres::types::ToSql;

use crate::error::Server;
use crate::lease::Lease;
use crate::{StoreError, Writer};
pub(crate) use decide::Offer;
use decide::{Decision, Shelf};
use known_keys::KnownKeys;
pub use lead::LeadTerm;
use orders_in_tx::NewOrder;
use personal::Personal;
pub use rules::PlacementRules;

/// How often a batch starts again because somebody else placed one of its keys in between. Each time at least one key
/// is settled for good, so more than a few times means that something is wrong.
const MAX_ATTEMPTS: usize = 5;

/// What became of one request to buy.
#[derive(Debug, Clone, PartialEq)]
pub enum Placement {
    /// It is placed now: its pieces are held, or it was refused for the reasons that it names.
    Placed(PlacedOrder),
    /// The same request had been placed before (or earlier in the same batch); this is that order as it is now.
    Replayed(PlacedOrder),
    /// The key was used before for a different request. Nothing was done.
    KeyReused,
    /// No order can be made of this request, now or ever; it came around the order service's checks. Nothing was done.
    Impossible(Invalid),
}

/// What a batch came to, before anything is written.
struct Settled<'a> {
    placements: Vec<Placement>,
    new: Vec<NewOrder<'a>>,
    /// Requests whose orders were withdrawn before.
    withdrawn: Vec<&'a RequestToBuy>,
}

impl Writer {
    /// Places requests in their order, in one transaction, and answers each at its place.
    ///
    /// An error means that nothing of the whole batch was written; the same batch may be tried again.
    pub async fn place_batch(
        &self,
        requests: &[RequestToBuy],
        rules: &PlacementRules,
    ) -> Result<Vec<Placement>, StoreError> {
        self.place(requests, rules, None).await
    }

    /// The same for the leader of the order log. Once another lead has begun, it writes nothing and says
    /// [`crate::Conflict::LeadLost`].
    pub async fn place_batch_as_leader(
        &self,
        term: LeadTerm,
        requests: &[RequestToBuy],
        rules: &PlacementRules,
    ) -> Result<Vec<Placement>, StoreError> {
        self.place(requests, rules, Some(term)).await
    }

    async fn place(
        &self,
        requests: &[RequestToBuy],
        rules: &PlacementRules,
        term: Option<LeadTerm>,
    ) -> Result<Vec<Placement>, StoreError> {
        for _ in 0..MAX_ATTEMPTS {
            if let Some(placements) =
                self.inner.primary.write(|connection| place_once(connection, requests, rules, term)).await?
            {
                return Ok(placements);
            }
        }
        Err(StoreError::Timeout { server: Server::Primary, reason: "keys kept being placed by others".to_owned() })
    }
}

/// One walk; nothing when somebody else placed one of the keys in between.
async fn place_once(
    mut connection: Lease,
    requests: &[RequestToBuy],
    rules: &PlacementRules,
    term: Option<LeadTerm>,
) -> Result<Option<Vec<Placement>>, StoreError> {
    let tx = connection.transaction().await?;
    let mut scene = Scene::lock_in_tx(&tx, requests, rules, term).await?;
    let settled = scene.settle(requests, rules)?;
    if settled.new.is_empty() && settled.withdrawn.is_empty() {
        return Ok(Some(settled.placements));
    }
    orders_in_tx::adopt_withdrawn(&tx, &settled.withdrawn).await?;
    if !orders_in_tx::claim(&tx, &settled.new).await? {
        tx.rollback().await?;
        return Ok(None);
    }
    orders_in_tx::insert_parts(&tx, &settled.new, &scene.shelf, rules).await?;
    tx.commit().await?;
    Ok(Some(settled.placements))
}

/// What a batch finds: its listings, locked, what its buyers have, and the orders that its keys already have.
struct Scene {
    now: Timestamp,
    shelf: Shelf,
    personal: Personal,
    known: KnownKeys,
}

impl Scene {
    async fn lock_in_tx(
        tx: &Transaction<'_>,
        requests: &[RequestToBuy],
        rules: &PlacementRules,
        term: Option<LeadTerm>,
    ) -> Result<Self, StoreError> {
        let mut listings: Vec<i64> =
            requests.iter().flat_map(|request| &request.lines).map(|line| line.listing_id.get()).collect();
        listings.sort_unstable();
        listings.dedup();
        let keys: Vec<&str> = requests.iter().map(|request| request.idempotency_key.as_str()).collect();
        let ids: Vec<_> = requests.iter().map(|request| request.order_id.get()).collect();
        let check = tx.prepare_cached(lead::CHECK).await?;
        let lock = tx.prepare_cached(include_str!("queries/lock_shelf.sql")).await?;
        let find = tx.prepare_cached(include_str!("queries/orders_by_key.sql")).await?;
        let count = tx.prepare_cached(include_str!("queries/waiting_counts.sql")).await?;
        let clock = tx.prepare_cached("SELECT clock_timestamp()").await?;
        let (shelf_of, named): ([&(dyn ToSql + Sync); 1], [&(dyn ToSql + Sync); 2]) = ([&listings], [&keys, &ids]);
        // Sent at once, answered in this order.
        let ((), shelf, known, waiting, clock) = tokio::try_join!(
            lead::check_in_tx(tx, &check, term),
            async { Ok(tx.query(&lock, &shelf_of).await?) },
            async { Ok(tx.query(&find, &named).await?) },
            async { Ok(tx.query(&count, &shelf_of).await?) },
            async { Ok(tx.query_one(&clock, &[]).await?) },
        )?;
        let personal = Personal::read_in_tx(tx, (requests, &listings), rules).await?;
        let shelf = Shelf::new(&shelf, &waiting)?;
        Ok(Self { now: clock.try_get(0)?, shelf, personal, known: KnownKeys::new(&known)? })
    }

    /// Decides every request, first come first served.
    fn settle<'a>(&mut self, requests: &'a [RequestToBuy], rules: &PlacementRules) -> Result<Settled<'a>, StoreError> {
        let held_until = self.now.checked_add(rules.hold_for);
        let held_until =
            held_until.map_err(|error| StoreError::internal("adding the hold time to the clock", error))?;
        let mut settled =
            Settled { placements: Vec::with_capacity(requests.len()), new: Vec::new(), withdrawn: Vec::new() };
        for request in requests {
            if self.known.claim_withdrawn(request) {
                settled.withdrawn.push(request);
            }
            let placement = if let Err(fault) = request::check(request) {
                Placement::Impossible(fault)
            } else if let Some(answer) = self.known.answer(request) {
                answer
            } else {
                let decision = self.shelf.decide(request, &mut self.personal, rules);
                let order = placed(request, decision, (self.now, held_until));
                let key = request.idempotency_key.as_str().to_owned();
                self.known.learn(key, request.fingerprint.0.to_vec(), order.clone());
                settled.new.push(NewOrder { request, order: order.clone() });
                Placement::Placed(order)
            };
            settled.placements.push(placement);
        }
        Ok(settled)
    }
}

fn placed(request: &RequestToBuy, decision: Decision, (now, held_until): (Timestamp, Timestamp)) -> PlacedOrder {
    let order = PlacedOrder {
        id: request.order_id,
        state: OrderState::Refused,
        language: request.language,
        lines: Vec::new(),
        total: None,
        held_until: None,
        waiting: None,
        refusals: Vec::new(),
        accepted_at: request::to_the_microsecond(request.accepted_at),
        placed_at: now,
    };
    match decision {
        Decision::Refused(refusals) => PlacedOrder { refusals, ..order },
        Decision::Waiting { lines, total, place } => {
            PlacedOrder { state: OrderState::Waitlisted, lines, total: Some(total), waiting: Some(place), ..order }
        }
        Decision::Held { lines, total, left_out } => PlacedOrder {
            refusals: left_out,
            state: OrderState::AwaitingPayment,
            lines,
            total: Some(total),
            held_until: Some(request::to_the_microsecond(held_until)),
            ..order
        },
    }
}
