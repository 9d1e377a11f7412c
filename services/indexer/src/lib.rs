//! The indexer: turns the catalogue into the search index, and keeps it up with every change.
//!
//! ## The life of a change
//! 1. A seller saves a listing; the outbox row is committed with it and comes in through the change feed (`follow.rs`).
//! 2. It is noted as owed (`owed.rs`). Several changes of one listing are owed once, at the highest version.
//! 3. Twice a second or more, what is owed is read from the replica and written (`apply.rs`). A row that is older than
//!    its change stays owed: the replica has not caught up.
//! 4. The index is committed together with the place in the outbox up to which nothing is owed, and published as the
//!    next generation (`term.rs`). Search instances fetch what is new in it.
//!
//! ## When something is gone
//! - **This process, at any moment**: the next one begins at the newest generation and the place noted in it. What was
//!   not published is read again from the outbox; applying a change twice does no harm.
//! - **The replica**: reads fall back to the primary, counted and capped, or are tried again; changes stay owed.
//! - **Redis**: the feed polls the outbox instead.
//! - **The object store**: commits go on, publishing is tried again; search instances keep what they have.
//! - **The newest generation is damaged**: the one before it is continued.
//! - **All generations**, or they are older than the outbox reaches back: the index is built from the replica.
//! - **A published file is lost or damaged** in the object store: the leader notices and uploads it again.
//!
//! ## Two of them
//! Exactly one writes, without any lock: generation N + 1 can be created only once. Whoever starts takes the next
//! generation at once and thereby the lead; whoever finds its next generation taken stands by (`standby.rs`). The leader
//! publishes a generation now and then even when nothing has changed, as a sign of life; when none comes for a while, a
//! standby takes over. A leader that was only slow then finds its generation taken, and nothing is lost: the other
//! one continued from the place in the outbox that they both can read.
//!
//! ## A new index in place of one that works
//! With the same schema: start another indexer with `indexing.rebuild_at_start`. It builds beside the leader, catches up
//! with what changed meanwhile, and only then takes the lead (`build.rs`). With a new schema version: the new indexer
//! finds no generation of its version and builds one under a name of its own, while the old indexer and the old search
//! instances go on with theirs; new search instances are ready as soon as the first new generation is there.

mod applied;
mod apply;
mod build;
mod error;
mod follow;
mod measures;
mod names;
mod owed;
mod settings;
mod standby;
mod status;
mod term;
mod workshop;

use halles_http::{Need, Readiness, Shutdown};
use halles_search_index::{Snapshots, WorkDirectory};
use halles_store::Reader;
use uuid::Uuid;

pub use error::IndexerError;
pub use settings::{IndexerSettings, IndexingSettings};
pub use status::{Role, Status, StatusWatch};

use measures::Measures;

/// The indexer, before it runs.
pub struct Indexer {
    settings: IndexerSettings,
    reader: Reader,
    snapshots: Snapshots,
    status: StatusWatch,
    measures: Measures,
    work_directory: WorkDirectory,
    /// How this process signs its generations.
    writer: Uuid,
}

impl Indexer {
    /// Opens the store and the object store; nothing is read yet.
    pub fn new(settings: IndexerSettings) -> Result<Self, IndexerError> {
        let reader = Reader::new(&settings.store)?;
        let snapshots = Snapshots::open(&settings.index)?;
        let work_directory = WorkDirectory::take(&settings.index.work_dir)?;
        Ok(Self {
            settings,
            reader,
            snapshots,
            status: StatusWatch::new(),
            measures: Measures::new(),
            work_directory,
            writer: Uuid::new_v4(),
        })
    }

    /// What the indexer is doing, for readiness and tests.
    pub fn status(&self) -> StatusWatch {
        self.status.clone()
    }

    /// Adds what this worker depends on.
    pub fn watch_over(&self, readiness: &Readiness) {
        let status = self.status.clone();
        readiness.add("index", Need::Always, move || {
            let status = status.latest();
            async move { if status.is_ready() { Ok(()) } else { Err(format!("{}", status.role)) } }
        });
        let reader = self.reader.clone();
        readiness.add("replica", Need::Never, move || {
            let reader = reader.clone();
            async move { reader.ping().await }
        });
    }

    /// Leads or stands by until it is told to stop. Trouble that may pass is waited out, so there is no error to return.
    ///
    /// Told to stop, it stops where it is: whatever is not published yet, the next one reads again.
    pub async fn run(self, shutdown: Shutdown) {
        let mut pause = self.settings.indexing.trouble_pause();
        while !shutdown.is_requested() {
            self.status.set_role(Role::Starting);
            let ended = tokio::select! {
                ended = self.lead() => ended,
                () = shutdown.requested() => break,
            };
            match ended {
                Ok(()) => {
                    pause.reset();
                    self.stand_by(&shutdown).await;
                }
                Err(error) => {
                    tracing::warn!(%error, "the index cannot be led; beginning again from the newest generation");
                    self.status.set_role(Role::Starting);
                    tokio::select! { () = pause.wait() => {}, () = shutdown.requested() => break }
                }
            }
        }
    }
}
