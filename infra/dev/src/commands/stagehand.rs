//! `stagehand`: what a rehearsal asks for behind the stage; called by `halles-rehearse`, not by people.
//!
//! A deed is done when its process is ready again. Kill and restart only send a signal, since the supervisor in the other
//! terminal starts again whatever ends; that is also why somebody who is held down is stopped over and over until it may
//! come back.

use std::io::Write as _;
use std::process::{ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Subcommand;
use nix::sys::signal::Signal;
use serde_json::json;
use tokio::process::Command;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::context::Context;
use super::processes;
use crate::ports::{InstancePorts, LOOPBACK, Ports, instance_name};
use crate::proc::cpu_time;
use crate::stack::postgres::{DATABASE, Postgres, SUPERUSER};
use crate::stack::roster::RosterEntry;

/// How often processes are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How soon a process that is held down is stopped once more after it came back.
const DOWN_EVERY: Duration = Duration::from_millis(20);

/// What must give no row once everything has come to rest.
const CHECKS: [(&str, &str); 3] = [
    ("stock is not what the orders say", include_str!("../torture/checks/stock.sql")),
    ("an order and its queue do not fit", include_str!("../torture/checks/queue.sql")),
    ("an order's moves are not lawful", include_str!("../torture/checks/transitions.sql")),
];

/// What is asked for.
#[derive(Debug, Subcommand)]
pub enum Deed {
    /// Print what every process uses, once a second
    Watch,
    /// Compare orders with stock in the database
    Orders,
    /// Kill a process without warning
    Kill {
        /// Which
        name: String,
    },
    /// Restart each process of a name in turn
    Restart {
        /// Which
        name: String,
    },
    /// Keep a process down for a while
    Hold {
        /// Which
        name: String,
        /// For how long
        seconds: f64,
    },
    /// Freeze a process for a while
    Pause {
        /// Which
        name: String,
        /// For how long
        seconds: f64,
    },
    /// Let the replica fall behind for a while
    Lag {
        /// Which
        name: String,
        /// For how long
        seconds: f64,
    },
}

/// Does it.
pub async fn run(context: &Context, deed: Deed) -> Result<ExitCode> {
    match deed {
        Deed::Watch => watch(context).await?,
        Deed::Orders => orders(context).await?,
        Deed::Kill { name } => processes::kill(context, &name).await?,
        Deed::Restart { name } => processes::restart(context, &name).await?,
        Deed::Hold { name, seconds } => hold(context, &name, seconds).await?,
        Deed::Pause { name, seconds } => pause(context, &name, seconds).await?,
        Deed::Lag { name, seconds } => lag(context, &name, seconds).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// One line for all processes, until nobody reads any more.
async fn watch(context: &Context) -> Result<()> {
    let admin_ports = admin_ports(&context.running_plan()?.ports);
    let roster = context.roster()?;
    let mut looks = interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        looks.tick().await;
        let processes: Vec<_> = roster.list_alive().iter().map(|entry| describe(entry, &admin_ports)).collect();
        let mut out = std::io::stdout().lock();
        if writeln!(out, "{}", json!(processes)).and_then(|()| out.flush()).is_err() {
            return Ok(());
        }
    }
}

fn describe(entry: &RosterEntry, admin_ports: &[(String, u16)]) -> serde_json::Value {
    let admin_port = admin_ports.iter().find(|(name, _)| *name == entry.name).map(|(_, port)| port);
    json!({
        "name": entry.name,
        "cpu_seconds": cpu_time(entry.pid).unwrap_or_default().as_secs_f64(),
        "memory_bytes": entry.memory_bytes().unwrap_or_default(),
        "restarts": entry.restarts,
        "metrics": admin_port.map(|port| format!("http://{LOOPBACK}:{port}/metrics")),
    })
}

/// Every process that tells its metrics in our words.
fn admin_ports(ports: &Ports) -> Vec<(String, u16)> {
    let web = [("listing", &ports.listing), ("search", &ports.search), ("order", &ports.order)];
    let workers = [("order-worker", &ports.order_worker), ("indexer", &ports.indexer)];
    let of_web = web.into_iter().flat_map(|(kind, all)| {
        let name = |(index, ports): (usize, &InstancePorts)| (instance_name(kind, index, all.len()), ports.admin_port);
        all.iter().enumerate().map(name).collect::<Vec<_>>()
    });
    let of_workers = workers.into_iter().flat_map(|(kind, all)| {
        let name = |(index, port): (usize, &u16)| (instance_name(kind, index, all.len()), *port);
        all.iter().enumerate().map(name).collect::<Vec<_>>()
    });
    of_web.chain(of_workers).collect()
}

async fn orders(context: &Context) -> Result<()> {
    let postgres = context.running_postgres()?;
    let mut violations = Vec::new();
    for (what, sql) in CHECKS {
        let rows = ask(&postgres, postgres.primary_port, sql).await?;
        violations.extend(rows.lines().take(5).map(|row| format!("{what}: {}", row.replace('|', ", "))));
    }
    context.say.text(json!({ "violations": violations }));
    Ok(())
}

async fn hold(context: &Context, name: &str, seconds: f64) -> Result<()> {
    let ends = Instant::now() + Duration::try_from_secs_f64(seconds)?;
    let roster = context.roster()?;
    let mut entry = find(context, name)?;
    while Instant::now() < ends {
        entry.signal(Signal::SIGKILL);
        sleep(DOWN_EVERY).await;
        entry = roster.find_alive(name).unwrap_or(entry);
    }
    until_ready(context, name).await
}

async fn pause(context: &Context, name: &str, seconds: f64) -> Result<()> {
    let lasts = Duration::try_from_secs_f64(seconds)?;
    let entry = find(context, name)?;
    entry.signal(Signal::SIGSTOP);
    sleep(lasts).await;
    entry.signal(Signal::SIGCONT);
    until_ready(context, name).await
}

async fn lag(context: &Context, name: &str, seconds: f64) -> Result<()> {
    let lasts = Duration::try_from_secs_f64(seconds)?;
    ensure!(name == "postgres-replica", "only postgres-replica can fall behind");
    let postgres = context.running_postgres()?;
    ask(&postgres, postgres.replica_port, "SELECT pg_wal_replay_pause();").await?;
    sleep(lasts).await;
    ask(&postgres, postgres.replica_port, "SELECT pg_wal_replay_resume();").await?;
    until_ready(context, name).await
}

fn find(context: &Context, name: &str) -> Result<RosterEntry> {
    let roster = context.roster()?;
    match roster.find_alive(name) {
        Some(entry) => Ok(entry),
        None => {
            let names: Vec<String> = roster.list_alive().into_iter().map(|entry| entry.name).collect();
            bail!("there is no process called `{name}`; there are {}", names.join(", "))
        }
    }
}

/// The rehearsal decides how long is too long; a process that never comes back is told as that.
async fn until_ready(context: &Context, name: &str) -> Result<()> {
    let (roster, began) = (context.roster()?, Instant::now());
    while began.elapsed() < Duration::from_secs(120) {
        if let Some(entry) = roster.find_alive(name)
            && entry.readiness.look().await
        {
            return Ok(());
        }
        sleep(Duration::from_millis(50)).await;
    }
    bail!("{name} did not come back; see `cargo dev logs {name}`")
}

async fn ask(postgres: &Postgres, port: u16, sql: &str) -> Result<String> {
    let mut command = Command::new(postgres.programs.program("psql"));
    command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"]);
    command.args(["--host", "127.0.0.1", "--username", SUPERUSER, "--dbname", DATABASE, "--command", sql]);
    command.args(["--port", &port.to_string()]).env("PGPASSWORD", &postgres.secrets.superuser);
    let output = command.stdin(Stdio::null()).output().await.context("cannot run psql")?;
    ensure!(output.status.success(), "psql says: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_process_of_ours_is_asked_for_its_metrics() {
        let names: Vec<String> = admin_ports(&Ports::default()).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["listing-1", "listing-2", "search-1", "search-2", "order", "order-worker", "indexer"]);
    }
}
