//! The way to the primary for everything that changes a row.

use std::sync::Arc;

use deadpool_postgres::Transaction;
use halles_domain::{ChangeSubject, OrderId, PlacedOrder};
use tokio_postgres::types::Json;

use crate::pool::{WritePool, run};
use crate::{StoreError, StoreSettings, meter, rows};

/// All writes of the marketplace. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Writer {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) primary: WritePool,
    pub(crate) settings: StoreSettings,
    own_reads: opentelemetry::metrics::Counter<u64>,
}

impl Writer {
    /// Prepares the pool; nothing is connected before the first write. Call it after telemetry has started.
    pub fn new(settings: &StoreSettings) -> Result<Self, StoreError> {
        let meter = meter();
        let primary = WritePool::new(settings, &meter)?;
        let own_reads = meter
            .u64_counter("store_primary_reads")
            .with_description("Reads of the primary by somebody who must see their own fresh write")
            .build();
        own_reads.add(0, &[]);
        Ok(Self { inner: Arc::new(Inner { primary, settings: settings.clone(), own_reads }) })
    }

    /// Whether the primary answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.inner.primary.query("SELECT 1", &[]).await.map(drop)
    }

    /// A placed order as the primary knows it, for somebody who has just written it. Counted; all others read the replica.
    pub async fn find_order(&self, id: OrderId) -> Result<Option<PlacedOrder>, StoreError> {
        self.inner.own_reads.add(1, &[]);
        let found = self.inner.primary.query(include_str!("queries/order_by_id.sql"), &[&id.get()]).await?;
        Ok(rows::orders(&found)?.pop())
    }
}

/// Tells the world what the transaction changed, once it commits.
pub(crate) async fn insert_outbox_in_tx(tx: &Transaction<'_>, subjects: &[ChangeSubject]) -> Result<(), StoreError> {
    if subjects.is_empty() {
        return Ok(());
    }
    let subjects: Vec<Json<&ChangeSubject>> = subjects.iter().map(Json).collect();
    run(tx, include_str!("queries/insert_outbox.sql"), &[&subjects]).await.map(drop)
}
