//! The handlers for the shop.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse};
use halles_http::Problem;
use halles_payment::wire::{GiveBack, OpenPayment};
use jiff::Timestamp;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::app::Provider;
use crate::ledger::{Account, LedgerError};

/// `POST /v1/payments`
pub(crate) async fn open_payment(
    provider: Data<Provider>,
    request: HttpRequest,
    payment: Json<OpenPayment>,
) -> Result<HttpResponse, Problem> {
    authorize(&provider, &request)?;
    let account = provider.ledger.open_payment(payment.into_inner(), Timestamp::now()).map_err(problem)?;
    Ok(described(&provider, &request, &account))
}

/// `GET /v1/payments/{id}`
pub(crate) async fn find_payment(
    provider: Data<Provider>,
    request: HttpRequest,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    authorize(&provider, &request)?;
    let account = provider.ledger.find(*id, Timestamp::now()).map_err(problem)?;
    Ok(described(&provider, &request, &account))
}

/// `POST /v1/payments/{id}/refunds`
pub(crate) async fn give_back(
    provider: Data<Provider>,
    request: HttpRequest,
    id: Path<Uuid>,
    wanted: Json<GiveBack>,
) -> Result<HttpResponse, Problem> {
    authorize(&provider, &request)?;
    let account = provider.ledger.give_back(*id, &wanted, Timestamp::now()).map_err(problem)?;
    Ok(described(&provider, &request, &account))
}

/// Only the shop has the key. Compared in constant time, so that the delay tells nothing about it.
fn authorize(provider: &Provider, request: &HttpRequest) -> Result<(), Problem> {
    let given = request.headers().get(header::AUTHORIZATION).map_or(&b""[..], header::HeaderValue::as_bytes);
    let right = format!("Bearer {}", provider.api_key.expose());
    if bool::from(given.ct_eq(right.as_bytes())) {
        return Ok(());
    }
    let detail = "Send the API key as a bearer token in the header Authorization.";
    Err(Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", detail))
}

fn described(provider: &Provider, request: &HttpRequest, account: &Account) -> HttpResponse {
    let connection = request.connection_info();
    let asked_at = format!("{}://{}", connection.scheme(), connection.host());
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(provider.describe(account, &asked_at))
}

/// What a refusal of the books means over HTTP.
pub(crate) fn problem(error: LedgerError) -> Problem {
    let refusal = |status, code, error: LedgerError| Problem::new(status, code, error.to_string());
    match error {
        LedgerError::Unknown => refusal(StatusCode::NOT_FOUND, "not_found", error),
        LedgerError::BadAmount => refusal(StatusCode::UNPROCESSABLE_ENTITY, "bad_amount", error),
        LedgerError::OtherAmount => refusal(StatusCode::UNPROCESSABLE_ENTITY, "other_amount", error),
        LedgerError::NotToGiveBack => refusal(StatusCode::CONFLICT, "not_to_give_back", error),
        LedgerError::Over => refusal(StatusCode::CONFLICT, "over", error),
        // A full disk: nothing was done, and asking again is right.
        LedgerError::Journal(_) => Problem::unavailable(error),
    }
}
