//! What a failed use case means over HTTP, in one place.

use std::time::Duration;

use actix_web::http::StatusCode;
use halles_cache::CatalogueError;
use halles_http::Problem;

use crate::browse::NoAnswer;

/// Loads take milliseconds, so whoever comes back after a second finds another moment.
const BUSY_RETRY: Duration = Duration::from_secs(1);
/// A database that is away is back in seconds, or much later.
const AWAY_RETRY: Duration = Duration::from_secs(3);

/// The problem behind a missing answer, for programs; `absent` says what there is none of.
pub(crate) fn no_answer(reason: NoAnswer, absent: &'static str) -> Problem {
    match reason {
        NoAnswer::Absent => Problem::not_found(absent),
        NoAnswer::Paused => {
            let detail = "The seller has taken this listing down for a while.";
            Problem::new(StatusCode::NOT_FOUND, "listing_paused", detail)
        }
        NoAnswer::Closed => {
            let detail = "The seller has taken this listing down for good.";
            Problem::new(StatusCode::GONE, "listing_closed", detail)
        }
        NoAnswer::Unreadable(error) => unreadable(error),
        NoAnswer::Unwritable(error) => Problem::internal(error),
    }
}

/// 503 for load and for what we depend on, 500 for our bugs.
pub(crate) fn unreadable(error: CatalogueError) -> Problem {
    match error {
        CatalogueError::Unavailable(_) => Problem::unavailable(error).retry_after(AWAY_RETRY),
        CatalogueError::Busy => Problem::unavailable(error).retry_after(BUSY_RETRY),
        CatalogueError::Internal(_) => Problem::internal(error),
    }
}
