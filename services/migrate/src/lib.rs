//! Brings the database's schema up to date and leaves: a step of its own in every deploy, before the services start.
//!
//! Promises: waits for the database for a bounded time, so that it may be started together with it; runs each migration
//! once however many of it run at a time; says with its exit status whether the schema is there. What the migrations
//! are is left to the store.

mod settings;

use std::time::Duration;

use halles_resilience::{Backoff, Deadline};
use halles_store::StoreError;

pub use settings::{MigrateSettings, Settings};

/// Why the schema is not up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database did not answer in all that time.
    #[error("the database did not answer within {waited_ms} ms")]
    NoDatabase {
        /// How long it was waited for.
        waited_ms: u64,
        /// The latest refusal.
        source: StoreError,
    },
    /// A migration failed; the schema is as it was before that one.
    #[error("the database could not be migrated")]
    Failed(#[source] StoreError),
}

/// Runs the migrations that have not run yet. Returns how many those were.
pub async fn migrate(settings: &Settings) -> Result<usize, MigrateError> {
    let deadline = Deadline::after(Duration::from_millis(settings.migrate.wait_ms));
    let mut backoff = Backoff::new(FIRST_WAIT, LONGEST_WAIT);
    loop {
        match halles_store::migrate(settings.store.primary_url.expose()).await {
            Ok(applied) => return Ok(applied),
            Err(error) if error.is_transient() && !deadline.has_passed() => {
                tracing::info!(%error, "waiting for the database");
                backoff.wait().await;
            }
            Err(source) if source.is_transient() => {
                return Err(MigrateError::NoDatabase { waited_ms: settings.migrate.wait_ms, source });
            }
            Err(error) => return Err(MigrateError::Failed(error)),
        }
    }
}

/// A database that is starting is there within a second or so.
const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(1);
