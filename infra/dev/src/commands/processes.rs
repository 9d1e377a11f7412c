//! `cargo dev restart` and `cargo dev kill`: what happens to a shop when its processes come and go.
//!
//! Both only send a signal. The supervisor in the other terminal sees a process end and starts it again, which is the
//! point: a restart for a new build, a kill for the failure walk.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use nix::sys::signal::Signal;
use tokio::time::{sleep, timeout};

use super::context::Context;
use crate::stack::haproxy;
use crate::stack::roster::RosterEntry;

/// How long one process may take to come back.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often we look whether it is back.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Restarts each process of that name in turn. The next one is touched when the one before is ready and the balancer, which looks
/// only now and then, has noticed: else there is a moment in which it knows of nobody.
pub async fn restart(context: &Context, name: &str) -> Result<()> {
    for entry in find(context, name)? {
        let signal = entry.stop_signal();
        bring_back(context, &entry, signal).await?;
    }
    Ok(())
}

/// Kills each process of that name without warning, in turn.
pub async fn kill(context: &Context, name: &str) -> Result<()> {
    for entry in find(context, name)? {
        bring_back(context, &entry, Signal::SIGKILL).await?;
    }
    Ok(())
}

async fn bring_back(context: &Context, entry: &RosterEntry, signal: Signal) -> Result<()> {
    let began = Instant::now();
    entry.signal(signal);
    let _waiting = context.say.waiting(&entry.name, &format!("sent {signal} to {}", entry.pid));
    let balancer = context.running_plan()?.ports.balancer_admin;
    let back = async {
        let found = successor(context, entry).await;
        while !haproxy::sends_people_to(balancer, &entry.name).await {
            sleep(LOOK_EVERY).await;
        }
        found
    };
    match timeout(PATIENCE, back).await {
        Ok(found) => {
            let detail = format!("process {} → {}", entry.pid, found?.pid);
            context.say.done(&entry.name, &detail, began.elapsed());
            Ok(())
        }
        Err(_) => bail!("{} did not come back; see `cargo dev logs {}`", entry.name, entry.name),
    }
}

/// The ready process that took the place of `old`.
async fn successor(context: &Context, old: &RosterEntry) -> Result<RosterEntry> {
    let roster = context.roster()?;
    loop {
        let found = roster.find_alive(&old.name).filter(|entry| entry.pid != old.pid);
        if let Some(entry) = found
            && entry.readiness.look().await
        {
            return Ok(entry);
        }
        sleep(LOOK_EVERY).await;
    }
}

/// The processes of one name, where `listing` means every `listing-…`.
fn find(context: &Context, name: &str) -> Result<Vec<RosterEntry>> {
    context.running_plan()?;
    let all = context.roster()?.list_alive();
    let is_instance = |candidate: &str| {
        let number = candidate.strip_prefix(name).and_then(|rest| rest.strip_prefix('-'));
        candidate == name || number.is_some_and(|number| number.parse::<u32>().is_ok())
    };
    let found: Vec<RosterEntry> = all.iter().filter(|entry| is_instance(&entry.name)).cloned().collect();
    if found.is_empty() {
        let names: Vec<&str> = all.iter().map(|entry| entry.name.as_str()).collect();
        bail!("there is no process called `{name}`; there are {}", names.join(", "));
    }
    Ok(found)
}
