//! `halles-yardstick`: the program that measures the index in one process, beside the engine that it is made of.

use std::ffi::OsString;
use std::process::Stdio;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::process::Command;

use crate::bench::servers::{BenchServers, SERVER_CORE};

/// Its package.
pub(super) const PROGRAM: &str = "halles-yardstick";

/// What one side came to.
#[derive(Debug, Deserialize)]
pub(super) struct Side {
    pub name: String,
    pub rounds: Vec<Round>,
}

/// One round of one side.
#[derive(Debug, Deserialize)]
pub(super) struct Round {
    pub per_second: f64,
    pub p50_us: f64,
    pub p99_us: f64,
    pub slowest_us: f64,
}

impl Side {
    /// One figure of every round.
    pub(super) fn each(&self, figure: impl Fn(&Round) -> f64) -> Vec<f64> {
        self.rounds.iter().map(figure).collect()
    }
}

/// A side by its name.
pub(super) fn side<'a>(sides: &'a [Side], name: &str) -> Result<&'a Side> {
    sides.iter().find(|side| side.name == name).with_context(|| format!("{PROGRAM} does not know {name}"))
}

/// Runs it on a core of its own and reads what it found out.
pub(super) async fn run<T: DeserializeOwned>(servers: &BenchServers, arguments: Vec<OsString>) -> Result<T> {
    let mut command = Command::new("taskset");
    command.args(["-c", &SERVER_CORE.to_string()]).arg(servers.stack().plan().services.program(PROGRAM));
    command.args(arguments).stdin(Stdio::null()).stderr(Stdio::inherit()).kill_on_drop(true);
    let output = command.output().await.context("taskset cannot be run; it comes with util-linux")?;
    ensure!(output.status.success(), "{PROGRAM} failed");
    serde_json::from_slice(&output.stdout).with_context(|| format!("{PROGRAM} says what nobody understands"))
}

/// An option and its value.
pub(super) fn option(name: &str, value: impl Into<OsString>) -> [OsString; 2] {
    [format!("--{name}").into(), value.into()]
}
