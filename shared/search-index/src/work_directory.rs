//! A process's own directory.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::SnapshotError;

/// The directory of [`IndexSettings::work_dir`](crate::IndexSettings), which no other process may use at the same time:
/// whoever works in it deletes what it does not know.
#[derive(Debug)]
pub struct WorkDirectory {
    path: PathBuf,
    /// Held, not read: the system lets go of it when the process ends, however it ends.
    _lock: File,
}

impl WorkDirectory {
    /// Takes the directory, which is made if it is missing, or says that somebody else has it.
    pub fn take(path: &Path) -> Result<Self, SnapshotError> {
        let unusable = |source| SnapshotError::LocalFile { path: path.to_owned(), source };
        fs::create_dir_all(path).map_err(unusable)?;
        let lock = File::create(path.join("lock")).map_err(unusable)?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => unusable(io::Error::other("another process works in it (index.work_dir)")),
            TryLockError::Error(source) => unusable(source),
        })?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// A directory in it by this name, which need not exist yet.
    pub fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// A directory of a new name, and every other one gone. A new name each time, because threads of a writer that was
    /// given up may still be about to write under the old one.
    pub async fn fresh(&self) -> Result<PathBuf, SnapshotError> {
        let unusable = |source| SnapshotError::LocalFile { path: self.path.clone(), source };
        let mut entries = tokio::fs::read_dir(&self.path).await.map_err(unusable)?;
        while let Some(entry) = entries.next_entry().await.map_err(unusable)? {
            if entry.file_type().await.map_err(unusable)?.is_dir() {
                // Whatever cannot be removed now is removed next time.
                let _ = tokio::fs::remove_dir_all(entry.path()).await;
            }
        }
        Ok(self.join(&Uuid::new_v4().simple().to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn two_processes_cannot_share_it_and_nothing_stays_behind() {
        let directory = tempfile::tempdir().unwrap();
        let taken = WorkDirectory::take(directory.path()).unwrap();
        assert!(WorkDirectory::take(directory.path()).is_err());
        let first = taken.fresh().await.unwrap();
        fs::create_dir(&first).unwrap();
        let second = taken.fresh().await.unwrap();
        assert!(!first.exists() && first != second);
        drop(taken);
        assert!(WorkDirectory::take(directory.path()).is_ok());
    }
}
