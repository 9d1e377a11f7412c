//! Keeps up with the generations of the index.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use halles_search_index::{LocalFiles, Manifest, SearchIndex, SnapshotError, Snapshots};
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::measures::Measures;

/// The generation that answers, once there is one.
pub(crate) type CurrentIndex = watch::Receiver<Option<Arc<SearchIndex>>>;

/// A generation that could not be opened is tried again after this long, in case the fault was on the way.
const SECOND_TRY_AFTER: Duration = Duration::from_secs(5);

/// Fetches, checks, opens and swaps.
pub(crate) struct SnapshotFollower {
    snapshots: Snapshots,
    local: LocalFiles,
    current: Option<Manifest>,
    /// Generations that could not be opened, and when to try them again.
    passed_over: BTreeMap<u64, Instant>,
    swap: watch::Sender<Option<Arc<SearchIndex>>>,
    measures: Measures,
}

impl SnapshotFollower {
    /// Follows `snapshots` with the files in `local`.
    pub(crate) fn new(snapshots: Snapshots, local: LocalFiles, measures: Measures) -> (Self, CurrentIndex) {
        let (swap, current_index) = watch::channel(None);
        (Self { snapshots, local, current: None, passed_over: BTreeMap::new(), swap, measures }, current_index)
    }

    /// Looks again and again. Never returns; may be dropped at any moment.
    pub(crate) async fn run(mut self, every: Duration) {
        let mut ticks = interval(every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut was_reachable = true;
        loop {
            ticks.tick().await;
            let outcome = self.catch_up().await;
            match (&outcome, was_reachable) {
                (Err(error), true) => {
                    tracing::warn!(%error, "the index snapshots cannot be read; keeping what is here")
                }
                (Ok(()), false) => tracing::info!("the index snapshots can be read again"),
                _ => {}
            }
            was_reachable = outcome.is_ok();
        }
    }

    /// Moves to the newest generation that can be opened, if it is newer than the one here.
    async fn catch_up(&mut self) -> Result<(), SnapshotError> {
        let known = self.current.as_ref().map(|manifest| manifest.generation);
        let newer = self.snapshots.list_generations_after(known).await?;
        for generation in newer.into_iter().rev() {
            if self.passed_over.get(&generation).is_some_and(|retry_at| Instant::now() < *retry_at) {
                continue;
            }
            match self.move_to(generation).await {
                Ok(()) => {
                    self.passed_over.retain(|passed_over, _| *passed_over > generation);
                    break;
                }
                Err(error) if is_hopeless(&error) => {
                    self.measures.unusable();
                    tracing::error!(%error, generation, "a generation of the index cannot be used; passing it over");
                    self.passed_over.insert(generation, Instant::now() + SECOND_TRY_AFTER);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn move_to(&mut self, generation: u64) -> Result<(), SnapshotError> {
        let manifest = self.snapshots.fetch_manifest(generation).await?;
        let is_same_index = self.current.as_ref().is_some_and(|current| current.has_same_files(&manifest));
        if !is_same_index {
            let index = self.local.open_generation(&self.snapshots, &manifest).await?;
            tracing::debug!(generation, documents = index.documents(), "the index was swapped");
            self.swap.send_replace(Some(Arc::new(index)));
            // The files of the generation before stay for one more swap: a query may still open one of them.
            let tidying = match &self.current {
                Some(before) => self.local.keep_only(&[before, &manifest]),
                None => self.local.keep_only(&[&manifest]),
            };
            tidying.await?;
        }
        self.measures.swapped(&manifest);
        self.current = Some(manifest);
        Ok(())
    }
}

/// Whether the fault lies in the generation itself, so that an older one may do.
fn is_hopeless(error: &SnapshotError) -> bool {
    error.is_absent() || matches!(error, SnapshotError::Damaged { .. } | SnapshotError::Index(_))
}
