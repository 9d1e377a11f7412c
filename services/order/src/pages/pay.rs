//! Paying: from the order's page, and through a payment link.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use halles_api::order::status_url;
use halles_domain::{OrderId, PaymentId};
use halles_http::{Payer, Problem, SealError, Visitor};
use halles_pages::pay::{Attempt, PayLinkPage, Paying, expired_link_page};
use jiff::Timestamp;
use serde::Deserialize;

use super::order::{due_now, parse};
use super::{page_with, see_other, visit};
use crate::app::State;
use crate::failure;
use crate::order_status::{Freshness, Known};
use crate::pay::{ComeBack, PayError, Way};

/// `POST /orders/{id}/pay`
pub(crate) async fn pay_order(state: Data<State>, visitor: Visitor, id: Path<String>) -> Result<HttpResponse, Problem> {
    let id = parse(&id)?;
    known(&state, id).await?;
    go_and_pay(&state, &visitor, id, Payer::Owner).await
}

/// `GET /orders/{id}/payments/{payment}`: back from the provider's page.
pub(crate) async fn back_to_order(state: Data<State>, path: Path<(String, String)>) -> Result<HttpResponse, Problem> {
    let (id, payment) = path.into_inner();
    let id = parse(&id)?;
    known(&state, id).await?;
    let after = hear(&state, &payment).await?;
    Ok(see_other(&format!("{}?after={after}", status_url(id))))
}

/// What the address of a payment link's page may carry: what the payer has just tried, if anything.
#[derive(Debug, Deserialize)]
pub(crate) struct PayQuery {
    #[serde(default)]
    after: String,
}

/// `GET /pay/{token}`
pub(crate) async fn show_link(
    state: Data<State>,
    visitor: Visitor,
    token: Path<String>,
    query: Query<PayQuery>,
) -> Result<HttpResponse, Problem> {
    let id = match open(&state, &token)? {
        Some(id) => id,
        None => return Ok(page_with(StatusCode::GONE, expired_link_page(&visit(&visitor)))),
    };
    let freshness = if query.after.is_empty() { Freshness::Usual } else { Freshness::OwnWrite };
    let Known::Placed(order) = state.orders.find(id, freshness).await.map_err(failure::store)? else {
        return Err(failure::no_order());
    };
    let payments = state.orders.payments(id, freshness).await;
    let due = due_now(&state, &order).await;
    let paying = Paying { payments: &payments, due, attempt: attempt(&query.after), link: None };
    let path = format!("/pay/{token}");
    let page = PayLinkPage { order: &order, paying, path: &path, now: Timestamp::now() };
    Ok(state.payable(page_with(StatusCode::OK, page.render(&visit(&visitor)))))
}

/// `POST /pay/{token}`
pub(crate) async fn pay_by_link(
    state: Data<State>,
    visitor: Visitor,
    token: Path<String>,
) -> Result<HttpResponse, Problem> {
    match open(&state, &token)? {
        Some(id) => go_and_pay(&state, &visitor, id, Payer::LinkBearer(&token)).await,
        None => Ok(page_with(StatusCode::GONE, expired_link_page(&visit(&visitor)))),
    }
}

/// `GET /pay/{token}/payments/{payment}`: back from the provider's page.
pub(crate) async fn back_to_link(state: Data<State>, path: Path<(String, String)>) -> Result<HttpResponse, Problem> {
    let (token, payment) = path.into_inner();
    // A link that has grown old meanwhile still was ours: whoever has paid with it must be heard.
    open(&state, &token)?;
    let after = hear(&state, &payment).await?;
    Ok(see_other(&format!("/pay/{token}?after={after}")))
}

/// What the word in an address means.
pub(super) fn attempt(after: &str) -> Attempt {
    match after {
        "paid" => Attempt::Paid,
        "pay-declined" => Attempt::Declined,
        "pay-unconfirmed" => Attempt::Unconfirmed,
        "pay-not-started" => Attempt::NotStarted,
        _ => Attempt::None,
    }
}

async fn go_and_pay(state: &State, visitor: &Visitor, id: OrderId, payer: Payer<'_>) -> Result<HttpResponse, Problem> {
    let page = match payer {
        Payer::Owner => status_url(id),
        Payer::LinkBearer(token) => format!("/pay/{token}"),
    };
    match state.paying.start(id, payer, visitor.language).await {
        Ok(Way::ToProvider(page_url)) => Ok(see_other(&page_url)),
        // Its page says what has become of it.
        Ok(Way::NotPayable(_)) => Ok(see_other(&format!("{page}?after=not-payable"))),
        Err(PayError::Provider(error)) => {
            tracing::warn!(%error, order = %id, "nobody can be sent to pay right now");
            Ok(see_other(&format!("{page}?after=pay-not-started")))
        }
        Err(PayError::Store(halles_store::StoreError::NotFound(_))) => Err(failure::no_order()),
        Err(PayError::Store(error)) => Err(failure::store(error)),
    }
}

/// An invented order costs a read of the replica, and neither one of the primary nor a question to the provider.
async fn known(state: &State, id: OrderId) -> Result<(), Problem> {
    match state.orders.find(id, Freshness::Usual).await.map_err(failure::store)? {
        Known::Nothing => Err(failure::no_order()),
        Known::Placed(_) | Known::Pending => Ok(()),
    }
}

/// Asks how a payment went, and names it for an address.
async fn hear(state: &State, payment: &str) -> Result<&'static str, Problem> {
    let payment: PaymentId = payment.parse().map_err(|_| failure::no_order())?;
    match state.paying.come_back(payment).await {
        Ok(ComeBack::Captured) => Ok("paid"),
        Ok(ComeBack::Failed) => Ok("pay-declined"),
        Ok(ComeBack::Unknown) => Ok("pay-unconfirmed"),
        Err(halles_store::StoreError::NotFound(_)) => Err(failure::no_order()),
        // The money may be there and cannot be written down now: its notice and the sweep come again.
        Err(error) if error.is_transient() => {
            tracing::warn!(%error, %payment, "cannot write down how a payment went; its notice or the sweep will");
            Ok("pay-unconfirmed")
        }
        Err(error) => Err(failure::store(error)),
    }
}

/// The order of a payment link; nothing when the link was good once.
fn open(state: &State, token: &str) -> Result<Option<OrderId>, Problem> {
    match state.paying.links().open(token, Timestamp::now()) {
        Ok(id) => Ok(Some(id)),
        Err(SealError::Expired) => Ok(None),
        Err(SealError::Malformed | SealError::Broken) => Err(failure::no_order()),
    }
}
