//! What a failed use case means over HTTP, in one place.

use std::time::Duration;

use halles_cache::CatalogueError;
use halles_http::Problem;

/// Loads take milliseconds, so whoever comes back after a second finds another moment.
const BUSY_RETRY: Duration = Duration::from_secs(1);
/// A database that is away is back in seconds, or much later.
const AWAY_RETRY: Duration = Duration::from_secs(3);

/// The problem behind a catalogue that could not be read: 503 for load and for what we depend on, 500 for our bugs.
pub(crate) fn problem(error: CatalogueError) -> Problem {
    match error {
        CatalogueError::Unavailable(_) => Problem::unavailable(error).retry_after(AWAY_RETRY),
        CatalogueError::Busy => Problem::unavailable(error).retry_after(BUSY_RETRY),
        CatalogueError::Internal(_) => Problem::internal(error),
    }
}
