//! Following the changes: hear, apply, publish, until another indexer has the lead.

use std::sync::Arc;

use halles_domain::FeedEvent;
use halles_queue::changes::ChangeFeed;
use halles_search_index::{SnapshotError, Upkeep};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

use crate::term::{Published, Term};
use crate::{Indexer, IndexerError};

impl Term<'_> {
    /// Keeps the index up with the changes. Returns when another indexer has taken over.
    pub async fn follow(&mut self) -> Result<(), IndexerError> {
        let limits = self.indexer.settings.indexing.clone();
        let mut feed = self.open_feed().await?;
        let mut caretaker = Caretaker::new(self.indexer);
        let mut next_round = Instant::now();
        loop {
            let has_work = !self.owed.is_nothing() || self.rescan.is_some() || self.is_dirty;
            let heartbeat = self.last_published + limits.heartbeat();
            tokio::select! {
                event = feed.next(), if self.owed.len() < limits.max_owed => match event {
                    FeedEvent::Changes(changes) => {
                        let now = Instant::now();
                        changes.iter().for_each(|change| self.owed.hear(change, now));
                        continue;
                    }
                    FeedEvent::Lost => {
                        tracing::warn!("changes may have gone by unheard; reading the outbox again");
                        feed = self.open_feed().await?;
                        continue;
                    }
                },
                () = sleep_until(next_round), if has_work => {}
                () = sleep_until(heartbeat.max(next_round)) => {}
            }
            next_round = Instant::now() + limits.commit_interval();
            match self.round().await {
                Ok(()) => self.pause.reset(),
                Err(IndexerError::Snapshot(SnapshotError::Overtaken { generation })) => {
                    tracing::info!(generation, "another indexer has taken over");
                    return Ok(());
                }
                Err(error) if error.may_pass() => {
                    tracing::warn!(%error, "trying again soon");
                    next_round = Instant::now() + self.pause.next_wait();
                }
                Err(error) => return Err(error),
            }
            caretaker.look_now_and_then(self.published.as_ref());
        }
    }

    /// Pays what is owed, and publishes when there is something to publish or a sign of life is due.
    async fn round(&mut self) -> Result<(), IndexerError> {
        self.apply().await?;
        let is_sign_of_life_due = self.last_published.elapsed() >= self.indexer.settings.indexing.heartbeat();
        if self.is_dirty || is_sign_of_life_due {
            self.publish().await?;
        }
        self.indexer.measures.behind(self.owed.len(), self.owed.oldest(Instant::now()));
        Ok(())
    }

    pub async fn open_feed(&self) -> Result<ChangeFeed, IndexerError> {
        let position = self.owed.settled_up_to();
        let feed = ChangeFeed::from_position(&self.indexer.settings.changes, self.indexer.reader.clone(), position);
        feed.await.map_err(|error| IndexerError::Feed(error.to_string()))
    }
}

/// Upkeep of the object store, beside the work.
struct Caretaker<'a> {
    indexer: &'a Indexer,
    upkeep: Arc<Mutex<Upkeep>>,
    next: Instant,
    running: Option<JoinHandle<()>>,
}

impl<'a> Caretaker<'a> {
    fn new(indexer: &'a Indexer) -> Self {
        let limits = &indexer.settings.indexing;
        let upkeep = Upkeep::new(indexer.snapshots.clone(), limits.garbage_grace());
        Self {
            indexer,
            upkeep: Arc::new(Mutex::new(upkeep)),
            next: Instant::now() + limits.garbage_interval(),
            running: None,
        }
    }

    /// Looks after everything that `published` needs, when it is time to.
    fn look_now_and_then(&mut self, published: Option<&Arc<Published>>) {
        let is_running = self.running.as_ref().is_some_and(|running| !running.is_finished());
        let Some(published) = published.filter(|_| !is_running && Instant::now() >= self.next) else { return };
        self.next = Instant::now() + self.indexer.settings.indexing.garbage_interval();
        let (upkeep, published) = (Arc::clone(&self.upkeep), Arc::clone(published));
        let measures = self.indexer.measures.clone();
        self.running = Some(tokio::spawn(async move {
            match upkeep.lock().await.round(&published.manifest, &published.commit).await {
                Ok(kept) => {
                    measures.restored(kept.restored);
                    if kept.restored > 0 {
                        tracing::error!(
                            files = kept.restored,
                            "files were lost or damaged in the object store; they are whole again"
                        );
                    }
                    if kept.files + kept.manifests > 0 {
                        tracing::info!(files = kept.files, manifests = kept.manifests, "deleted old generations");
                    }
                }
                Err(error) => tracing::warn!(%error, "the object store could not be looked after"),
            }
        }));
    }
}

impl Drop for Caretaker<'_> {
    /// Who does not lead any more has nothing to look after.
    fn drop(&mut self) {
        if let Some(running) = &self.running {
            running.abort();
        }
    }
}
