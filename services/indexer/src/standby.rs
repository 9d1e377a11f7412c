//! Watching another indexer lead.

use halles_resilience::Shutdown;
use tokio::time::{Instant, sleep};

use crate::Indexer;
use crate::status::Role;

impl Indexer {
    /// Returns when no new generation has come for a while, by this process's own clock, or when it is told to stop.
    pub(crate) async fn stand_by(&self, shutdown: &Shutdown) {
        self.status.set_role(Role::StandingBy);
        tracing::info!("standing by");
        let limits = &self.settings.indexing;
        let mut newest_seen = None;
        let mut seen_at = Instant::now();
        while seen_at.elapsed() < limits.takeover_after() {
            tokio::select! {
                () = sleep(limits.heartbeat()) => {}
                () = shutdown.requested() => return,
            }
            match self.snapshots.list_generations_after(newest_seen).await {
                Ok(fresh) => {
                    if let Some(newest) = fresh.last() {
                        newest_seen = Some(*newest);
                        seen_at = Instant::now();
                    }
                }
                Err(error) => {
                    // Nobody can lead without the object store, so there is no lead to take.
                    tracing::warn!(%error, "the generations cannot be seen");
                    seen_at = Instant::now();
                }
            }
        }
        tracing::warn!("the leading indexer is silent; taking over");
    }
}
