//! One indexer's time as the one who writes: from the generation that it continues to the one that another publishes.

use std::sync::Arc;

use halles_domain::{ChangePosition, ListingId};
use halles_resilience::Backoff;
use halles_search_index::{Base, Commit, IndexWriter, Manifest, SnapshotError};
use jiff::Timestamp;
use tokio::time::Instant;

use crate::applied::Applied;
use crate::names::Names;
use crate::owed::Owed;
use crate::workshop::Workshop;
use crate::{Indexer, IndexerError};

/// What a leader works with.
pub(crate) struct Term<'a> {
    pub indexer: &'a Indexer,
    pub workshop: Workshop,
    pub names: Names,
    pub owed: Owed,
    pub applied: Applied,
    /// Where reading every listing again has got to, when the category tree has changed.
    pub rescan: Option<ListingId>,
    /// Whether something was written that is not published yet.
    pub is_dirty: bool,
    base: Base,
    /// The newest generation of ours, and the commit that it was made of.
    pub published: Option<Arc<Published>>,
    pub last_published: Instant,
    pub pause: Backoff,
}

/// A generation with the commit that it was made of, whose files stay on disk for as long as it is held.
pub(crate) struct Published {
    pub manifest: Manifest,
    pub commit: Commit,
}

/// A generation that cannot be continued, or none at all.
struct Newest {
    manifest: Option<Manifest>,
    generation: u64,
}

impl Indexer {
    /// Takes the lead and keeps it until another indexer has it.
    pub(crate) async fn lead(&self) -> Result<(), IndexerError> {
        let newest = self.find_newest().await?;
        if self.is_rebuild_due() && newest.manifest.is_some() {
            return self.rebuild().await;
        }
        let mut term = match newest.manifest {
            Some(manifest) => self.resume(&manifest, newest.generation).await?,
            None => self.build(Base { generation: newest.generation, files: Vec::new() }).await?,
        };
        // At once, even though nothing may have changed: this is how the lead is taken.
        match term.publish().await {
            Err(IndexerError::Snapshot(SnapshotError::Overtaken { generation })) => {
                tracing::info!(generation, "another indexer was faster");
                return Ok(());
            }
            outcome => outcome?,
        }
        term.follow().await
    }

    /// The newest generation that can be continued, and the highest number that is taken.
    async fn find_newest(&self) -> Result<Newest, IndexerError> {
        let generations = self.snapshots.list_generations_after(None).await?;
        let generation = generations.last().copied().unwrap_or_default();
        for candidate in generations.into_iter().rev() {
            match self.snapshots.fetch_manifest(candidate).await {
                Ok(manifest) if self.is_too_old(&manifest) => {
                    tracing::warn!(generation = candidate, "the newest generation is too old to be continued");
                    break;
                }
                Ok(manifest) => return Ok(Newest { manifest: Some(manifest), generation }),
                Err(error @ SnapshotError::Damaged { .. }) => tracing::error!(%error, "passing over a generation"),
                Err(error) if error.is_absent() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Newest { manifest: None, generation })
    }

    fn is_too_old(&self, manifest: &Manifest) -> bool {
        let age = Timestamp::now().duration_since(manifest.published_at);
        age.is_positive() && age.unsigned_abs() > self.settings.indexing.max_resume_age()
    }

    /// Continues a generation. One whose files are damaged or gone is as good as none.
    async fn resume(&self, manifest: &Manifest, newest: u64) -> Result<Term<'_>, IndexerError> {
        let names = Names::fetch(&self.reader).await?;
        let directory = self.work_directory.fresh().await?;
        let base = Base { generation: newest, ..Base::from(manifest) };
        match self.snapshots.fetch_for_writing(manifest, &directory).await {
            Ok(()) => {}
            Err(error) if matches!(error, SnapshotError::Damaged { .. }) || error.is_absent() => {
                tracing::error!(%error, generation = manifest.generation, "building the index anew");
                return self.build(Base { generation: newest, files: Vec::new() }).await;
            }
            Err(error) => return Err(error.into()),
        }
        let writer_settings = self.settings.writer;
        let workshop = Workshop::open(move || IndexWriter::resume(&directory, writer_settings)).await?;
        let position = manifest.position;
        tracing::info!(generation = manifest.generation, %position, documents = manifest.documents, "continuing");
        Ok(Term::new(self, workshop, base, names, Owed::nothing(position, self.settings.indexing.settle())))
    }
}

impl<'a> Term<'a> {
    pub fn new(indexer: &'a Indexer, workshop: Workshop, base: Base, names: Names, owed: Owed) -> Self {
        Self {
            indexer,
            workshop,
            names,
            owed,
            applied: Applied::new(indexer.settings.indexing.max_owed),
            rescan: None,
            is_dirty: false,
            base,
            published: None,
            last_published: Instant::now(),
            pause: indexer.settings.indexing.trouble_pause(),
        }
    }

    /// Makes the next generation the one after `generation`, whatever became of those before.
    pub fn continue_after(&mut self, generation: u64) {
        self.base.generation = generation;
    }

    /// Commits, and publishes the next generation.
    pub async fn publish(&mut self) -> Result<(), IndexerError> {
        let measures = &self.indexer.measures;
        let started = Instant::now();
        let commit = commit(&mut self.workshop, self.owed.settled_up_to()).await?;
        measures.committed(started.elapsed());

        let started = Instant::now();
        let snapshots = &self.indexer.snapshots;
        let files = snapshots.upload(&self.base.files, &commit).await?;
        // They are in the store from here on, whether or not a manifest comes to name them.
        self.base.files.clone_from(&files);
        let manifest = snapshots.announce(self.base.generation + 1, files, &commit, self.indexer.writer).await?;
        measures.published(manifest.generation, manifest.documents, started.elapsed());
        tracing::debug!(generation = manifest.generation, documents = manifest.documents, position = %manifest.position, "published");
        self.indexer.status.set_published(manifest.generation, manifest.documents);
        self.base.generation = manifest.generation;
        self.published = Some(Arc::new(Published { manifest, commit }));
        self.is_dirty = false;
        self.last_published = Instant::now();
        Ok(())
    }
}

async fn commit(workshop: &mut Workshop, position: ChangePosition) -> Result<Commit, IndexerError> {
    workshop.work(move |writer| writer.commit(position)).await
}
