//! The object store that snapshots are kept in.

use std::sync::Arc;

use futures_util::TryStreamExt;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt};

use crate::snapshot::{Manifest, ManifestFile};
use crate::{SCHEMA_VERSION, SnapshotError};

/// The snapshots of this schema version in one object store. Cheap to clone.
#[derive(Clone)]
pub struct Snapshots {
    pub(super) store: Arc<dyn ObjectStore>,
    pub(super) prefix: ObjectPath,
}

impl Snapshots {
    /// Uses `store`, whatever it is made of.
    pub fn in_store(store: Arc<dyn ObjectStore>) -> Self {
        Self::in_folder(store, &ObjectPath::default())
    }

    /// The same below a folder.
    pub(super) fn in_folder(store: Arc<dyn ObjectStore>, folder: &ObjectPath) -> Self {
        Self { store, prefix: folder.clone().join(format!("schema-{SCHEMA_VERSION}")) }
    }

    /// The numbers of all generations after `generation`, oldest first.
    pub async fn list_generations_after(&self, generation: Option<u64>) -> Result<Vec<u64>, SnapshotError> {
        let manifests = self.manifests();
        let listed = match generation {
            None => self.store.list(Some(&manifests)),
            Some(known) => {
                let offset = manifests.clone().join(Manifest::object_name(known).as_str());
                self.store.list_with_offset(Some(&manifests), &offset)
            }
        };
        let objects: Vec<_> = listed.try_collect().await?;
        let mut generations: Vec<u64> = objects
            .iter()
            .filter_map(|object| Manifest::generation_of(object.location.filename()?))
            .filter(|found| generation.is_none_or(|known| *found > known))
            .collect();
        generations.sort_unstable();
        Ok(generations)
    }

    /// The manifest of one generation.
    pub async fn fetch_manifest(&self, generation: u64) -> Result<Manifest, SnapshotError> {
        let object = self.manifests().join(Manifest::object_name(generation).as_str());
        let bytes = self.store.get(&object).await?.bytes().await?;
        Manifest::parse(generation, &bytes)
    }

    pub(super) fn manifests(&self) -> ObjectPath {
        self.prefix.clone().join("manifests")
    }

    pub(super) fn files(&self) -> ObjectPath {
        self.prefix.clone().join("files")
    }

    pub(super) fn file(&self, file: &ManifestFile) -> ObjectPath {
        self.files().join(file.object_name().as_str())
    }
}
