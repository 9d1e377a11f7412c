//! Fetching a generation, and making sure that it is what was published.

use std::collections::HashSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::ObjectStoreExt;
use tokio::fs;

use crate::search::SegmentBook;
use crate::snapshot::publish::{measure, off_the_runtime};
use crate::snapshot::{Manifest, ManifestFile, SnapshotDirectory, Snapshots};
use crate::{SearchIndex, SnapshotError};

/// Files fetched at the same time, and parts of each: enough to keep a network busy, few enough to leave the machine to
/// the queries. Together they bound the memory that a fetch takes: 96 MiB.
const DOWNLOADS_AT_ONCE: usize = 4;
const PARTS_AT_ONCE: usize = 3;
const PART_BYTES: u64 = 8 << 20;

/// A reader's files: everything that the generations in use need, under names that contain their content's mark.
#[derive(Debug)]
pub struct LocalFiles {
    directory: PathBuf,
    /// Files that this process has checked, so that a generation costs no more than what is new in it.
    checked: HashSet<ManifestFile>,
    /// What is known of the segments that generations share.
    segment_book: Arc<SegmentBook>,
}

impl LocalFiles {
    /// Uses `directory`, which is made if it is missing. What an earlier process left in it is used again, once checked.
    pub async fn open(directory: &Path) -> Result<Self, SnapshotError> {
        let unusable = |source| SnapshotError::LocalFile { path: directory.to_owned(), source };
        fs::create_dir_all(directory).await.map_err(unusable)?;
        Ok(Self { directory: directory.to_owned(), checked: HashSet::new(), segment_book: Arc::default() })
    }

    /// Fetches what `manifest` needs and is not here yet, then opens it. On any fault nothing changes for readers of
    /// other generations.
    pub async fn open_generation(
        &mut self,
        snapshots: &Snapshots,
        manifest: &Manifest,
    ) -> Result<SearchIndex, SnapshotError> {
        let missing = manifest.files.iter().filter(|file| !self.checked.contains(file)).cloned();
        let targets: Vec<Target> =
            missing.map(|file| Target { path: self.directory.join(file.object_name()), file }).collect();
        let fetched = snapshots.download_all(targets).await?;
        self.checked.extend(fetched);
        let files = SnapshotDirectory::open(&self.directory, manifest)?;
        let generation = manifest.generation;
        let book = Arc::clone(&self.segment_book);
        let opening = tokio::task::spawn_blocking(move || SearchIndex::open(files, generation, &book));
        opening.await.map_err(|panic| SnapshotError::Damaged {
            name: Manifest::object_name(generation),
            reason: panic.to_string(),
        })?
    }

    /// Deletes the files that none of `manifests` needs. Queries still reading them are not disturbed: on the systems
    /// that we run on, a mapped file lives until it is let go of.
    pub fn keep_only(
        &mut self,
        manifests: &[&Manifest],
    ) -> impl Future<Output = Result<(), SnapshotError>> + Send + use<> {
        let needed: HashSet<&ManifestFile> = manifests.iter().flat_map(|manifest| &manifest.files).collect();
        self.checked.retain(|file| needed.contains(file));
        let names: HashSet<String> = needed.iter().map(|file| file.object_name()).collect();
        delete_others(self.directory.clone(), names)
    }
}

async fn delete_others(directory: PathBuf, names: HashSet<String>) -> Result<(), SnapshotError> {
    let unusable = |source| SnapshotError::LocalFile { path: directory.clone(), source };
    let mut entries = fs::read_dir(&directory).await.map_err(unusable)?;
    while let Some(entry) = entries.next_entry().await.map_err(unusable)? {
        if !names.contains(entry.file_name().to_string_lossy().as_ref()) {
            fs::remove_file(entry.path()).await.map_err(unusable)?;
        }
    }
    Ok(())
}

/// A file, and where it is to be.
struct Target {
    file: ManifestFile,
    path: PathBuf,
}

