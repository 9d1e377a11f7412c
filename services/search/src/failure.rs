//! What a failed search means over HTTP, in one place.

use std::time::Duration;

use actix_web::http::StatusCode;
use halles_cache::CatalogueError;
use halles_http::Problem;

use crate::ask::{unknown_category, unknown_shop};
use crate::find_listings::FindError;
use crate::nearby::unknown_place;
use crate::searcher::NoHits;

/// Searches take milliseconds, so whoever comes back after a second finds another moment.
const BUSY_RETRY: Duration = Duration::from_secs(1);
/// A first index is built in seconds to minutes; a database that is away is back in seconds, or much later.
const AWAY_RETRY: Duration = Duration::from_secs(3);

/// The problem behind a search without an answer: 400 for what was asked, 503 for load and for what we depend on, 500
/// for our bugs.
pub(crate) fn problem(error: FindError) -> Problem {
    match error {
        FindError::UnknownCategory => Problem::from(unknown_category()),
        FindError::UnknownShop => Problem::from(unknown_shop()),
        FindError::UnknownPlace => Problem::from(unknown_place()),
        FindError::Unwritable(_) => Problem::internal(error),
        FindError::NoHits(NoHits::NoIndex) => {
            let detail = "The search index is still being built. Please try again in a moment.";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "index_not_ready", detail).retry_after(AWAY_RETRY)
        }
        FindError::NoHits(NoHits::Busy(full)) => Problem::from(full).retry_after(BUSY_RETRY),
        FindError::NoHits(error @ NoHits::OutOfTime) => {
            let detail = "This search took too long, so we stopped it. Please try again with fewer words.";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "search_too_slow", detail)
                .retry_after(BUSY_RETRY)
                .caused_by(error)
        }
        FindError::NoHits(error @ NoHits::Internal(_)) => Problem::internal(error),
        FindError::Catalogue(error @ CatalogueError::Unavailable(_)) => {
            Problem::unavailable(error).retry_after(AWAY_RETRY)
        }
        FindError::Catalogue(error @ CatalogueError::Busy) => Problem::unavailable(error).retry_after(BUSY_RETRY),
        FindError::Catalogue(error @ CatalogueError::Internal(_)) => Problem::internal(error),
    }
}
