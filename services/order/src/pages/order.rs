//! `/orders/{id}`

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use halles_api::order::status_url;
use halles_domain::{Listing, ListingId, Money, OrderId, OrderState, PlacedOrder, amount_due};
use halles_http::{Problem, Visitor};
use halles_pages::order_status::{Live, OrderStatusPage};
use halles_pages::pay::Paying;
use jiff::Timestamp;
use serde::Deserialize;

use super::pay::attempt;
use super::{page_with, see_other, visit};
use crate::app::State;
use crate::failure;
use crate::live::step;
use crate::noted::{NotedQuery, noted_query};
use crate::order_status::{Cancelled, Freshness, Known};

/// What the address of an order's page may carry.
#[derive(Debug, Deserialize)]
pub(crate) struct OrderQuery {
    /// What the shopper has just done, if anything: `cancelled`, `cancel-failed`, or how paying went.
    #[serde(default)]
    after: String,
    #[serde(flatten)]
    noted: NotedQuery,
}

/// `GET /orders/{id}`
pub(crate) async fn show_order(
    state: Data<State>,
    visitor: Visitor,
    id: Path<String>,
    query: Query<OrderQuery>,
) -> Result<HttpResponse, Problem> {
    let id = parse(&id)?;
    let freshness = if query.after.is_empty() { Freshness::Usual } else { Freshness::OwnWrite };
    let order = match state.orders.find(id, freshness).await.map_err(failure::store)? {
        Known::Placed(order) => Some(order),
        Known::Pending => None,
        Known::Nothing => return Err(failure::no_order()),
    };
    let listings = listings_of(&state, order.as_ref()).await;
    let payments = match &order {
        Some(_) => state.orders.payments(id, freshness).await,
        None => Vec::new(),
    };
    let is_payable = order.as_ref().is_some_and(|order| order.state == OrderState::AwaitingPayment);
    let link = is_payable.then(|| state.paying.links().payment(id, Timestamp::now()));
    let paying = Paying {
        payments: &payments,
        due: order.as_ref().filter(|_| is_payable).and_then(|order| due_among(order, &listings)),
        attempt: attempt(&query.after),
        link: link.as_deref(),
    };
    let page = OrderStatusPage {
        id,
        order: order.as_ref(),
        listings: &listings,
        now: Timestamp::now(),
        cancel_failed: query.after == "cancel-failed",
        live: live_part(&state, id, order.as_ref(), &query.noted),
        paying,
    };
    Ok(state.payable(page_with(StatusCode::OK, page.render(&visit(&visitor)))))
}

/// What the page needs to stay true while it is open.
fn live_part(state: &State, id: OrderId, order: Option<&PlacedOrder>, noted: &NotedQuery) -> Live {
    let position = noted.position();
    let query = position.map(|position| format!("?{}", noted_query(position))).unwrap_or_default();
    let queue = match (order, position) {
        (Some(_), _) => None,
        (None, Some(position)) => state.queue.place_of(position),
        (None, None) => state.queue.end_of_queue(),
    };
    Live {
        path: format!("{}/live", status_url(id)),
        query,
        step: step(order.map(|order| order.state)),
        queue: queue.map(|queue| (queue.place, queue.expected)),
    }
}

/// `POST /orders/{id}/cancel`
pub(crate) async fn cancel_order(
    state: Data<State>,
    visitor: Visitor,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = parse(&id)?;
    let after = match state.orders.cancel(id, visitor.language).await.map_err(failure::store)? {
        Cancelled::Yes => "cancelled",
        Cancelled::No => "cancel-failed",
        Cancelled::Nothing => return Err(failure::no_order()),
    };
    Ok(see_other(&format!("{}?after={after}", status_url(id))))
}

/// What is no name of an order names nothing.
pub(super) fn parse(id: &str) -> Result<OrderId, Problem> {
    id.parse().map_err(|_| failure::no_order())
}

/// What an order comes to now, for a page: the moment of paying decides.
pub(super) async fn due_now(state: &State, order: &PlacedOrder) -> Option<Money> {
    due_among(order, &listings_of(state, Some(order)).await)
}

fn due_among(order: &PlacedOrder, listings: &[Arc<Listing>]) -> Option<Money> {
    let price = |id| listings.iter().find(|listing| listing.id == id).and_then(|listing| listing.price);
    amount_due(&order.lines, price).ok().flatten()
}

/// The listings that an order speaks of. The page is true without them.
async fn listings_of(state: &State, order: Option<&PlacedOrder>) -> Vec<Arc<Listing>> {
    let Some(order) = order else { return Vec::new() };
    let lines = order.lines.iter().map(|line| line.listing_id);
    let ids: Vec<ListingId> = lines.chain(order.refusals.iter().map(|refusal| refusal.listing_id)).collect();
    state.catalogue.listings(&ids).await.map(|found| found.value).unwrap_or_default()
}
