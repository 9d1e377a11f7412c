//! How the databases are, for whoever watches over them: how far the replica has come, and whether stock and orders agree.

use tokio_postgres::Row;

use crate::{Reader, StoreError, Writer};

/// Of so many orders that moved last, the listings are looked at.
const MOVED_ORDERS: i64 = 2_000;

/// A place in the log that the primary writes and the replica replays; the greater the later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WalPosition(i64);

impl WalPosition {
    fn of(rows: &[Row]) -> Result<Self, StoreError> {
        let row = rows.first().ok_or(StoreError::NotFound("place in the write-ahead log"))?;
        row.try_get(0).map(Self).map_err(StoreError::from)
    }
}

impl Writer {
    /// How far the primary has written.
    pub async fn fetch_wal_position(&self) -> Result<WalPosition, StoreError> {
        let rows = self.inner.primary.query("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint", &[]).await?;
        WalPosition::of(&rows)
    }
}

impl Reader {
    /// How far the replica has replayed. A server that replays nothing, as a primary does, counts as far as it has written.
    pub async fn fetch_replayed_position(&self) -> Result<WalPosition, StoreError> {
        let sql = "SELECT pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                   ELSE pg_current_wal_lsn() END, '0/0')::bigint";
        WalPosition::of(&self.query_replica(sql, &[]).await?)
    }

    /// How many listings there are, among those whose orders moved last, whose stock is not what their orders say. The
    /// replica shows one moment of all of it.
    pub async fn count_stock_disagreements(&self) -> Result<u64, StoreError> {
        let rows = self.query_replica(include_str!("queries/stock_disagreements.sql"), &[&MOVED_ORDERS]).await?;
        let row = rows.first().ok_or(StoreError::NotFound("count"))?;
        let count: i64 = row.try_get(0).map_err(StoreError::from)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }
}
