//! The one place where the index is written: on a thread that may wait for the disk, one piece of work after the other.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use halles_search_index::{IndexWriter, WriterError};
use uuid::Uuid;

use crate::IndexerError;

/// The writer, lent to a thread for each piece of work.
pub(crate) struct Workshop(Option<IndexWriter>);

impl Workshop {
    /// Opens a writer off the runtime.
    pub async fn open(
        open: impl FnOnce() -> Result<IndexWriter, WriterError> + Send + 'static,
    ) -> Result<Self, IndexerError> {
        let opened = tokio::task::spawn_blocking(open).await.map_err(|_| IndexerError::Panicked)?;
        Ok(Self(Some(opened?)))
    }

    /// Does one piece of work with the writer.
    pub async fn work<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut IndexWriter) -> Result<T, WriterError> + Send + 'static,
    ) -> Result<T, IndexerError> {
        // Without a writer an earlier piece of work panicked, or was left in the middle.
        let mut writer = self.0.take().ok_or(IndexerError::Panicked)?;
        let done = tokio::task::spawn_blocking(move || {
            let outcome = work(&mut writer);
            (writer, outcome)
        });
        let (writer, outcome) = done.await.map_err(|_| IndexerError::Panicked)?;
        self.0 = Some(writer);
        Ok(outcome?)
    }
}

/// This process's directory, which no other process may use at the same time.
pub(crate) struct WorkDirectory {
    path: PathBuf,
    _lock: File,
}

impl WorkDirectory {
    /// Takes the directory, or says that somebody else has it.
    pub fn take(path: &Path) -> Result<Self, IndexerError> {
        let unusable = |source| IndexerError::WorkDirectory { path: path.to_owned(), source };
        std::fs::create_dir_all(path).map_err(unusable)?;
        let lock = File::create(path.join("lock")).map_err(unusable)?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => unusable(std::io::Error::other("another indexer works in it")),
            TryLockError::Error(source) => unusable(source),
        })?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// A new name in the directory, and everything else in it gone. A new name each time, because threads of a writer
    /// that was given up may still be about to write under the old one.
    pub async fn fresh(&self) -> Result<PathBuf, IndexerError> {
        let unusable = |source| IndexerError::WorkDirectory { path: self.path.clone(), source };
        let mut entries = tokio::fs::read_dir(&self.path).await.map_err(unusable)?;
        while let Some(entry) = entries.next_entry().await.map_err(unusable)? {
            if entry.file_type().await.map_err(unusable)?.is_dir() {
                // Whatever cannot be removed now is removed next time.
                let _ = tokio::fs::remove_dir_all(entry.path()).await;
            }
        }
        Ok(self.path.join(Uuid::new_v4().simple().to_string()))
    }
}
