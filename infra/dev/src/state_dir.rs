//! The one directory that holds everything a local stack leaves on disk.
//!
//! Owns its layout and the lock that makes sure only one stack lives in it. Deleting the directory (and, for root, the
//! place that [`StateDir::postgres`] names) is all that `reset` needs to do.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use nix::fcntl::{Flock, FlockArg};

use crate::system_user::SystemUser;

/// The layout of a state directory.
#[derive(Debug, Clone)]
pub struct StateDir {
    root: PathBuf,
    postgres: PathBuf,
}

impl StateDir {
    /// Describes the directory at `root` without touching the disk.
    ///
    /// `postgres_user` decides where PostgreSQL's data goes: beside the rest when that user can reach it, otherwise
    /// under `/var/tmp` (a checkout under `/root` is closed to everybody else).
    pub fn new(root: PathBuf, postgres_user: Option<&SystemUser>) -> Self {
        let beside = root.join("postgres");
        // The root itself is created open to passing through, so only what lies above it can be in the way.
        let above = root.parent().unwrap_or(Path::new("/"));
        let postgres = match postgres_user {
            Some(user) if !user.reaches(above) => elsewhere(&root),
            _ => beside,
        };
        Self { root, postgres }
    }

    /// Creates what is missing. Only the owner may read it; others may pass through when PostgreSQL must.
    pub fn create(&self) -> io::Result<()> {
        let passing = self.postgres.starts_with(&self.root);
        let mode = if passing && crate::system_user::is_root() { 0o711 } else { 0o700 };
        create_closed(&self.root, mode)?;
        fs::set_permissions(&self.root, fs::Permissions::from_mode(mode))?;
        for directory in [self.logs(), self.run(), self.redis(), self.index(), self.index_work()] {
            create_closed(&directory, 0o700)?;
        }
        Ok(())
    }

    /// The directory itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Logs, one file for each process.
    pub fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// The log of one process.
    pub fn log_of(&self, process: &str) -> PathBuf {
        self.logs().join(format!("{process}.log"))
    }

    /// What runs now: the lock, one file for each process, generated configuration.
    pub fn run(&self) -> PathBuf {
        self.root.join("run")
    }

    /// PostgreSQL's data directories.
    pub fn postgres(&self) -> &Path {
        &self.postgres
    }

    /// Whether PostgreSQL's data had to go outside this directory.
    pub fn keeps_postgres_elsewhere(&self) -> bool {
        !self.postgres.starts_with(&self.root)
    }

    /// The order log's files.
    pub fn redis(&self) -> PathBuf {
        self.root.join("redis")
    }

    /// The object store of search index snapshots.
    pub fn index(&self) -> PathBuf {
        self.root.join("index")
    }

    /// Scratch space of indexers and search instances; nothing in it matters.
    pub fn index_work(&self) -> PathBuf {
        self.root.join("index-work")
    }

    /// What Prometheus has gathered.
    pub fn prometheus(&self) -> PathBuf {
        self.root.join("prometheus")
    }

    /// Passwords and signing keys of this stack.
    pub fn secrets(&self) -> PathBuf {
        self.root.join("secrets.toml")
    }

    /// What the payment provider to try things with remembers.
    pub fn payments_journal(&self) -> PathBuf {
        self.root.join("payments.jsonl")
    }

    /// The plan of the running stack, so that other commands know its ports.
    pub fn plan(&self) -> PathBuf {
        self.run().join("plan.toml")
    }

    /// Exists while the stack is ready; holds the address of the shop.
    pub fn ready_marker(&self) -> PathBuf {
        self.run().join("ready")
    }

    /// Takes the directory for one stack, or says which process has it.
    pub fn lock(&self) -> io::Result<Result<StateLock, LockedBy>> {
        let path = self.run().join("lock");
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
        match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
            Ok(mut held) => {
                held.set_len(0)?;
                held.rewind()?;
                write!(held, "{}", std::process::id())?;
                Ok(Ok(StateLock { _held: held }))
            }
            Err((mut file, _)) => {
                let mut pid = String::new();
                file.read_to_string(&mut pid)?;
                Ok(Err(LockedBy { pid: pid.trim().parse().ok() }))
            }
        }
    }

    /// The process that runs the stack of this directory, if one does.
    pub fn running(&self) -> io::Result<Option<LockedBy>> {
        if !self.run().join("lock").exists() {
            return Ok(None);
        }
        Ok(self.lock()?.err())
    }

    /// Deletes everything, including PostgreSQL's data elsewhere.
    pub fn erase(&self) -> io::Result<()> {
        for directory in [self.postgres.as_path(), self.root.as_path()] {
            if directory.exists() {
                fs::remove_dir_all(directory)?;
            }
        }
        Ok(())
    }
}

/// Held while a stack lives in its directory; the system frees it however the process ends.
#[derive(Debug)]
pub struct StateLock {
    _held: Flock<File>,
}

/// Who holds the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockedBy {
    /// Its process id, where it had time to write it down.
    pub pid: Option<i32>,
}

fn create_closed(path: &Path, mode: u32) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(mode).create(path)
}

/// A place that any user can reach, named after the state directory so that two checkouts do not meet.
fn elsewhere(root: &Path) -> PathBuf {
    // FNV-1a: the name must stay the same from one toolchain to the next, which the standard hasher does not promise.
    let fold = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = root.as_os_str().as_encoded_bytes().iter().fold(0xcbf2_9ce4_8422_2325, fold);
    PathBuf::from(format!("/var/tmp/halles-postgres-{hash:016x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn temporary() -> (tempfile::TempDir, StateDir) {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let state = StateDir::new(directory.path().join("state"), None);
        state.create().expect("it can be created");
        (directory, state)
    }

    #[test]
    fn the_lock_is_exclusive_and_names_its_holder() {
        let (_directory, state) = temporary();
        assert_eq!(state.running().expect("readable"), None);
        let lock = state.lock().expect("lockable").expect("nobody holds it");
        let holder = state.lock().expect("lockable").expect_err("we hold it");
        assert_eq!(holder.pid.and_then(|pid| u32::try_from(pid).ok()), Some(std::process::id()));
        drop(lock);
        assert!(state.lock().expect("lockable").is_ok());
    }

    #[test]
    fn data_goes_elsewhere_when_its_user_cannot_reach_it() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o700)).expect("it is ours");
        let stranger = SystemUser { name: "stranger".to_owned(), uid: 4_000_001, gid: 4_000_001 };
        let state = StateDir::new(directory.path().join("state"), Some(&stranger));
        assert!(state.keeps_postgres_elsewhere());
        assert!(!StateDir::new(directory.path().join("state"), None).keeps_postgres_elsewhere());
    }
}
