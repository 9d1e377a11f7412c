//! Which process holds a port, read from Linux's `/proc`.
//!
//! Best effort: another user's processes cannot be looked into, and then nothing is said rather than something wrong.

use std::fs;
use std::path::PathBuf;

/// A process that listens on a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortHolder {
    /// Its process id.
    pub pid: i32,
    /// Its command line, shortened.
    pub command: String,
}

/// State of a listening socket in `/proc/net/tcp`.
const LISTENING: &str = "0A";
/// Longest command line worth showing.
const COMMAND_LENGTH: usize = 60;

/// Finds the process that listens on `port`, where the system lets us see it.
pub fn find_holder(port: u16) -> Option<PortHolder> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|path| fs::read_to_string(path).unwrap_or_default());
    let sockets: Vec<String> = tables.iter().flat_map(|table| listening_sockets(table, port)).collect();
    if sockets.is_empty() {
        return None;
    }
    let pid = processes().find(|pid| holds_any(*pid, &sockets))?;
    Some(PortHolder { pid, command: command_line(pid) })
}

/// The inodes of the sockets in `table` that listen on `port`, as they appear among a process's open files.
fn listening_sockets(table: &str, port: u16) -> Vec<String> {
    let suffix = format!(":{port:04X}");
    let socket_of = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let matches = fields.get(1)?.ends_with(&suffix) && *fields.get(3)? == LISTENING;
        matches.then(|| fields.get(9).map(|inode| format!("socket:[{inode}]")))?
    };
    table.lines().skip(1).filter_map(socket_of).collect()
}

fn processes() -> impl Iterator<Item = i32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn holds_any(pid: i32, sockets: &[String]) -> bool {
    let files = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
    let targets = files.filter_map(|file| fs::read_link(file.path()).ok());
    targets.map(PathBuf::into_os_string).any(|target| sockets.iter().any(|socket| target == socket.as_str()))
}

fn command_line(pid: i32) -> String {
    let raw = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let line = String::from_utf8_lossy(&raw).replace('\0', " ");
    line.trim().chars().take(COMMAND_LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_listener_of_this_process_is_found() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
        let port = listener.local_addr().expect("it is bound").port();
        let holder = find_holder(port).expect("our own sockets are visible to us");
        assert_eq!(u32::try_from(holder.pid), Ok(std::process::id()));
        assert!(!holder.command.is_empty());
    }

    #[test]
    fn only_listening_sockets_of_the_port_count() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
            0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4711 1 0 100 0 0 10 0\n\
            1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000 0 0 4712 1 0 100 0 0 10 0\n\
            2: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4713 1 0 100 0 0 10 0\n";
        assert_eq!(listening_sockets(table, 8080), ["socket:[4711]"]);
    }
}
