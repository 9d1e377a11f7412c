//! Publishing a commit as the next generation.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, WriteMultipart};
use uuid::Uuid;

use crate::snapshot::{Manifest, ManifestFile, Snapshots};
use crate::writer::Commit;
use crate::{SCHEMA_VERSION, SnapshotError};

/// How much of a file is in memory at a time; the object stores that we know want parts of at least 5 MiB.
const PART_BYTES: usize = 8 << 20;

/// A commit has some eight small files; sending them side by side hides most of the store's latency.
const UPLOADS_AT_ONCE: usize = 4;

/// Parts of a large file that are sent at the same time: one connection alone rarely fills a network.
const PARTS_AT_ONCE: usize = 4;

/// What a writer continues.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Base {
    /// The highest generation that there is, 0 before the first. It may be damaged; its number is taken all the same.
    pub generation: u64,
    /// The files of the generation that the writer's index was fetched from or last published as.
    pub files: Vec<ManifestFile>,
}

impl From<&Manifest> for Base {
    fn from(manifest: &Manifest) -> Self {
        Self { generation: manifest.generation, files: manifest.files.clone() }
    }
}

impl Snapshots {
    /// Publishes `commit` as the generation after `base`: first the files that `base` does not have, then the manifest.
    ///
    /// When another writer was faster the answer is [`SnapshotError::Overtaken`], and nothing of this attempt is visible.
    pub async fn publish(&self, base: &Base, commit: &Commit, writer: Uuid) -> Result<Manifest, SnapshotError> {
        let files = self.upload(&base.files, commit).await?;
        self.announce(base.generation + 1, files, commit, writer).await
    }

    /// Uploads the files of `commit` but those that are `known` to be there, and names them all.
    pub async fn upload(&self, known: &[ManifestFile], commit: &Commit) -> Result<Vec<ManifestFile>, SnapshotError> {
        let known: HashMap<&str, &ManifestFile> = known.iter().map(|file| (file.name.as_str(), file)).collect();
        let mut files: Vec<ManifestFile> = Vec::with_capacity(commit.files.len());
        let mut fresh: Vec<PathBuf> = Vec::new();
        for name in &commit.files {
            match known.get(name.to_string_lossy().as_ref()) {
                // A file never changes under its name while one writer continues another's work.
                Some(known) => files.push((*known).clone()),
                None => fresh.push(commit.directory.join(name)),
            }
        }
        let uploads = stream::iter(fresh).map(|path| self.upload_file(path)).buffer_unordered(UPLOADS_AT_ONCE);
        files.extend(uploads.try_collect::<Vec<_>>().await?);
        files.sort_unstable();
        Ok(files)
    }

    /// Makes `files`, which are in the store, the generation with this number.
    pub async fn announce(
        &self,
        generation: u64,
        files: Vec<ManifestFile>,
        commit: &Commit,
        writer: Uuid,
    ) -> Result<Manifest, SnapshotError> {
        let manifest = Manifest {
            generation,
            schema_version: SCHEMA_VERSION,
            writer,
            published_at: Timestamp::now(),
            position: commit.position,
            documents: commit.documents,
            files,
            description: commit.description.clone(),
        };
        self.create_manifest(&manifest).await?;
        Ok(manifest)
    }

    /// The moment at which a generation begins to exist.
    async fn create_manifest(&self, manifest: &Manifest) -> Result<(), SnapshotError> {
        let name = Manifest::object_name(manifest.generation);
        let bytes = serde_json::to_vec(manifest)
            .map_err(|error| SnapshotError::Damaged { name: name.clone(), reason: error.to_string() })?;
        let only_once = PutOptions::from(PutMode::Create);
        match self.store.put_opts(&self.manifests().join(name.as_str()), bytes.into(), only_once).await {
            Ok(_) => Ok(()),
            Err(object_store::Error::AlreadyExists { .. }) => self.confirm_own(manifest).await,
            Err(error) => Err(error.into()),
        }
    }

    /// The store says that the generation exists. It may be our own: an answer lost on the way makes a client try
    /// twice, and its second try finds the first.
    async fn confirm_own(&self, manifest: &Manifest) -> Result<(), SnapshotError> {
        let present = self.fetch_manifest(manifest.generation).await;
        if present.is_ok_and(|present| present == *manifest) {
            return Ok(());
        }
        Err(SnapshotError::Overtaken { generation: manifest.generation })
    }

    /// Uploads one file, large ones in parts, of which some are on their way at the same time.
    pub(super) async fn upload_file(&self, path: PathBuf) -> Result<ManifestFile, SnapshotError> {
        let file = measure(path.clone()).await?;
        let object = self.file(&file);
        if file.size <= PART_BYTES as u64 {
            let content = read_part(path, 0).await?;
            self.store.put(&object, PutPayload::from_bytes(content)).await?;
            return Ok(file);
        }
        let mut upload = WriteMultipart::new_with_chunk_size(self.store.put_multipart(&object).await?, PART_BYTES);
        let mut sent = 0_u64;
        while sent < file.size {
            upload.wait_for_capacity(PARTS_AT_ONCE).await?;
            match read_part(path.clone(), sent).await {
                Ok(part) => {
                    sent += part.len() as u64;
                    upload.put(part);
                }
                Err(error) => {
                    upload.abort().await?;
                    return Err(error);
                }
            }
        }
        upload.finish().await?;
        Ok(file)
    }
}

/// Reads a file once for its size and checksum.
pub(super) async fn measure(path: PathBuf) -> Result<ManifestFile, SnapshotError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (size, crc32) = off_the_runtime(path, |path| {
        let mut file = File::open(path)?;
        let mut hasher = crc32fast::Hasher::new();
        let mut buffer = vec![0; 1 << 20];
        let mut size = 0_u64;
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok((size, hasher.finalize())),
                length => {
                    hasher.update(&buffer[..length]);
                    size += length as u64;
                }
            }
        }
    })
    .await?;
    Ok(ManifestFile { name, size, crc32 })
}

async fn read_part(path: PathBuf, from: u64) -> Result<Bytes, SnapshotError> {
    off_the_runtime(path, move |path| {
        use std::io::{Seek, SeekFrom};
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(from))?;
        let mut part = Vec::new();
        file.take(PART_BYTES as u64).read_to_end(&mut part)?;
        Ok(part.into())
    })
    .await
}

/// Runs file work on a thread that may wait for the disk.
pub(super) async fn off_the_runtime<T: Send + 'static>(
    path: PathBuf,
    work: impl FnOnce(&Path) -> std::io::Result<T> + Send + 'static,
) -> Result<T, SnapshotError> {
    let worked_on = path.clone();
    let done = tokio::task::spawn_blocking(move || work(&worked_on)).await;
    done.unwrap_or_else(|panic| Err(std::io::Error::other(panic)))
        .map_err(|source| SnapshotError::LocalFile { path, source })
}
