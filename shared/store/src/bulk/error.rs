//! What can go wrong while loading in bulk.

use crate::address::AddressError;

/// Why a bulk load stopped. Its reader is the person at the terminal, so the database's own words are kept.
#[derive(Debug, thiserror::Error)]
pub enum BulkError {
    /// The address of the database cannot be used.
    #[error("the address of the database {0}")]
    Address(#[from] AddressError),
    /// The database could not be reached.
    #[error("cannot connect to the database: {0}")]
    Connect(#[source] tokio_postgres::Error),
    /// A fresh load found listings.
    #[error("the catalogue already holds listings")]
    NotEmpty,
    /// The database refused or lost a statement.
    #[error("the database refused: {}", in_full(.0))]
    Database(#[from] tokio_postgres::Error),
}

/// The client library's own text says "db error" only; the useful part is below it.
fn in_full(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(
        || error.to_string(),
        |refusal| match refusal.detail() {
            Some(detail) => format!("{} ({detail})", refusal.message()),
            None => refusal.message().to_owned(),
        },
    )
}
