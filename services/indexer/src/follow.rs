//! Following the changes: hear, apply, publish, until another indexer has the lead.

use halles_domain::FeedEvent;
use halles_queue::changes::ChangeFeed;
use halles_search_index::SnapshotError;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

use crate::term::Term;
use crate::{Indexer, IndexerError};

impl Term<'_> {
    /// Keeps the index up with the changes. Returns when another indexer has taken over.
    pub async fn follow(&mut self) -> Result<(), IndexerError> {
        let limits = self.indexer.settings.indexing.clone();
        let mut feed = self.open_feed().await?;
        let mut garbage = Garbage::new(self.indexer);
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
            garbage.collect_now_and_then();
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

    async fn open_feed(&self) -> Result<ChangeFeed, IndexerError> {
        let position = self.owed.settled_up_to();
        let feed = ChangeFeed::from_position(&self.indexer.settings.changes, self.indexer.reader.clone(), position);
        feed.await.map_err(|error| IndexerError::Feed(error.to_string()))
    }
}

/// Deleting what no reader can want any more, beside the work.
struct Garbage<'a> {
    indexer: &'a Indexer,
    next: Instant,
    running: Option<JoinHandle<()>>,
}

impl<'a> Garbage<'a> {
    fn new(indexer: &'a Indexer) -> Self {
        Self { indexer, next: Instant::now() + indexer.settings.indexing.garbage_interval(), running: None }
    }

    fn collect_now_and_then(&mut self) {
        let is_running = self.running.as_ref().is_some_and(|running| !running.is_finished());
        if is_running || Instant::now() < self.next {
            return;
        }
        let limits = &self.indexer.settings.indexing;
        self.next = Instant::now() + limits.garbage_interval();
        let (keep, grace) = (limits.generations_kept, limits.garbage_grace());
        let snapshots = self.indexer.snapshots.clone();
        self.running = Some(tokio::spawn(async move {
            match snapshots.collect_garbage(keep, grace).await {
                Ok(garbage) if garbage.files + garbage.manifests > 0 => {
                    tracing::info!(files = garbage.files, manifests = garbage.manifests, "deleted old generations");
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "old generations could not be deleted"),
            }
        }));
    }
}
