//! `/orders/{id}`

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use halles_api::order::status_url;
use halles_domain::{Listing, ListingId, OrderId, PlacedOrder};
use halles_http::{Problem, Visitor};
use halles_pages::order_status::OrderStatusPage;
use jiff::Timestamp;
use serde::Deserialize;

use super::{page_with, see_other, visit};
use crate::app::State;
use crate::failure;
use crate::order_status::{Cancelled, Freshness, Known};

/// What the address of an order's page may carry.
#[derive(Debug, Deserialize)]
pub(crate) struct OrderQuery {
    /// What the shopper has just done, if anything: `cancelled`, or `cancel-failed`.
    #[serde(default)]
    after: String,
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
    let page = OrderStatusPage {
        id,
        order: order.as_ref(),
        listings: &listings,
        now: Timestamp::now(),
        cancel_failed: query.after == "cancel-failed",
    };
    Ok(page_with(StatusCode::OK, page.render(&visit(&visitor))))
}

/// `POST /orders/{id}/cancel`
pub(crate) async fn cancel_order(state: Data<State>, id: Path<String>) -> Result<HttpResponse, Problem> {
    let id = parse(&id)?;
    let after = match state.orders.cancel(id).await.map_err(failure::store)? {
        Cancelled::Yes => "cancelled",
        Cancelled::No => "cancel-failed",
        Cancelled::Nothing => return Err(failure::no_order()),
    };
    Ok(see_other(&format!("{}?after={after}", status_url(id))))
}

/// What is no name of an order names nothing.
fn parse(id: &str) -> Result<OrderId, Problem> {
    id.parse().map_err(|_| failure::no_order())
}

/// The listings that an order speaks of. The page is true without them.
async fn listings_of(state: &State, order: Option<&PlacedOrder>) -> Vec<Arc<Listing>> {
    let Some(order) = order else { return Vec::new() };
    let lines = order.lines.iter().map(|line| line.listing_id);
    let ids: Vec<ListingId> = lines.chain(order.refusals.iter().map(|refusal| refusal.listing_id)).collect();
    state.catalogue.listings(&ids).await.map(|found| found.value).unwrap_or_default()
}
