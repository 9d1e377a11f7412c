//! Why the indexer cannot go on.

use halles_search_index::{SnapshotError, WriterError};
use halles_store::StoreError;

/// What ends an attempt to lead. All of it is waited out and tried again from the newest generation.
#[derive(Debug, thiserror::Error)]
pub enum IndexerError {
    /// The catalogue cannot be read.
    #[error("reading the catalogue: {0}")]
    Store(#[from] StoreError),
    /// The object store cannot be read or written.
    #[error("the snapshots: {0}")]
    Snapshot(#[from] SnapshotError),
    /// The index cannot be written.
    #[error("writing the index: {0}")]
    Writer(#[from] WriterError),
    /// The change stream's address is unusable.
    #[error("the change feed cannot be opened: {0}")]
    Feed(String),
    /// A writing thread panicked; a bug.
    #[error("writing the index panicked")]
    Panicked,
}

impl IndexerError {
    /// Whether the same step may well succeed a moment later, with everything else as it is.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::Store(error) => error.is_transient(),
            Self::Snapshot(SnapshotError::Store(_)) => true,
            _ => false,
        }
    }
}
