//! Deleting what no reader can want any more.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use futures_util::TryStreamExt;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};

use crate::SnapshotError;
use crate::snapshot::{Manifest, ManifestFile, Snapshots};

/// What a collection deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Garbage {
    /// Manifests of generations long past.
    pub manifests: usize,
    /// Files that no remaining manifest names.
    pub files: usize,
}

impl Snapshots {
    /// Deletes manifests older than `grace`, except the `keep` newest, and then files older than `grace` that no
    /// remaining manifest names.
    ///
    /// The grace period protects readers in the middle of a fetch, and uploads whose manifest is still to come: a writer
    /// that takes longer than that between the two is overtaken long before.
    pub async fn collect_garbage(&self, keep: usize, grace: Duration) -> Result<Garbage, SnapshotError> {
        let generations = self.list_generations_after(None).await?;
        let newest_dispensable = generations.len().saturating_sub(keep);
        let mut garbage = Garbage::default();
        let mut needed: HashSet<String> = HashSet::new();
        for (index, generation) in generations.iter().enumerate() {
            let object = self.manifests().join(Manifest::object_name(*generation).as_str());
            if index < newest_dispensable && self.delete_if_older(&object, grace).await? {
                garbage.manifests += 1;
                continue;
            }
            match self.fetch_manifest(*generation).await {
                Ok(manifest) => needed.extend(manifest.files.iter().map(ManifestFile::object_name)),
                // It names nothing that anybody can read.
                Err(SnapshotError::Damaged { .. }) => {}
                Err(error) if error.is_absent() => {}
                Err(error) => return Err(error),
            }
        }
        let files: Vec<ObjectMeta> = self.store.list(Some(&self.files())).try_collect().await?;
        for file in files {
            let is_needed = file.location.filename().is_some_and(|name| needed.contains(name));
            if !is_needed && self.delete_if_older(&file.location, grace).await? {
                garbage.files += 1;
            }
        }
        Ok(garbage)
    }

    async fn delete_if_older(&self, object: &ObjectPath, grace: Duration) -> Result<bool, SnapshotError> {
        let written: SystemTime = match self.store.head(object).await {
            Ok(meta) => meta.last_modified.into(),
            Err(object_store::Error::NotFound { .. }) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        if written.elapsed().unwrap_or_default() < grace {
            return Ok(false);
        }
        match self.store.delete(object).await {
            Ok(()) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}
