//! What the system says about a process: when it started, the processor time that it used, the memory that it holds; and
//! how busy a core was.

use std::fs;
use std::time::Duration;

/// Ticks a second in `/proc`, whatever the kernel's own clock: part of Linux's interface to programs.
const TICKS_PER_SECOND: u64 = 100;

/// When a process started; `None` when there is no such process or it is only waiting to be buried.
pub fn started_ticks(pid: i32) -> Option<u64> {
    let stat = Stat::read(pid)?;
    if stat.field(3)? == "Z" { None } else { stat.number(22) }
}

/// The processor time that a process and its living descendants have used so far, in user space and in the kernel.
pub fn cpu_time(pid: i32) -> Option<Duration> {
    let stat = Stat::read(pid)?;
    let ticks = stat.number(14)? + stat.number(15)?;
    let own = Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND);
    Some(children_of(pid).filter_map(cpu_time).fold(own, |sum, time| sum + time))
}

/// How long a core has been busy since the system started, for whomever.
pub fn core_time(core: usize) -> Option<Duration> {
    let stat = fs::read_to_string("/proc/stat").ok()?;
    let line = stat.lines().find_map(|line| line.strip_prefix(&format!("cpu{core} ")))?;
    let fields: Option<Vec<u64>> = line.split_whitespace().map(|ticks| ticks.parse().ok()).collect();
    let fields = fields?;
    // The fourth is idle, the fifth idle with a disk at work, the eighth another guest's time.
    let busy = fields.iter().take(7).enumerate().filter(|(place, _)| !(3..=4).contains(place));
    Some(Duration::from_millis(busy.map(|(_, ticks)| ticks).sum::<u64>() * 1_000 / TICKS_PER_SECOND))
}

/// The memory that a process holds, in bytes, with what its children have of their own.
pub fn resident_bytes(pid: i32) -> Option<u64> {
    let own = memory_field(pid, "VmRSS:")?;
    // Children of PostgreSQL share its buffers: only what is theirs alone may be added.
    let theirs: u64 = children_of(pid).filter_map(|child| memory_field(child, "RssAnon:")).sum();
    Some(own + theirs)
}

/// The memory that a process has of its own: what it mapped from files, such as a search index, is left out.
pub fn anonymous_bytes(pid: i32) -> Option<u64> {
    memory_field(pid, "RssAnon:")
}

fn memory_field(pid: i32, field: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes << 10)
}

/// The processes that a process has started itself.
pub fn children_of(parent: i32) -> impl Iterator<Item = i32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(move |pid| Stat::read(*pid).and_then(|stat| stat.field(4)?.parse().ok()) == Some(parent))
}

/// The line `/proc/PID/stat`.
struct Stat(String);

impl Stat {
    fn read(pid: i32) -> Option<Self> {
        fs::read_to_string(format!("/proc/{pid}/stat")).ok().map(Self)
    }

    /// A field by its number in proc(5), which counts from 1; from the third on.
    fn field(&self, number: usize) -> Option<&str> {
        // The second is the program's name in brackets and may contain anything; what follows the last bracket is regular.
        self.0.rsplit_once(')')?.1.split_whitespace().nth(number - 3)
    }

    fn number(&self, number: usize) -> Option<u64> {
        self.field(number)?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_very_process_has_an_age_a_past_and_memory() {
        let pid = std::process::id().cast_signed();
        assert!(started_ticks(pid).is_some_and(|ticks| ticks > 0));
        assert!(cpu_time(pid).is_some());
        assert!(resident_bytes(pid).is_some_and(|bytes| bytes > 100_000));
        assert!(anonymous_bytes(pid) < resident_bytes(pid));
        assert_eq!(cpu_time(-1), None);
        assert!(core_time(0).is_some_and(|busy| !busy.is_zero()));
        assert_eq!(core_time(usize::MAX), None);
    }
}
