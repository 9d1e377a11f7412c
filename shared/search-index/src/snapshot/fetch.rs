//! Fetching a generation, and making sure that it is what was published.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::ObjectStoreExt;
use tokio::fs;
use tokio::io::AsyncWriteExt;

use crate::search::FacetBook;
use crate::snapshot::publish::measure;
use crate::snapshot::{Manifest, ManifestFile, SnapshotDirectory, Snapshots};
use crate::{SearchIndex, SnapshotError};

/// Enough to keep a network busy, few enough to leave the machine to the queries.
const DOWNLOADS_AT_ONCE: usize = 4;

/// A reader's files: everything that the generations in use need, under names that contain their content's mark.
#[derive(Debug)]
pub struct LocalFiles {
    directory: PathBuf,
    /// Files that this process has checked, so that a generation costs no more than what is new in it.
    checked: HashSet<ManifestFile>,
    /// What is known of the segments that generations share.
    facet_book: Arc<FacetBook>,
}

impl LocalFiles {
    /// Uses `directory`, which is made if it is missing. What an earlier process left in it is used again, once checked.
    pub async fn open(directory: &Path) -> Result<Self, SnapshotError> {
        let unusable = |source| SnapshotError::LocalFile { path: directory.to_owned(), source };
        fs::create_dir_all(directory).await.map_err(unusable)?;
        Ok(Self { directory: directory.to_owned(), checked: HashSet::new(), facet_book: Arc::default() })
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
        let book = Arc::clone(&self.facet_book);
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
        let unusable = |source| SnapshotError::LocalFile { path: target.to_owned(), source };
        let mut partial_name = target.as_os_str().to_owned();
        partial_name.push(".part");
        let partial = PathBuf::from(partial_name);

        let mut content = self.store.get(&self.file(file)).await?.into_stream();
        let mut written = fs::File::create(&partial).await.map_err(unusable)?;
        let mut hasher = crc32fast::Hasher::new();
        let mut size = 0_u64;
        while let Some(chunk) = content.try_next().await? {
            size += chunk.len() as u64;
            hasher.update(&chunk);
            written.write_all(&chunk).await.map_err(unusable)?;
        }
        written.flush().await.map_err(unusable)?;

        if let Err(damage) = agree(file, size, hasher.finalize()) {
            fs::remove_file(&partial).await.map_err(unusable)?;
            return Err(damage);
        }
        fs::rename(&partial, target).await.map_err(unusable)
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
