//! The two Redis servers, as processes: one forgets, one never does.

use std::path::Path;
use std::time::Duration;

use nix::sys::signal::Signal;

use super::process::{ProcessSpec, wave};
use super::readiness::Readiness;
use crate::ports::LOOPBACK;

/// Memory of the cache: enough for the demo catalogue and its pages many times over, little enough for a laptop.
const CACHE_MEMORY: &str = "256mb";

/// The cache and the change stream: least frequently used entries with a lifetime go first, nothing is written to disk.
pub fn cache(program: &Path, port: u16) -> ProcessSpec {
    let settings = ["--maxmemory", CACHE_MEMORY, "--maxmemory-policy", "volatile-lfu", "--appendonly", "no"];
    process("redis-cache", program, port, &settings)
}

/// The order log: refuses writes rather than forgetting, and says yes only when the disk has it.
pub fn order_log(program: &Path, port: u16, directory: &Path) -> ProcessSpec {
    let directory = directory.to_string_lossy();
    let settings =
        ["--dir", &directory, "--maxmemory-policy", "noeviction", "--appendonly", "yes", "--appendfsync", "always"];
    process("redis-order-log", program, port, &settings)
}

fn process(name: &str, program: &Path, port: u16, settings: &[&str]) -> ProcessSpec {
    let host = LOOPBACK.to_string();
    let number = port.to_string();
    let shared = ["--bind", &host, "--port", &number, "--save", "", "--daemonize", "no", "--loglevel", "notice"];
    ProcessSpec {
        name: name.to_owned(),
        program: program.to_owned(),
        args: shared.iter().chain(settings).map(Into::into).collect(),
        env: Vec::new(),
        run_as: None,
        wave: wave::STORES,
        port,
        readiness: Readiness::Redis { port },
        stop_signal: Signal::SIGTERM,
        stop_patience: Duration::from_secs(10),
    }
}
