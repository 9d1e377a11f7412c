//! Reading from the replica, and from the primary only when the replica is away, counted and capped.
//!
//! A replica that is slow is not away: its timeouts are reported as they are, because moving the crowd to the primary
//! would only spread the trouble.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use halles_resilience::Bulkhead;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use crate::error::{Server, StoreError};
use crate::meters::FallbackMeters;
use crate::pool::ReadPool;
use crate::{StoreSettings, meter};

/// At most one warning about fallbacks in this time; the metrics count each of them.
const WARN_EVERY: Duration = Duration::from_secs(5);

/// All reads of the marketplace. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Reader {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    replica: ReadPool,
    fallback: Option<Fallback>,
}

/// The way to the primary while the replica is away.
#[derive(Debug)]
struct Fallback {
    primary: ReadPool,
    places: Bulkhead,
    meters: FallbackMeters,
    last_warning: Mutex<Option<Instant>>,
}

impl Reader {
    /// Prepares the pools; nothing is connected before the first read. Call it after telemetry has started.
    pub fn new(settings: &StoreSettings) -> Result<Self, StoreError> {
        let meter = meter();
        let fallback = if settings.primary_url.is_empty() {
            None
        } else {
            Some(Fallback {
                primary: ReadPool::of_primary(settings, &meter)?,
                places: Bulkhead::new(
                    "reading from the primary",
                    settings.fallback_max_concurrent as usize,
                    Duration::from_millis(settings.fallback_wait_ms),
                ),
                meters: FallbackMeters::new(&meter),
                last_warning: Mutex::new(None),
            })
        };
        let replica = ReadPool::of_replica(settings, &meter)?;
        Ok(Self { inner: Arc::new(Inner { replica, fallback }) })
    }

    /// Whether the replica answers; never asks the primary.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.inner.replica.query("SELECT 1", &[]).await.map(drop)
    }

    /// Runs one reading statement on the replica and nowhere else, for whoever asks about the replica itself.
    pub(crate) async fn query_replica(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, StoreError> {
        self.inner.replica.query(sql, params).await
    }

    /// Runs one reading statement on the replica, or on the primary when the replica is away and there is room.
    pub(crate) async fn query(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, StoreError> {
        match self.inner.replica.query(sql, params).await {
            Err(away @ StoreError::Unavailable { .. }) => match &self.inner.fallback {
                Some(fallback) => fallback.query(sql, params, away).await,
                None => Err(away),
            },
            answer => answer,
        }
    }
}

impl Fallback {
    async fn query(&self, sql: &str, params: &[&(dyn ToSql + Sync)], away: StoreError) -> Result<Vec<Row>, StoreError> {
        let Ok(_place) = self.places.enter().await else {
            self.meters.refused();
            self.warn("refused", &away);
            let reason = format!("{away}; and the primary has its share of reads");
            return Err(StoreError::Unavailable { server: Server::Replica, reason });
        };
        self.meters.read();
        self.warn("read from the primary", &away);
        self.primary.query(sql, params).await
    }

    fn warn(&self, outcome: &str, away: &StoreError) {
        let mut last = self.last_warning.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_none_or(|at| at.elapsed() >= WARN_EVERY) {
            *last = Some(Instant::now());
            tracing::warn!(outcome, reason = %away, "the replica is away");
        }
    }
}
