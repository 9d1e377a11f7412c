//! A process of the stack, described as data, and how one is spawned.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::Signal;
use tokio::process::{Child, Command};

use super::readiness::Readiness;
use crate::system_user::SystemUser;

/// A log larger than this is set aside when its process starts.
const LOG_LIMIT_BYTES: u64 = 32 << 20;

/// The waves of a start: each needs the ones before it.
pub mod wave {
    /// The database that is written to.
    pub const PRIMARY: u8 = 0;
    /// What copies it, and what lives beside it.
    pub const STORES: u8 = 1;
    /// Processes that work behind the scenes.
    pub const WORKERS: u8 = 2;
    /// Processes that answer shoppers.
    pub const WEB: u8 = 3;
    /// The door.
    pub const BALANCER: u8 = 4;
}

/// Everything needed to start, watch and stop one process.
#[derive(Debug, Clone)]
pub struct ProcessSpec {
    /// Its name within the stack: `listing-1`, `postgres-primary`…
    pub name: String,
    /// The program to run.
    pub program: PathBuf,
    /// Its arguments; never a secret, since every user of the machine can read them.
    pub args: Vec<OsString>,
    /// Its settings, added to the environment of the developer command.
    pub env: Vec<(String, String)>,
    /// Who it runs as, when not as ourselves.
    pub run_as: Option<SystemUser>,
    /// Its wave in the order of starting; stopping goes the other way round.
    pub wave: u8,
    /// The port that people care about.
    pub port: u16,
    /// When it counts as ready.
    pub readiness: Readiness,
    /// The signal that asks it to stop cleanly.
    pub stop_signal: Signal,
    /// How long a clean stop may take before it is killed.
    pub stop_patience: Duration,
}

impl ProcessSpec {
    /// Starts the process in a group of its own, so that Ctrl-C on the terminal reaches the supervisor only, which then
    /// stops everything in the right order. Its output goes straight to its log, which therefore survives the supervisor.
    pub(super) fn spawn(&self, log: &Path) -> io::Result<Child> {
        let log = open_log(log)?;
        let mut command = Command::new(&self.program);
        command.args(&self.args).envs(self.env.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).process_group(0);
        if let Some(user) = &self.run_as {
            // Away from the developer's directory, which that user may be unable to enter.
            command.uid(user.uid).gid(user.gid).current_dir("/").env("HOME", "/");
        }
        command.spawn()
    }
}

fn open_log(path: &Path) -> io::Result<File> {
    let size = path.metadata().map_or(0, |metadata| metadata.len());
    if size > LOG_LIMIT_BYTES {
        std::fs::rename(path, path.with_extension("log.1"))?;
    }
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)
}

/// The last lines of a log, for the person who wonders why a process gave up.
pub fn tail(path: &Path, lines: usize) -> Vec<String> {
    use std::io::{Read, Seek, SeekFrom};
    const WINDOW: u64 = 64 << 10;
    let read = || -> io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        file.seek(SeekFrom::Start(size.saturating_sub(WINDOW)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].iter().map(|line| (*line).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_is_the_end_and_a_missing_log_is_empty() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("one.log");
        assert!(tail(&path, 3).is_empty());
        std::fs::write(&path, "a\nb\nc\nd\n").expect("writable");
        assert_eq!(tail(&path, 2), ["c", "d"]);
        assert_eq!(tail(&path, 9).len(), 4);
    }
}
