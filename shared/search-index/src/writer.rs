//! Writing the index: one writer, in a directory of its own.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use halles_domain::{ChangePosition, ListingId};
use tantivy::directory::{Directory, META_LOCK, MmapDirectory};
use tantivy::{Index, IndexMeta, IndexSettings as TantivySettings, Term};

use crate::analysis::{Analysers, analyses};
use crate::document::{IndexedListing, as_number};
use crate::schema::{Fields, schema};
use crate::snapshot::Manifest;
use crate::{WriterError, WriterSettings};

/// The one writer of an index. Its methods work on the calling thread and may wait for the disk.
///
/// Everything since the last [`commit`](Self::commit) is lost when the process dies, and nothing else: a commit carries
/// the position up to which it holds every change, so whoever continues knows where to begin.
pub struct IndexWriter {
    index: Index,
    writer: tantivy::IndexWriter,
    fields: Fields,
    analysers: Analysers,
    directory: PathBuf,
}

/// A committed state of the index, to be published. Its files stay on disk for as long as it is held.
pub struct Commit {
    /// The directory in which the files are.
    pub(crate) directory: PathBuf,
    /// The files that make up the index, by name.
    pub(crate) files: BTreeSet<PathBuf>,
    /// The engine's own description of the segments.
    pub(crate) description: serde_json::Value,
    /// Every change up to here is in it.
    pub position: ChangePosition,
    /// How many listings are in it.
    pub documents: u64,
    /// Keeps the engine from deleting the files of segments that it merges meanwhile.
    _segments: IndexMeta,
}

impl IndexWriter {
    /// Starts an empty index in `directory`, which is emptied first.
    pub fn create(directory: &Path, settings: WriterSettings) -> Result<Self, WriterError> {
        Self::open(create_index(directory)?, directory, settings)
    }

    /// Continues the index that [`Snapshots::fetch_for_writing`](crate::Snapshots::fetch_for_writing) put into
    /// `directory`.
    pub fn resume(directory: &Path, settings: WriterSettings) -> Result<Self, WriterError> {
        let files = MmapDirectory::open(directory).map_err(tantivy::TantivyError::from)?;
        let mut index = Index::open(files)?;
        index.set_tokenizers(analyses());
        Self::open(index, directory, settings)
    }

    fn open(index: Index, directory: &Path, settings: WriterSettings) -> Result<Self, WriterError> {
        let (_, fields) = schema();
        let writer = index.writer_with_num_threads(settings.threads, settings.memory_bytes)?;
        Ok(Self { index, writer, fields, analysers: Analysers::new(), directory: directory.to_owned() })
    }

    /// Adds a listing that the index is known not to hold, as in a bulk build.
    pub fn insert(&mut self, listing: IndexedListing<'_>) -> Result<(), WriterError> {
        self.writer.add_document(listing.to_document(&self.fields, &mut self.analysers))?;
        Ok(())
    }

    /// Puts a listing in, in place of what the index holds of it.
    pub fn upsert(&mut self, listing: IndexedListing<'_>) -> Result<(), WriterError> {
        self.delete(listing.listing.id);
        self.insert(listing)
    }

    /// Takes a listing out; one that is not in does no harm.
    pub fn delete(&mut self, id: ListingId) {
        self.writer.delete_term(Term::from_field_u64(self.fields.id, as_number(id.get())));
    }

    /// Makes everything so far durable in the writer's directory, as the state that holds every change up to `position`.
    pub fn commit(&mut self, position: ChangePosition) -> Result<Commit, WriterError> {
        let mut prepared = self.writer.prepare_commit()?;
        prepared.set_payload(&Manifest::describe_position(position));
        prepared.commit()?;
        self.last_commit()
    }

    /// The state of the last commit, with the merges finished since.
    pub fn last_commit(&self) -> Result<Commit, WriterError> {
        let meta = {
            // Between reading the list of segments and holding them, no file may be deleted.
            let _no_deletion = self.index.directory().acquire_lock(&META_LOCK).map_err(tantivy::TantivyError::from)?;
            self.index.load_metas()?
        };
        let unreadable = |error: serde_json::Error| WriterError::Description(error.to_string());
        let description = serde_json::to_value(&meta).map_err(unreadable)?;
        let position = meta.payload.as_deref().and_then(Manifest::parse_position);
        let position = position.ok_or_else(|| WriterError::Description("a commit without its position".into()))?;
        let files = meta.list_segment_files().into_iter().filter(|name| self.directory.join(name).exists()).collect();
        let documents = meta.segments.iter().map(|segment| u64::from(segment.num_docs())).sum();
        Ok(Commit { directory: self.directory.clone(), files, description, position, documents, _segments: meta })
    }
}

/// An empty index in `directory`, which is emptied first.
pub(crate) fn create_index(directory: &Path) -> Result<Index, WriterError> {
    empty_directory(directory)?;
    let builder = Index::builder().schema(schema().0).tokenizers(analyses()).settings(TantivySettings::default());
    Ok(builder.create_in_dir(directory)?)
}

fn empty_directory(directory: &Path) -> Result<(), WriterError> {
    let unusable = |source| WriterError::Directory { path: directory.to_owned(), source };
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(unusable(error)),
        _ => {}
    }
    fs::create_dir_all(directory).map_err(unusable)
}
