//! The one place where the index is written: on a thread that may wait for the disk, one piece of work after the other.

use halles_search_index::{IndexWriter, WriterError};

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
