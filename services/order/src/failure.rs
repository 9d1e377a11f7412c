//! What a failed use case means over HTTP, in one place.

use std::time::Duration;

use actix_web::http::StatusCode;
use halles_api::order::{Order, refusal_code};
use halles_cache::CatalogueError;
use halles_domain::{Invalid, PlacedOrder};
use halles_http::Problem;
use halles_store::StoreError;

use crate::place_order::PlaceOrderError;

/// Loads take milliseconds, so whoever comes back after a second finds another moment.
const BUSY_RETRY: Duration = Duration::from_secs(1);
/// A database that is away is back in seconds, or much later.
const AWAY_RETRY: Duration = Duration::from_secs(3);

/// The problem behind a catalogue that could not be read.
pub(crate) fn catalogue(error: CatalogueError) -> Problem {
    match error {
        CatalogueError::Unavailable(_) => Problem::unavailable(error).retry_after(AWAY_RETRY),
        CatalogueError::Busy => Problem::unavailable(error).retry_after(BUSY_RETRY),
        CatalogueError::Internal(_) => Problem::internal(error),
    }
}

/// The problem behind an order that could not be read or cancelled.
pub(crate) fn store(error: StoreError) -> Problem {
    if error.is_transient() { Problem::unavailable(error).retry_after(AWAY_RETRY) } else { Problem::internal(error) }
}

/// The problem behind an intent that was not taken: come back, with the same key.
pub(crate) fn placing(error: PlaceOrderError, retry_after: Duration) -> Problem {
    let busy = |code, retry_after, error| {
        let detail = "Nobody could note this order just now. Send it again with the same Idempotency-Key: it will \
                      be placed once, whatever became of this attempt.";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, code, detail).retry_after(retry_after).caused_by(error)
    };
    match error {
        PlaceOrderError::Full { back_in } => {
            busy("too_many_orders", retry_after.max(back_in.unwrap_or_default()), error)
        }
        PlaceOrderError::Unavailable { .. } => busy("unavailable", retry_after, error),
        PlaceOrderError::Impossible(fault) => faults(&[fault]),
        PlaceOrderError::Internal(_) => Problem::internal(error),
    }
}

/// 422: the request can be read, and asks for what nobody can order.
pub(crate) fn faults(faults: &[Invalid]) -> Problem {
    let detail = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail);
    faults.iter().fold(problem, |problem, fault| problem.with_field(fault.field, fault.reason.clone()))
}

/// 422: the key belongs to another request.
pub(crate) fn key_reused() -> Problem {
    let detail = "This Idempotency-Key was used before for a different order. Nothing was done; use a new key.";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", detail)
}

/// 409: the order was refused, for the reasons that it names. The code is that of the first line in the way.
pub(crate) fn refused(order: &PlacedOrder, replayed: bool) -> Problem {
    let code = order.refusals.first().map_or("refused", |refusal| refusal_code(refusal.line));
    let detail = "This order could not be placed: nothing was held and nothing will be charged.";
    Problem::new(StatusCode::CONFLICT, code, detail).with("order", Order::from(order)).with("replayed", replayed)
}

/// 404, and no hint whether there ever was one.
pub(crate) fn no_order() -> Problem {
    Problem::not_found("There is no order with this name.")
}
