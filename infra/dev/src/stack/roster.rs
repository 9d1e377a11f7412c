//! What runs now, written to disk: one small file for each process.
//!
//! Other commands (`status`, `restart`, `kill`, `down`) read it, and the next `up` uses it to clear away what a killed
//! supervisor left behind. A process id alone proves nothing, since the system reuses them: each entry also carries the
//! time at which the process started, and counts only while both still match.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};

use super::readiness::Readiness;
use crate::proc::{resident_bytes, started_ticks};

/// One running process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterEntry {
    /// Its name within the stack.
    pub name: String,
    /// Its process id.
    pub pid: i32,
    /// When it started, in clock ticks since the machine did: with the id, a name that is never given twice.
    pub started_ticks: u64,
    /// The port that people care about.
    pub port: u16,
    /// The number of the signal that asks it to stop cleanly.
    pub stop_signal: i32,
    /// How often it was started again after it had died.
    pub restarts: u32,
    /// How to see whether it is ready.
    pub readiness: Readiness,
    /// Its wave in the order of starting; stopping goes the other way round.
    pub wave: u8,
}

impl RosterEntry {
    /// Whether this very process still runs.
    pub fn is_alive(&self) -> bool {
        started_ticks(self.pid) == Some(self.started_ticks)
    }

    /// Sends it a signal; a process that is gone already is fine.
    pub fn signal(&self, signal: Signal) {
        if self.is_alive() {
            let _gone = kill(Pid::from_raw(self.pid), signal);
        }
    }

    /// The signal that asks it to stop cleanly.
    pub fn stop_signal(&self) -> Signal {
        Signal::try_from(self.stop_signal).unwrap_or(Signal::SIGTERM)
    }

    /// Memory in use, in bytes, with what its children have of their own.
    pub fn memory_bytes(&self) -> Option<u64> {
        resident_bytes(self.pid)
    }
}

/// The directory of entries.
#[derive(Debug, Clone)]
pub struct Roster {
    directory: PathBuf,
}

impl Roster {
    /// The roster kept in `run`.
    pub fn new(run: &Path) -> Self {
        Self { directory: run.to_owned() }
    }

    /// Writes an entry, whole or not at all.
    pub fn write(&self, entry: &RosterEntry) -> io::Result<()> {
        let text = serde_json::to_string(entry).map_err(io::Error::other)?;
        let unfinished = self.directory.join(format!(".{}.new", entry.name));
        fs::write(&unfinished, text)?;
        fs::rename(unfinished, self.path(&entry.name))
    }

    /// Forgets a process.
    pub fn remove(&self, name: &str) {
        let _absent = fs::remove_file(self.path(name));
    }

    /// Every process that still runs, in the order of starting. Entries of the dead are removed on the way.
    pub fn list_alive(&self) -> Vec<RosterEntry> {
        let files = fs::read_dir(&self.directory).into_iter().flatten().flatten();
        let paths = files.map(|file| file.path()).filter(|path| path.extension().is_some_and(|end| end == "process"));
        let entries = paths.filter_map(|path| serde_json::from_str(&fs::read_to_string(path).ok()?).ok());
        let mut alive: Vec<RosterEntry> = entries.collect();
        alive.retain(|entry| {
            let lives = entry.is_alive();
            if !lives {
                self.remove(&entry.name);
            }
            lives
        });
        alive.sort_by(|left, right| left.wave.cmp(&right.wave).then_with(|| left.name.cmp(&right.name)));
        alive
    }

    /// Finds one running process by its name.
    pub fn find_alive(&self, name: &str) -> Option<RosterEntry> {
        self.list_alive().into_iter().find(|entry| entry.name == name)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.join(format!("{name}.process"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry_of(pid: i32, started_ticks: u64) -> RosterEntry {
        let stop_signal = Signal::SIGTERM as i32;
        let readiness = Readiness::Redis { port: 1 };
        RosterEntry {
            name: "one".to_owned(),
            pid,
            started_ticks,
            port: 1,
            stop_signal,
            restarts: 0,
            readiness,
            wave: 0,
        }
    }

    #[test]
    fn we_are_alive_and_have_memory() {
        let pid = i32::try_from(std::process::id()).expect("process ids are small");
        let entry = entry_of(pid, started_ticks(pid).expect("we run"));
        assert!(entry.is_alive());
        assert!(entry.memory_bytes().expect("we use some") > 100_000);
    }

    #[test]
    fn a_reused_process_id_is_not_ours() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let roster = Roster::new(directory.path());
        let pid = i32::try_from(std::process::id()).expect("process ids are small");
        let ticks = started_ticks(pid).expect("we run");
        roster.write(&entry_of(pid, ticks + 1)).expect("writable");
        assert!(roster.list_alive().is_empty());
        roster.write(&entry_of(pid, ticks)).expect("writable");
        assert_eq!(roster.list_alive(), [entry_of(pid, ticks)]);
        assert_eq!(roster.find_alive("two"), None);
    }
}
