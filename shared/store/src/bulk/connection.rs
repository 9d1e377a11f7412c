//! The one connection of a bulk load.

use tokio_postgres::Client;

use super::BulkError;
use crate::address::{Address, ConnectError};

/// A connection for bulk work. It is its own, not the pool's: a load holds it for minutes.
///
/// Dropping it while a transaction is open undoes that transaction.
pub struct BulkLoad {
    pub(super) client: Client,
}

impl BulkLoad {
    /// Connects as the owner of the tables.
    pub async fn connect(owner_url: &str) -> Result<Self, BulkError> {
        let address = Address::parse(owner_url)?;
        let client = address.connect().await.map_err(|error| match error {
            ConnectError::Address(error) => BulkError::Address(error),
            ConnectError::Server(error) => BulkError::Connect(error),
        })?;
        Ok(Self { client })
    }

    /// Opens a transaction; what follows stands or falls together until [`BulkLoad::commit`].
    pub async fn begin(&mut self) -> Result<(), BulkError> {
        Ok(self.client.batch_execute("BEGIN").await?)
    }

    /// Makes everything since [`BulkLoad::begin`] visible.
    pub async fn commit(&mut self) -> Result<(), BulkError> {
        Ok(self.client.batch_execute("COMMIT").await?)
    }

    /// Undoes everything since [`BulkLoad::begin`].
    pub async fn roll_back(&mut self) -> Result<(), BulkError> {
        Ok(self.client.batch_execute("ROLLBACK").await?)
    }
}
