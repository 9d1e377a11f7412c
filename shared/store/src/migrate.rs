//! Bringing a database to this version's schema, as a step of its own and never at the start of a service.
//!
//! The migrations of `migrations/` are embedded; refinery keeps its own record of what has run. Each runs in a
//! transaction. They expand or contract, never both, so that the version before and the version after can both run on
//! the schema in between.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::{StoreError, session};

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// The advisory lock that lets one migration run at a time: "halles" and a number, as ASCII.
const MIGRATION_LOCK: i64 = 0x6861_6c6c_6573_0001;

/// Runs the migrations that have not run yet, as the role of `url`, which owns the tables. Safe to call from several
/// places at once. Returns how many ran.
pub async fn migrate(url: &str) -> Result<usize, StoreError> {
    let mut client = session::open(url, "halles-migrate", "").await?;
    client.execute("SELECT pg_advisory_lock($1)", &[&MIGRATION_LOCK]).await?;
    let report = embedded::migrations::runner()
        .run_async(&mut client)
        .await
        .map_err(|error| StoreError::internal("migrating the database", error))?;
    for migration in report.applied_migrations() {
        tracing::info!(%migration, "migrated");
    }
    // The lock goes with the session.
    Ok(report.applied_migrations().len())
}

/// A number that changes whenever the migrations do, for those who keep migrated databases.
pub fn schema_fingerprint() -> u64 {
    let mut hasher = DefaultHasher::new();
    for migration in embedded::migrations::runner().get_migrations() {
        (migration.to_string(), migration.checksum()).hash(&mut hasher);
    }
    hasher.finish()
}
