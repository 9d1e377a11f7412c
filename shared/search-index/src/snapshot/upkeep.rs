//! Looking after what was published: what got damaged in the object store is uploaded again, what no reader can want any
//! more is deleted. Done by the leader alone, since it alone knows what the newest generation needs.
//!
//! No manifest is ever read for this. The newest one is known; whatever it does not name is wanted by readers of older
//! generations for a while, and by nobody after that.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};

use crate::SnapshotError;
use crate::snapshot::publish::measure;
use crate::snapshot::{Manifest, ManifestFile, Snapshots};
use crate::writer::Commit;

/// Looks after the objects of one schema version.
pub struct Upkeep {
    snapshots: Snapshots,
    grace: Duration,
    /// Since when this process has known files that the newest generation does not need.
    unneeded_since: HashMap<String, Instant>,
    /// The file that was read back last.
    read_last: String,
}

/// What a round of upkeep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kept {
    /// Manifests that were deleted.
    pub manifests: usize,
    /// Files that were deleted.
    pub files: usize,
    /// Files that were missing or damaged and are whole again.
    pub restored: usize,
}

impl Upkeep {
    /// Manifests go when they are older than `grace` by the store's own clock, files when nobody has needed them for
    /// twice as long by ours. That protects readers in the middle of a fetch, and uploads whose manifest is still to
    /// come: a writer that takes longer than that between the two is overtaken long before.
    pub fn new(snapshots: Snapshots, grace: Duration) -> Self {
        Self { snapshots, grace, unneeded_since: HashMap::new(), read_last: String::new() }
    }

    /// Looks once at everything there is by its name and size, and reads one file back in full, another each time.
    ///
    /// `manifest` is the newest generation, and `commit` what it was published from.
    pub async fn round(&mut self, manifest: &Manifest, commit: &Commit) -> Result<Kept, SnapshotError> {
        let listed: Vec<ObjectMeta> = self.snapshots.store.list(Some(&self.snapshots.files())).try_collect().await?;
        let stored: HashMap<&str, u64> =
            listed.iter().filter_map(|object| Some((object.location.filename()?, object.size))).collect();
        Ok(Kept {
            restored: self.restore(manifest, commit, &stored).await?,
            manifests: self.delete_manifests().await?,
            files: self.delete_files(manifest, &stored).await?,
        })
    }

    async fn restore(
        &mut self,
        manifest: &Manifest,
        commit: &Commit,
        stored: &HashMap<&str, u64>,
    ) -> Result<usize, SnapshotError> {
        let is_whole = |file: &ManifestFile| stored.get(file.object_name().as_str()) == Some(&file.size);
        let mut damaged: Vec<&ManifestFile> = manifest.files.iter().filter(|file| !is_whole(file)).collect();
        if let Some(file) = self.next_to_read(manifest)
            && is_whole(file)
            && !self.snapshots.is_intact(file).await?
        {
            damaged.push(file);
        }
        for file in &damaged {
            let local = commit.directory.join(&file.name);
            if measure(local.clone()).await? != **file {
                let reason = "it is damaged here as well as in the object store".to_owned();
                return Err(SnapshotError::Damaged { name: file.object_name(), reason });
            }
            self.snapshots.upload_file(local).await?;
        }
        Ok(damaged.len())
    }

    /// The files of the newest generation take turns.
    fn next_to_read<'a>(&mut self, manifest: &'a Manifest) -> Option<&'a ManifestFile> {
        let after_last = manifest.files.iter().find(|file| file.name > self.read_last);
        let next = after_last.or(manifest.files.first())?;
        self.read_last.clone_from(&next.name);
        Some(next)
    }

    async fn delete_manifests(&self) -> Result<usize, SnapshotError> {
        let prefix = self.snapshots.manifests();
        let mut listed: Vec<ObjectMeta> = self.snapshots.store.list(Some(&prefix)).try_collect().await?;
        listed.retain(|object| object.location.filename().and_then(Manifest::generation_of).is_some());
        listed.sort_unstable_by(|one, other| one.location.cmp(&other.location));
        let Some(newest) = listed.pop() else { return Ok(0) };
        let mut deleted = 0;
        for object in listed {
            let age = (newest.last_modified - object.last_modified).to_std().unwrap_or_default();
            if age >= self.grace {
                deleted += self.delete(&object.location).await?;
            }
        }
        Ok(deleted)
    }

    async fn delete_files(&mut self, manifest: &Manifest, stored: &HashMap<&str, u64>) -> Result<usize, SnapshotError> {
        self.unneeded_since.retain(|name, _| stored.contains_key(name.as_str()));
        for file in &manifest.files {
            self.unneeded_since.remove(&file.object_name());
        }
        let needed: Vec<String> = manifest.files.iter().map(ManifestFile::object_name).collect();
        let mut deleted = 0;
        for name in stored.keys().filter(|name| needed.iter().all(|needed| needed != *name)) {
            match self.unneeded_since.get(*name) {
                Some(since) if since.elapsed() >= self.grace * 2 => {
                    deleted += self.delete(&self.snapshots.files().join(*name)).await?;
                }
                Some(_) => {}
                None => {
                    self.unneeded_since.insert((*name).to_owned(), Instant::now());
                }
            }
        }
        Ok(deleted)
    }

    async fn delete(&self, object: &ObjectPath) -> Result<usize, SnapshotError> {
        match self.snapshots.store.delete(object).await {
            Ok(()) => Ok(1),
            Err(object_store::Error::NotFound { .. }) => Ok(0),
            Err(error) => Err(error.into()),
        }
    }
}

impl Snapshots {
    /// Whether a file in the store is what it was.
    async fn is_intact(&self, file: &ManifestFile) -> Result<bool, SnapshotError> {
        let mut content = match self.store.get(&self.file(file)).await {
            Ok(found) => found.into_stream(),
            Err(object_store::Error::NotFound { .. }) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        let mut hasher = crc32fast::Hasher::new();
        while let Some(chunk) = content.try_next().await? {
            hasher.update(&chunk);
        }
        Ok(hasher.finalize() == file.crc32)
    }
}
