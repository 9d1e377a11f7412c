//! Building the whole index from the replica: because there is none, or in place of one that works.

use halles_domain::{ChangePosition, FeedEvent, ListingId};
use halles_search_index::{Base, IndexWriter, SnapshotError, is_searchable};
use tokio::time::{Instant, sleep};

use crate::names::Names;
use crate::owed::Owed;
use crate::status::Role;
use crate::term::Term;
use crate::workshop::Workshop;
use crate::{Indexer, IndexerError};

/// How often a rebuilt index tries to come in front of a leader that goes on publishing meanwhile.
const ATTEMPTS: usize = 50;

impl Indexer {
    /// Whether the settings ask for a new index and this process has not built one yet.
    pub(crate) fn is_rebuild_due(&self) -> bool {
        self.settings.indexing.rebuild_at_start && self.status.latest().builds == 0
    }

    /// Builds the index anew while another indexer goes on leading, and takes the lead when it is as recent as theirs:
    /// readers notice nothing but files that are all new.
    pub(crate) async fn rebuild(&self) -> Result<(), IndexerError> {
        let mut term = self.build(Base::default()).await?;
        term.catch_up(self.reader.fetch_change_head().await?).await?;
        for _ in 0..ATTEMPTS {
            let generations = self.snapshots.list_generations_after(None).await?;
            term.continue_after(generations.last().copied().unwrap_or_default());
            match term.publish().await {
                // Its next generation came between the look and the attempt; all files are uploaded, so the next attempt is quick.
                Err(IndexerError::Snapshot(SnapshotError::Overtaken { .. })) => {}
                outcome => {
                    outcome?;
                    return term.follow().await;
                }
            }
        }
        tracing::error!("the rebuilt index could not come in front of the leading indexer; giving it up");
        Ok(())
    }

    /// Reads every listing. `base` is what the new generation will follow.
    pub(crate) async fn build(&self, base: Base) -> Result<Term<'_>, IndexerError> {
        self.status.set_role(Role::Building);
        let started = Instant::now();
        // The place first, the listings afterwards: what changes meanwhile is read again.
        let position = self.reader.fetch_change_head().await?;
        let mut names = Names::fetch(&self.reader).await?;
        let directory = self.work_directory.fresh().await?;
        let writer_settings = self.settings.writer;
        let mut workshop = Workshop::open(move || IndexWriter::create(&directory, writer_settings)).await?;

        // Newest first, as searches want them among equals: see `NewestIds` in the index.
        let mut before = ListingId::new(i64::MAX);
        let mut written = 0_usize;
        loop {
            let listings = self.reader.scan_listings_newest_first(before, self.settings.indexing.batch_size).await?;
            let Some(last) = listings.last() else { break };
            before = last.id;
            let searchable = listings.into_iter().filter(is_searchable).collect();
            let prepared = names.prepare(&self.reader, searchable).await?;
            written += prepared.len();
            self.measures.wrote(prepared.len());
            workshop.work(move |writer| prepared.iter().try_for_each(|listing| listing.insert(writer))).await?;
        }
        let commit = workshop.work(move |writer| writer.commit(position)).await?;
        drop(commit);
        self.status.count_build();
        let seconds = started.elapsed().as_secs_f64();
        tracing::info!(listings = written, seconds, %position, "built the index from the replica");
        Ok(Term::new(self, workshop, base, names, Owed::nothing(position, self.settings.indexing.settle())))
    }
}

impl Term<'_> {
    /// Takes in what changed while the index was built, so that no reader goes back in time with it.
    async fn catch_up(&mut self, up_to: ChangePosition) -> Result<(), IndexerError> {
        let mut feed = self.open_feed().await?;
        while self.owed.settled_up_to() < up_to {
            tokio::select! {
                event = feed.next() => match event {
                    FeedEvent::Changes(changes) => {
                        let now = Instant::now();
                        changes.iter().for_each(|change| self.owed.hear(change, now));
                    }
                    FeedEvent::Lost => feed = self.open_feed().await?,
                },
                () = sleep(self.indexer.settings.indexing.commit_interval()) => {}
            }
            self.apply().await?;
        }
        Ok(())
    }
}
