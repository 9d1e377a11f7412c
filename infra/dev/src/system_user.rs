//! Which system user a server runs as.
//!
//! PostgreSQL refuses to run as root. When the developer is root, its processes and files belong to the `postgres` user
//! that the package brings (or to `nobody`); an ordinary user simply runs everything as themselves.

use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::unistd::{User, geteuid};

/// A system user that a process is started as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemUser {
    /// Its name, for messages.
    pub name: String,
    /// Its user id.
    pub uid: u32,
    /// Its main group.
    pub gid: u32,
}

impl SystemUser {
    /// The user for PostgreSQL when we are root; `None` when we are not and need nobody else.
    pub fn for_postgres() -> io::Result<Option<Self>> {
        if !is_root() {
            return Ok(None);
        }
        for name in ["postgres", "nobody"] {
            if let Some(user) = User::from_name(name).map_err(io::Error::from)? {
                return Ok(Some(Self { name: user.name, uid: user.uid.as_raw(), gid: user.gid.as_raw() }));
            }
        }
        Err(io::Error::other("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`"))
    }

    /// Gives a file or directory to this user.
    pub fn own(&self, path: &Path) -> io::Result<()> {
        chown(path, Some(self.uid), Some(self.gid))
    }

    /// Whether this user may walk through every directory down to `path`. Parts that do not exist yet are not asked.
    pub fn reaches(&self, path: &Path) -> bool {
        let existing = path.ancestors().filter_map(|directory| directory.metadata().ok());
        existing.into_iter().all(|metadata| {
            let mode = metadata.permissions().mode();
            let may_enter = if metadata.uid() == self.uid {
                mode & 0o100
            } else if metadata.gid() == self.gid {
                mode & 0o010
            } else {
                mode & 0o001
            };
            may_enter != 0
        })
    }
}

/// Whether this command runs as root.
pub fn is_root() -> bool {
    geteuid().is_root()
}

/// Finds `sudo`, for the ordinary user of a machine that has it.
pub fn find_sudo() -> Option<PathBuf> {
    let found = Command::new("sh").args(["-c", "command -v sudo"]).output().ok()?;
    let path = String::from_utf8(found.stdout).ok()?;
    (!path.trim().is_empty()).then(|| PathBuf::from(path.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_directory_is_not_reached() {
        let stranger = SystemUser { name: "stranger".to_owned(), uid: 4_000_001, gid: 4_000_001 };
        let directory = tempfile::tempdir().expect("a temporary directory");
        std::fs::set_permissions(directory.path(), PermissionsExt::from_mode(0o700)).expect("it is ours");
        assert!(!stranger.reaches(&directory.path().join("data")));
        std::fs::set_permissions(directory.path(), PermissionsExt::from_mode(0o711)).expect("it is ours");
        assert!(stranger.reaches(&directory.path().join("data")));
    }
}
