//! What can go wrong, told apart by what the caller would do about it.

use std::path::PathBuf;

/// Why a search has no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The deadline came first; the same search may well succeed when there is less load.
    #[error("the search took longer than it may")]
    OutOfTime,
    /// The index could not be read; a bug or a broken disk.
    #[error("the index could not be searched: {0}")]
    Index(#[from] tantivy::TantivyError),
}

/// Why a listing could not be written into the index.
#[derive(Debug, thiserror::Error)]
pub enum WriterError {
    /// The index refused the work; the writer should be opened again from the last snapshot.
    #[error("the index could not be written: {0}")]
    Index(#[from] tantivy::TantivyError),
    /// The writer's own directory failed.
    #[error("the directory {path} cannot be used: {source}")]
    Directory {
        /// Which directory.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// What the index says about itself could not be understood; a bug.
    #[error("the index describes itself in a way that we do not understand: {0}")]
    Description(String),
}

/// Why a snapshot could not be published, found or fetched.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// Somebody else published this generation: this writer is no longer the one.
    #[error("generation {generation} was published by another writer")]
    Overtaken {
        /// The generation that both wanted.
        generation: u64,
    },
    /// A file or a manifest is not what was published. Whoever has an older generation keeps it.
    #[error("{name} is damaged: {reason}")]
    Damaged {
        /// Which object.
        name: String,
        /// What does not agree.
        reason: String,
    },
    /// The object store did not answer as it should; trying again makes sense.
    #[error("the object store failed: {0}")]
    Store(#[from] object_store::Error),
    /// A local file could not be read or written.
    #[error("the file {path} cannot be used: {source}")]
    LocalFile {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The verified files do not make an index that we can open.
    #[error("the snapshot cannot be opened: {0}")]
    Index(#[from] tantivy::TantivyError),
    /// The settings name a store that cannot be used.
    #[error("index.store_url: {0}")]
    Address(String),
}

impl SnapshotError {
    /// Whether the object asked for is simply not there (any more).
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Store(object_store::Error::NotFound { .. }))
    }
}
