//! Paying what is owed: reading the rows behind the changes, and writing them into the index.

use std::collections::HashMap;

use halles_domain::{Listing, ListingId, Version};
use halles_search_index::is_searchable;
use tokio::time::Instant;

use crate::IndexerError;
use crate::names::Prepared;
use crate::owed::{Debt, OwedListing};
use crate::term::Term;

/// How a shop's listings are found.
const SHOP_PAGE: usize = 500;

impl Term<'_> {
    /// Looks at everything owed once, up to what one commit takes in.
    pub async fn apply(&mut self) -> Result<(), IndexerError> {
        self.look_at_catalogue().await?;
        self.look_at_sellers().await?;
        self.look_at_listings().await?;
        self.rescan_a_stretch().await
    }

    async fn look_at_catalogue(&mut self) -> Result<(), IndexerError> {
        if self.owed.catalogue().is_none() {
            return Ok(());
        }
        if self.names.refresh_categories(&self.indexer.reader).await? {
            tracing::info!("the category tree has changed; reading every listing again");
            self.rescan = Some(ListingId::new(0));
        }
        if self.rescan.is_none() {
            self.owed.settle_catalogue(Instant::now());
        }
        Ok(())
    }

    /// A shop's name is part of its listings, so they are all owed.
    async fn look_at_sellers(&mut self) -> Result<(), IndexerError> {
        for (seller, debt) in self.owed.sellers() {
            self.names.forget_shop(seller);
            let mut after = None;
            loop {
                let page = self.indexer.reader.list_by_seller(seller, after, SHOP_PAGE).await?;
                for id in page.ids {
                    self.owed.owe_listing(OwedListing { id, version: Version::default(), debt });
                }
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            self.owed.settle_seller(seller, Instant::now());
        }
        Ok(())
    }

    async fn look_at_listings(&mut self) -> Result<(), IndexerError> {
        let limits = &self.indexer.settings.indexing;
        let mut left = limits.max_listings_per_commit;
        let mut after = ListingId::new(0);
        while left > 0 {
            let batch = self.owed.listings_after(after, limits.batch_size.min(left));
            let Some(last) = batch.last() else { break };
            after = last.id;
            left -= batch.len();
            let ids: Vec<ListingId> = batch.iter().map(|owed| owed.id).collect();
            let rows = self.indexer.reader.list_listings_by_id(&ids).await?;
            self.settle(&batch, rows).await?;
        }
        Ok(())
    }

    /// Writes the rows that are recent enough, and those that are not but have been waited for long enough.
    async fn settle(&mut self, batch: &[OwedListing], rows: Vec<Listing>) -> Result<(), IndexerError> {
        let mut rows: HashMap<ListingId, Listing> = rows.into_iter().map(|row| (row.id, row)).collect();
        let mut settled = Vec::new();
        let mut written = Vec::new();
        let mut gone = Vec::new();
        for owed in batch {
            let row = rows.remove(&owed.id);
            let is_recent = row.as_ref().is_some_and(|row| row.version >= owed.version);
            if !is_recent && !self.is_out_of_patience(owed.debt) {
                continue;
            }
            if !is_recent && owed.version > Version::default() {
                self.indexer.measures.impatient();
                tracing::warn!(listing = %owed.id, version = %owed.version, "the replica does not show this change; taking what it has");
            }
            settled.push(owed.id);
            match row {
                Some(row) => written.push(row),
                None => gone.push(owed.id),
            }
        }
        self.write(written, gone).await?;
        for id in settled {
            self.owed.settle_listing(id);
        }
        Ok(())
    }

    fn is_out_of_patience(&self, debt: Debt) -> bool {
        debt.since.elapsed() >= self.indexer.settings.indexing.replica_patience()
    }

    async fn rescan_a_stretch(&mut self) -> Result<(), IndexerError> {
        let limits = &self.indexer.settings.indexing;
        let mut left = limits.max_listings_per_commit;
        while let (Some(after), true) = (self.rescan, left > 0) {
            let rows = self.indexer.reader.scan_listings(after, limits.batch_size.min(left)).await?;
            left = left.saturating_sub(rows.len());
            self.rescan = rows.last().map(|last| last.id);
            self.write(rows, Vec::new()).await?;
        }
        Ok(())
    }

    /// Puts searchable listings in and takes the others out.
    async fn write(&mut self, rows: Vec<Listing>, mut gone: Vec<ListingId>) -> Result<(), IndexerError> {
        let rows = rows.into_iter().filter(|row| !self.applied.is_outdated(row));
        let (searchable, others): (Vec<Listing>, Vec<Listing>) = rows.partition(is_searchable);
        others.iter().for_each(|row| self.applied.note(row));
        gone.extend(others.iter().map(|row| row.id));
        let prepared = self.names.prepare(&self.indexer.reader, searchable).await?;
        prepared.iter().map(Prepared::listing).for_each(|row| self.applied.note(row));
        if prepared.is_empty() && gone.is_empty() {
            return Ok(());
        }
        self.is_dirty = true;
        self.indexer.measures.wrote(prepared.len() + gone.len());
        self.workshop
            .work(move |writer| {
                gone.into_iter().for_each(|id| writer.delete(id));
                prepared.iter().try_for_each(|listing| listing.upsert(writer))
            })
            .await
    }
}
