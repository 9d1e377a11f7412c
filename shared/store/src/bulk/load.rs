//! Rows that nobody has seen before: the fill of an empty catalogue and the growth of a filled one.

use std::ops::Range;

use futures_util::Stream;
use tokio_postgres::Row;

use super::copy::{CopyTable, copy_in};
use super::row::{Listings, Sellers};
use super::{BulkError, BulkLoad, Chunk};

/// What a fresh load took away for the time of the load: indexes and foreign keys of `listing`, as the database itself
/// writes them, so that what is rebuilt is what the migrations made.
#[derive(Debug)]
#[must_use = "without `finish_fresh` the transaction is undone"]
pub struct FreshLoad {
    rebuild: Vec<String>,
}

impl BulkLoad {
    /// Opens a transaction that fills the empty table of listings: locked, emptied of its indexes and foreign keys.
    /// Readers of listings wait until it ends, which is why it refuses a catalogue that has anything to read.
    pub async fn begin_fresh(&mut self) -> Result<FreshLoad, BulkError> {
        self.begin().await?;
        self.client.batch_execute("LOCK TABLE listing IN ACCESS EXCLUSIVE MODE").await?;
        if self.client.query_opt("SELECT FROM listing LIMIT 1", &[]).await?.is_some() {
            self.roll_back().await?;
            return Err(BulkError::NotEmpty);
        }
        let parts = self.client.query(include_str!("../queries/bulk_listing_parts.sql"), &[]).await?;
        let statements = |column: usize| parts.iter().map(|row: &Row| row.try_get(column)).collect::<Result<_, _>>();
        let (drop, rebuild): (Vec<String>, Vec<String>) = (statements(0)?, statements(1)?);
        self.client.batch_execute(&drop.join(";\n")).await?;
        // Emptying the table in this transaction is what allows rows to be frozen on arrival: no later vacuum has to
        // write all of them again. Every table that points to a listing is empty when there are none.
        self.client.batch_execute("TRUNCATE listing, featured, order_line, waitlist").await?;
        Ok(FreshLoad { rebuild })
    }

    /// Rebuilds indexes and foreign keys and makes the load visible; `step` hears which statement comes next.
    pub async fn finish_fresh(
        &mut self,
        fresh: FreshLoad,
        mut step: impl FnMut(usize, usize),
    ) -> Result<(), BulkError> {
        // Sorting in memory; the memory is this connection's alone and only until the transaction ends.
        self.client.batch_execute("SET LOCAL maintenance_work_mem = '256MB'").await?;
        for (index, statement) in fresh.rebuild.iter().enumerate() {
            step(index, fresh.rebuild.len());
            self.client.batch_execute(statement).await?;
        }
        self.commit().await?;
        Ok(self.client.batch_execute("ANALYZE category, seller, listing").await?)
    }

    /// Takes the next `count` listing numbers. Call it before a transaction is opened: it runs its own short one.
    pub async fn reserve_listings(&mut self, count: u64) -> Result<Range<i64>, BulkError> {
        self.reserve("listing", count).await
    }

    /// Takes the next `count` seller numbers. Call it before a transaction is opened: it runs its own short one.
    pub async fn reserve_sellers(&mut self, count: u64) -> Result<Range<i64>, BulkError> {
        self.reserve("seller", count).await
    }

    async fn reserve(&mut self, table: &str, count: u64) -> Result<Range<i64>, BulkError> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let transaction = self.client.transaction().await?;
        // Whoever inserts holds a weaker lock from before it draws its number until it commits.
        transaction.batch_execute(&format!("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")).await?;
        let row = transaction.query_one(include_str!("../queries/bulk_reserve.sql"), &[&table, &count]).await?;
        let first: i64 = row.try_get(0)?;
        transaction.commit().await?;
        Ok(first..first + count)
    }

    /// Copies shops in; `copied` hears the rows sent so far.
    pub async fn copy_sellers(
        &mut self,
        chunks: impl Stream<Item = Chunk<Sellers>>,
        copied: impl FnMut(u64),
    ) -> Result<u64, BulkError> {
        let statement = format!("COPY seller ({}) FROM STDIN (FORMAT binary)", Sellers::COLUMNS);
        copy_in(&self.client, &statement, chunks, copied).await
    }

    /// Copies listings in; `copied` hears the rows sent so far. `fresh` is the load that this belongs to, if it does.
    pub async fn copy_listings(
        &mut self,
        fresh: Option<&FreshLoad>,
        chunks: impl Stream<Item = Chunk<Listings>>,
        copied: impl FnMut(u64),
    ) -> Result<u64, BulkError> {
        let freeze = if fresh.is_some() { ", FREEZE" } else { "" };
        let statement = format!("COPY listing ({}) FROM STDIN (FORMAT binary{freeze})", Listings::COLUMNS);
        copy_in(&self.client, &statement, chunks, copied).await
    }

    /// Copies listings into a table of the same columns that has nothing else: no keys, no indexes, no checks. The table
    /// is gone afterwards. It is the yardstick of the other loads: the database can take rows no faster than this.
    pub async fn copy_into_bare_table(
        &mut self,
        chunks: impl Stream<Item = Chunk<Listings>>,
    ) -> Result<u64, BulkError> {
        self.client.batch_execute("CREATE TABLE bare_listing (LIKE listing INCLUDING DEFAULTS)").await?;
        let statement = format!("COPY bare_listing ({}) FROM STDIN (FORMAT binary)", Listings::COLUMNS);
        let copied = copy_in(&self.client, &statement, chunks, |_| ()).await;
        self.client.batch_execute("DROP TABLE bare_listing").await?;
        copied
    }

    /// Tells the outbox about listings and shops that were copied in.
    pub async fn announce(&mut self, sellers: Range<i64>, listings: Range<i64>) -> Result<(), BulkError> {
        let query = include_str!("../queries/bulk_announce.sql");
        self.client.execute(query, &[&sellers.start, &sellers.end, &listings.start, &listings.end]).await?;
        Ok(())
    }
}
