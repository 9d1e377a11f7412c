//! Imported listings: new ones are added, changed ones changed, the same ones left alone.

use halles_domain::ListingId;

use super::copy::{CopyTable, copy_in};
use super::row::Listings;
use super::{BulkError, BulkLoad, Chunk};

/// What one merge did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MergeOutcome {
    /// Listings that were not there before.
    pub inserted: u64,
    /// Listings that were there and differed.
    pub updated: u64,
    /// Listings that were there just so.
    pub unchanged: u64,
    /// The numbers (lines) of rows whose reference had been seen before in the same import; they were left out.
    pub repeated: Vec<ListingId>,
}

impl BulkLoad {
    /// Prepares the connection for merging: temporary tables for the rows on their way and for the references seen,
    /// so that it is the database that remembers them and not the importer.
    pub async fn begin_import(&mut self) -> Result<(), BulkError> {
        Ok(self.client.batch_execute(include_str!("../queries/bulk_begin_import.sql")).await?)
    }

    /// Merges a chunk of listings by their origin, and tells the outbox about those that were added or changed. Each
    /// row's number is its line in the file. Call it inside a transaction.
    ///
    /// Stock that is promised to shoppers is never taken away: `on_hand` falls no lower than what is allocated and held.
    pub async fn merge_listings(&mut self, chunk: Chunk<Listings>) -> Result<MergeOutcome, BulkError> {
        let staged = chunk.rows();
        let statement = format!("COPY staged_listing ({}) FROM STDIN (FORMAT binary)", Listings::COLUMNS);
        copy_in(&self.client, &statement, futures_util::stream::iter([chunk]), |_| ()).await?;
        let repeated: Vec<ListingId> = self
            .client
            .query(include_str!("../queries/bulk_set_repeated_aside.sql"), &[])
            .await?
            .iter()
            .map(|row| row.try_get(0).map(ListingId::new))
            .collect::<Result<_, _>>()?;
        let updated = self.client.execute(include_str!("../queries/bulk_update_changed.sql"), &[]).await?;
        let inserted = self.client.execute(include_str!("../queries/bulk_insert_new.sql"), &[]).await?;
        self.client.batch_execute("TRUNCATE staged_listing").await?;
        let told = repeated.len() as u64 + updated + inserted;
        Ok(MergeOutcome { inserted, updated, unchanged: staged.saturating_sub(told), repeated })
    }
}
