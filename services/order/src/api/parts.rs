//! `/api/v1/seller/parts`, for sellers

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use halles_api::order::OrderLine;
use halles_api::part::{Part, Parts, Recipient};
use halles_api::problem::ProblemDetails;
use halles_domain::{OrderId, SellerId};
use halles_http::Problem;
use halles_store::{SellerPart, Sending, StoreError};
use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use crate::app::State;
use crate::failure;

/// The parts of one page.
const PAGE: usize = 50;

/// Which parts.
#[derive(Debug, Deserialize)]
pub(crate) struct PartsQuery {
    /// `next` of the page before.
    after: Option<Uuid>,
    /// Whether to list only what is still to be sent.
    #[serde(default)]
    unsent: bool,
}

/// List my parts of paid orders
#[utoipa::path(
    get, path = "/api/v1/seller/parts", tag = "Sellers", security(("seller" = [])),
    params(
        ("after" = Option<Uuid>, Query, description = "`next` of the page before"),
        ("unsent" = Option<bool>, Query, description = "Whether to list only what is still to be sent"),
    ),
    responses(
        (status = 200, description = "A page of parts", body = Parts),
        (status = 401, description = "No seller's token", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_parts(
    state: Data<State>,
    request: HttpRequest,
    query: Query<PartsQuery>,
) -> Result<HttpResponse, Problem> {
    let seller = seller(&state, &request).await?;
    let after = query.after.map(OrderId::new);
    let listed = state.selling.list(seller, after, query.unsent, PAGE).await.map_err(failure::store)?;
    let (parts, next) = listed;
    let parts = Parts { parts: parts.iter().map(on_the_wire).collect(), next: next.map(OrderId::get) };
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "private, no-store")).json(parts))
}

/// Say that I have sent my part of an order
#[utoipa::path(
    put, path = "/api/v1/seller/parts/{order_id}/sent", tag = "Sellers", security(("seller" = [])),
    params(("order_id" = Uuid, Path, description = "The order")),
    responses(
        (status = 204, description = "Written down, or known; the shopper is told, and cannot cancel any more"),
        (status = 401, description = "No seller's token", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "No part of this order is yours", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "The order is not paid, or not any more (`not_paid`): send nothing", body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn note_sent(
    state: Data<State>,
    request: HttpRequest,
    order: Path<String>,
) -> Result<HttpResponse, Problem> {
    let seller = seller(&state, &request).await?;
    let nothing = || Problem::not_found("No part of this order is yours.");
    let order: OrderId = order.parse().map_err(|_| nothing())?;
    match state.selling.sent(seller, order).await {
        Ok(Sending::Noted | Sending::Known) => Ok(HttpResponse::NoContent().finish()),
        Ok(Sending::NotPaid(order_state)) => {
            let detail = format!("This order is {order_state}: nothing of it may be sent.");
            Err(Problem::new(StatusCode::CONFLICT, "not_paid", detail))
        }
        Err(StoreError::NotFound(_)) => Err(nothing()),
        Err(error) => Err(failure::store(error)),
    }
}

/// Who asks, by the token in the header `Authorization`.
async fn seller(state: &State, request: &HttpRequest) -> Result<SellerId, Problem> {
    let given = request.headers().get(header::AUTHORIZATION).and_then(|given| given.to_str().ok());
    let token = given.and_then(|given| given.strip_prefix("Bearer ")).unwrap_or_default();
    let seller = state.selling.seller(token, Timestamp::now()).await.map_err(failure::store)?;
    seller.ok_or_else(|| {
        let detail = "Send a seller's token that is still good as a bearer token in the header Authorization.";
        Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
    })
}

fn on_the_wire(part: &SellerPart) -> Part {
    let recipient = part.recipient.clone().map(|recipient| Recipient {
        name: recipient.name,
        street: recipient.address.street,
        postcode: recipient.address.postcode,
        town: recipient.address.town,
        country: recipient.address.country,
    });
    Part {
        order_id: part.order_id.get(),
        number: part.order_id.short(),
        lines: part.lines.iter().map(OrderLine::from).collect(),
        total_cents: part.total.cents(),
        currency: part.total.currency().code().to_owned(),
        recipient,
        sent_at: part.sent_at,
    }
}
