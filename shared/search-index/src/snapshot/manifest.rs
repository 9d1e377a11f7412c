//! What one generation of the index consists of.

use halles_domain::ChangePosition;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::SnapshotError;

/// One published generation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Its number: one more than the generation that it continues.
    pub generation: u64,
    /// The shape of the index, see [`SCHEMA_VERSION`](crate::SCHEMA_VERSION).
    pub schema_version: u32,
    /// Who published it: a name that each writer draws when it starts.
    pub writer: Uuid,
    /// When.
    pub published_at: Timestamp,
    /// Every change up to here is in it.
    pub position: ChangePosition,
    /// How many listings are in it.
    pub documents: u64,
    /// Its files, in order of their names.
    pub files: Vec<ManifestFile>,
    /// The engine's own description of the segments.
    pub(crate) description: serde_json::Value,
}

/// A file of a generation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ManifestFile {
    /// The name by which the engine knows it.
    pub name: String,
    /// Its length in bytes.
    pub size: u64,
    /// The CRC-32 of its content.
    pub crc32: u32,
}

impl ManifestFile {
    /// The name of the object that holds it: the content's mark is part of it.
    pub(crate) fn object_name(&self) -> String {
        format!("{}.{}.{:08x}", self.name, self.size, self.crc32)
    }

    /// Whether the name is one that an engine gives, and no way out of a directory.
    fn is_plain(&self) -> bool {
        let is_plain = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'.' | b'-' | b'_');
        !self.name.is_empty() && !self.name.starts_with('.') && self.name.bytes().all(is_plain)
    }
}

impl Manifest {
    /// The manifest's name in the object store; names sort like generations.
    pub(crate) fn object_name(generation: u64) -> String {
        format!("manifest-{generation:020}.json")
    }

    /// The generation that an object name stands for.
    pub(crate) fn generation_of(object_name: &str) -> Option<u64> {
        object_name.strip_prefix("manifest-")?.strip_suffix(".json")?.parse().ok()
    }

    /// Reads a manifest and refuses one that cannot be trusted.
    pub(crate) fn parse(generation: u64, bytes: &[u8]) -> Result<Self, SnapshotError> {
        let damaged = |reason: String| SnapshotError::Damaged { name: Self::object_name(generation), reason };
        let manifest: Self = serde_json::from_slice(bytes).map_err(|error| damaged(error.to_string()))?;
        if manifest.generation != generation {
            return Err(damaged(format!("it calls itself generation {}", manifest.generation)));
        }
        if let Some(file) = manifest.files.iter().find(|file| !file.is_plain()) {
            return Err(damaged(format!("{:?} is no name of a file", file.name)));
        }
        Ok(manifest)
    }

    /// Whether both generations hold the very same index, so that a reader of one need not open the other.
    pub fn has_same_files(&self, other: &Self) -> bool {
        self.files == other.files
    }

    /// How a position is noted in a commit.
    pub(crate) fn describe_position(position: ChangePosition) -> String {
        format!("{}.{}", position.transaction, position.row)
    }

    /// Reads a position back from a commit.
    pub(crate) fn parse_position(text: &str) -> Option<ChangePosition> {
        let (transaction, row) = text.split_once('.')?;
        Some(ChangePosition { transaction: transaction.parse().ok()?, row: row.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_like_generations() {
        assert!(Manifest::object_name(9) < Manifest::object_name(10));
        assert_eq!(Manifest::generation_of(&Manifest::object_name(u64::MAX)), Some(u64::MAX));
        assert_eq!(Manifest::generation_of("manifest-x.json"), None);
    }

    #[test]
    fn a_name_that_leads_out_of_the_directory_is_refused() {
        for name in ["../../etc/passwd", "", ".managed.json", "a/b", "a\0b"] {
            let file = ManifestFile { name: name.into(), size: 1, crc32: 1 };
            assert!(!file.is_plain(), "{name:?}");
        }
        let plain = ManifestFile { name: "d41d8cd98f00b204e9800998ecf8427e.42.del".into(), size: 1, crc32: 1 };
        assert!(plain.is_plain());
    }

    #[test]
    fn positions_survive_a_commit() {
        let position = ChangePosition { transaction: u64::MAX, row: 17 };
        assert_eq!(Manifest::parse_position(&Manifest::describe_position(position)), Some(position));
    }
}
