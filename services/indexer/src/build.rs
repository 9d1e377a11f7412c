//! Building the whole index from the replica.

use halles_domain::ListingId;
use halles_search_index::{Base, IndexWriter, is_searchable};
use tokio::time::Instant;

use crate::names::Names;
use crate::owed::Owed;
use crate::status::Role;
use crate::term::Term;
use crate::workshop::Workshop;
use crate::{Indexer, IndexerError};

impl Indexer {
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

        let mut after = ListingId::new(0);
        let mut written = 0_usize;
        loop {
            let listings = self.reader.scan_listings(after, self.settings.indexing.batch_size).await?;
            let Some(last) = listings.last() else { break };
            after = last.id;
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
