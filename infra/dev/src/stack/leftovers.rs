//! Clearing away what a killed supervisor left running.

use std::time::Duration;

use futures_util::future::join_all;
use nix::sys::signal::Signal;
use tokio::time::{sleep, timeout};

use super::roster::{Roster, RosterEntry};

/// How long a leftover may take to stop cleanly.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often we look whether it is gone. It is nobody's child any more, so nobody tells us.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Stops every process that the roster still lists, the last started first. Returns their names.
///
/// Only for the holder of the state directory's lock: without a supervisor, what is listed belongs to nobody.
pub async fn stop_leftovers(roster: &Roster) -> Vec<String> {
    let entries = roster.list_alive();
    let mut waves: Vec<u8> = entries.iter().map(|entry| entry.wave).collect();
    waves.dedup();
    for wave in waves.into_iter().rev() {
        join_all(entries.iter().filter(|entry| entry.wave == wave).map(stop)).await;
    }
    for entry in &entries {
        roster.remove(&entry.name);
    }
    entries.into_iter().map(|entry| entry.name).collect()
}

async fn stop(entry: &RosterEntry) {
    entry.signal(entry.stop_signal());
    if timeout(PATIENCE, gone(entry)).await.is_err() {
        entry.signal(Signal::SIGKILL);
        gone(entry).await;
    }
}

async fn gone(entry: &RosterEntry) {
    while entry.is_alive() {
        sleep(LOOK_EVERY).await;
    }
}
