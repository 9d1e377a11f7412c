//! The one process that publishes the outbox: a lock that lives and dies with a database session.
//!
//! Everything the relay does to the database goes through that very session. When the session is lost, so is the lock,
//! and nothing can be saved any more: a relay that was replaced cannot move the place behind its successor's back.

use std::time::Duration;

use halles_domain::{Change, ChangePosition};
use tokio_postgres::Client;

use crate::error::Server;
use crate::reads::{CHANGES_AFTER, MAX_CHANGES, bounded};
use crate::{StoreError, Writer, rows, session};

/// The advisory lock of the relay: "halles" and a number, as ASCII.
const RELAY_LOCK: i64 = 0x6861_6c6c_6573_0002;

/// The right to publish the outbox, held as long as this value and its session live.
#[derive(Debug)]
pub struct RelayLock {
    client: Client,
    answer_timeout: Duration,
}

impl Writer {
    /// Takes the relay's lock on a session of its own, or says that another process has it.
    pub async fn try_relay_lock(&self) -> Result<Option<RelayLock>, StoreError> {
        let settings = &self.inner.settings;
        let options = format!("-c statement_timeout={}", settings.write_timeout_ms);
        let answer_timeout = Duration::from_millis(settings.write_timeout_ms * 2);
        let url = settings.primary_url.expose();
        let client = session::open(url, &format!("{} relay", settings.application_name), &options).await?;
        let lock = RelayLock { client, answer_timeout };
        let row = lock.answered(lock.client.query_one("SELECT pg_try_advisory_lock($1)", &[&RELAY_LOCK])).await?;
        Ok(row.try_get::<_, bool>(0)?.then_some(lock))
    }
}

impl RelayLock {
    /// Committed changes after `place`, in their order, none ever skipped.
    pub async fn list_changes(&self, place: ChangePosition, limit: usize) -> Result<Vec<Change>, StoreError> {
        let transaction = place.transaction.to_string();
        let limit = bounded(limit, MAX_CHANGES);
        let rows = self.answered(self.client.query(CHANGES_AFTER, &[&transaction, &place.row, &limit])).await?;
        rows.iter().map(rows::change).collect()
    }

    /// How far the outbox has been published; nobody else moves it while this lock is held.
    pub async fn fetch_position(&self) -> Result<ChangePosition, StoreError> {
        let sql = "SELECT transaction::text, row FROM relay_position";
        let row = self.answered(self.client.query_one(sql, &[])).await?;
        let transaction = row
            .try_get::<_, &str>(0)?
            .parse()
            .map_err(|error| StoreError::internal("reading a transaction's number", error))?;
        Ok(ChangePosition { transaction, row: row.try_get(1)? })
    }

    /// Remembers that everything up to `place` has been published. Saved late is harmless: some changes are then
    /// published twice.
    pub async fn save_position(&self, place: ChangePosition) -> Result<(), StoreError> {
        let sql = "UPDATE relay_position SET transaction = $1::text::xid8, row = $2";
        let transaction = place.transaction.to_string();
        self.answered(self.client.execute(sql, &[&transaction, &place.row])).await.map(drop)
    }

    /// Removes what was published and is older than `older_than`, which must be longer than any follower may be
    /// behind. Takes a bounded bite, up to 10,000 changes, and returns how many went.
    pub async fn purge_outbox(&self, older_than: Duration) -> Result<u64, StoreError> {
        let seconds = older_than.as_secs_f64();
        self.answered(self.client.execute(include_str!("queries/purge_outbox.sql"), &[&seconds])).await
    }

    async fn answered<T>(&self, work: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Result<T, StoreError> {
        match tokio::time::timeout(self.answer_timeout, work).await {
            Ok(answer) => answer.map_err(StoreError::from),
            Err(_) => Err(StoreError::Unavailable { server: Server::Primary, reason: "no answer".to_owned() }),
        }
    }
}
