//! A generation's files as the engine wants to see them: read-only, under its own names.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
};

use crate::SnapshotError;
use crate::snapshot::Manifest;

/// The name under which the engine asks for its own description of the segments.
const DESCRIPTION: &str = "meta.json";

/// One generation: its description comes from the manifest, its segments from checked local files.
#[derive(Debug, Clone)]
pub(crate) struct SnapshotDirectory {
    local: MmapDirectory,
    local_names: Arc<HashMap<PathBuf, PathBuf>>,
    description: Arc<[u8]>,
}

impl SnapshotDirectory {
    /// The generation of `manifest`, whose files are in `local_directory`.
    pub fn open(local_directory: &Path, manifest: &Manifest) -> Result<Self, SnapshotError> {
        let local = MmapDirectory::open(local_directory).map_err(tantivy::TantivyError::from)?;
        let local_names = manifest.files.iter().map(|file| (file.name.clone().into(), file.object_name().into()));
        Ok(Self {
            local,
            local_names: Arc::new(local_names.collect()),
            description: manifest.description.to_string().into_bytes().into(),
        })
    }

    fn local_name(&self, name: &Path) -> Result<&Path, OpenReadError> {
        self.local_names.get(name).map(PathBuf::as_path).ok_or_else(|| absent(name))
    }
}

fn read_only() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, "a published generation never changes")
}

impl Directory for SnapshotDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.local.get_file_handle(self.local_name(path)?)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        Ok(path == Path::new(DESCRIPTION) || self.local_names.contains_key(path))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        if path == Path::new(DESCRIPTION) { Ok(self.description.to_vec()) } else { Err(absent(path)) }
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError { io_error: Arc::new(read_only()), filepath: path.to_owned() })
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(read_only(), path.to_owned()))
    }

    fn atomic_write(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        Err(read_only())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    /// Nothing is ever deleted from a generation, so there is nothing to lock out.
    fn acquire_lock(&self, _: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}

fn absent(path: &Path) -> OpenReadError {
    OpenReadError::FileDoesNotExist(path.to_owned())
}
