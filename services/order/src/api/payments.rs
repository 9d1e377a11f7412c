//! `/api/v1/payments/notices`

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use halles_http::Problem;
use halles_payment::{NOTICE_SEAL_HEADER, NoticeError};
use halles_store::StoreError;
use jiff::Timestamp;

use crate::app::State;
use crate::failure;
use crate::pay::NoticeRefusal;

/// `POST /api/v1/payments/notices`: the payment provider tells how a payment ended. Not part of the public API; only who
/// knows the secret can say anything here. Whatever is answered with 204 has been written down, or was known.
pub(crate) async fn take_notice(
    state: Data<State>,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let seal = request.headers().get(NOTICE_SEAL_HEADER).and_then(|seal| seal.to_str().ok()).unwrap_or_default();
    match state.paying.take_notice(seal, &body, Timestamp::now()).await {
        Ok(()) => Ok(HttpResponse::NoContent().finish()),
        Err(NoticeRefusal::NotBelieved(error)) => Err(refused(&error)),
        Err(NoticeRefusal::Store(StoreError::NotFound(_))) => Err(Problem::not_found("There is no such payment.")),
        Err(NoticeRefusal::Store(error)) => Err(failure::store(error)),
    }
}

fn refused(error: &NoticeError) -> Problem {
    match error {
        NoticeError::Nonsense(_) => Problem::bad_request("invalid", error.to_string()),
        _ => Problem::new(StatusCode::UNAUTHORIZED, "seal_refused", error.to_string()),
    }
}