impl Snapshots {
    /// Puts a generation into `directory` in the form that [`IndexWriter::resume`](crate::IndexWriter::resume) wants;
    /// the directory is emptied first.
    pub async fn fetch_for_writing(&self, manifest: &Manifest, directory: &Path) -> Result<(), SnapshotError> {
        let unusable = |source| SnapshotError::LocalFile { path: directory.to_owned(), source };
        match fs::remove_dir_all(directory).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(unusable(error)),
            _ => {}
        }
        fs::create_dir_all(directory).await.map_err(unusable)?;
        let targets = manifest.files.iter().map(|file| Target { path: directory.join(&file.name), file: file.clone() });
        self.download_all(targets.collect()).await?;
        // The engine deletes only files that it lists here; without the list, merged segments would stay for ever.
        let listed: Vec<&str> = manifest.files.iter().map(|file| file.name.as_str()).chain(["meta.json"]).collect();
        let listed = serde_json::json!(listed).to_string();
        fs::write(directory.join(".managed.json"), listed).await.map_err(unusable)?;
        fs::write(directory.join("meta.json"), manifest.description.to_string()).await.map_err(unusable)
    }

    /// Fetches files side by side, each only when it is not there in full already.
    async fn download_all(&self, targets: Vec<Target>) -> Result<Vec<ManifestFile>, SnapshotError> {
        let downloads = targets.into_iter().map(|target| {
            let snapshots = self.clone();
            async move {
                if !is_intact(&target.path, &target.file).await {
                    snapshots.download(&target.file, &target.path).await?;
                }
                Ok(target.file)
            }
        });
        stream::iter(downloads).buffer_unordered(DOWNLOADS_AT_ONCE).try_collect().await
    }

    /// Fetches one file to `target`, which appears only when size and checksum agree.
    async fn download(&self, file: &ManifestFile, target: &Path) -> Result<(), SnapshotError> {
        let mut partial = target.as_os_str().to_owned();
        partial.push(".part");
        let partial = PathBuf::from(partial);
        let mut received = off_the_runtime(partial.clone(), Received::create).await?;
        if file.size > PART_BYTES {
            // Whoever asks for a part of what is too short learns only that it is not there.
            let found = self.store.head(&self.file(file)).await?;
            agree(file, found.size, file.crc32)?;
        }
        let parts = (0..file.size.div_ceil(PART_BYTES).max(1)).map(|part| self.fetch_part(file, part));
        let mut parts = stream::iter(parts).buffered(PARTS_AT_ONCE);
        while let Some(part) = parts.try_next().await? {
            received = off_the_runtime(partial.clone(), move |_| received.append(&part)).await?;
        }
        if let Err(damage) = agree(file, received.size, received.hasher.finalize()) {
            let unusable = |source| SnapshotError::LocalFile { path: partial.clone(), source };
            fs::remove_file(&partial).await.map_err(unusable)?;
            return Err(damage);
        }
        let unusable = |source| SnapshotError::LocalFile { path: target.to_owned(), source };
        fs::rename(&partial, target).await.map_err(unusable)
    }

    async fn fetch_part(&self, file: &ManifestFile, part: u64) -> Result<Bytes, SnapshotError> {
        let object = self.file(file);
        if file.size <= PART_BYTES {
            return Ok(self.store.get(&object).await?.bytes().await?);
        }
        let start = part * PART_BYTES;
        Ok(self.store.get_range(&object, start..file.size.min(start + PART_BYTES)).await?)
    }
}

/// What has come of a file so far.
struct Received {
    file: std::fs::File,
    hasher: crc32fast::Hasher,
    size: u64,
}

impl Received {
    fn create(path: &Path) -> std::io::Result<Self> {
        Ok(Self { file: std::fs::File::create(path)?, hasher: crc32fast::Hasher::new(), size: 0 })
    }

    fn append(mut self, part: &[u8]) -> std::io::Result<Self> {
        self.file.write_all(part)?;
        self.hasher.update(part);
        self.size += part.len() as u64;
        Ok(self)
    }
}

async fn is_intact(path: &Path, expected: &ManifestFile) -> bool {
    let length = fs::metadata(path).await.map(|metadata| metadata.len());
    if length.ok() != Some(expected.size) {
        return false;
    }
    measure(path.to_owned()).await.is_ok_and(|found| found.crc32 == expected.crc32)
}

fn agree(expected: &ManifestFile, size: u64, crc32: u32) -> Result<(), SnapshotError> {
    let damaged = |reason: String| Err(SnapshotError::Damaged { name: expected.object_name(), reason });
    if size != expected.size {
        return damaged(format!("it has {size} bytes instead of {}", expected.size));
    }
    if crc32 != expected.crc32 {
        return damaged(format!("its checksum is {crc32:08x} instead of {:08x}", expected.crc32));
    }
    Ok(())
}
