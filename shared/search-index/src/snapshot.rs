//! How generations of the index travel from the one writer to every reader.
//!
//! The object store holds, below a prefix for each schema version:
//! - `files/{name}.{size}.{crc32}`: the files of segments. The name contains the content, so a file is uploaded once,
//!   never changes, and two writers that fell out of step cannot overwrite each other's files;
//! - `manifests/manifest-{generation}.json`: what one generation consists of. It is created only if it is not there:
//!   whoever creates generation N + 1 first is the writer, the other learns that it was [overtaken]. This is all the
//!   fencing there is, and all that is needed.
//!
//! Files go up before the manifest that names them, and both appear whole or not at all, so what a manifest names is
//! there. Whatever is fetched is checked for size and checksum before anybody opens it, and what got lost or damaged in
//! the store is uploaded again by the leader, which also deletes what nobody can want any more (`upkeep.rs`).
//!
//! [overtaken]: crate::SnapshotError::Overtaken

mod directory;
mod fetch;
mod manifest;
mod open;
mod publish;
mod store;
mod upkeep;

pub(crate) use directory::SnapshotDirectory;
pub use fetch::LocalFiles;
pub use manifest::{Manifest, ManifestFile};
pub use publish::Base;
pub use store::Snapshots;
pub use upkeep::{Kept, Upkeep};
