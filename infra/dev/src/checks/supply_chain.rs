//! What we build on, looked at by `cargo deny` with `deny.toml`: licences, sources, who may use what, and known weaknesses.
//!
//! The list of known weaknesses is a repository of its own. Where it cannot be reached, only they are left out, and that is said.
//! Without `cargo deny` nothing is checked here; `infra/house` looks at licences and sources by itself.

use anyhow::{Context as _, Result};
use tokio::process::Command;

use super::Outcome;
use crate::programs::find_in_path;
use crate::workspace::Workspace;

/// What needs no network.
const OFFLINE: [&str; 4] = ["check", "bans", "licenses", "sources"];

/// Checks everything that the workspace is built from.
pub async fn run(workspace: &Workspace) -> Result<Outcome> {
    if find_in_path("cargo-deny").is_none() {
        return Ok(Outcome::NotChecked("cargo deny is not installed: cargo install cargo-deny --locked".to_owned()));
    }
    let passed = deny(workspace, &OFFLINE).await?;
    if !deny(workspace, &["fetch", "db"]).await? {
        let note = "known weaknesses not checked: their list cannot be fetched".to_owned();
        return Ok(if passed { Outcome::PartlyChecked(note) } else { Outcome::Failed });
    }
    let is_safe = deny(workspace, &["check", "--disable-fetch", "advisories"]).await?;
    Ok(if passed && is_safe { Outcome::Passed } else { Outcome::Failed })
}

/// Whether it is content; what it says goes to the terminal.
async fn deny(workspace: &Workspace, arguments: &[&str]) -> Result<bool> {
    let mut command = Command::from(workspace.cargo());
    command.args(["deny", "--log-level", "error"]).args(arguments).kill_on_drop(true);
    Ok(command.status().await.context("cannot run cargo deny")?.success())
}
