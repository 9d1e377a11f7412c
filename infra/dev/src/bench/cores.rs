//! Who has which core, where a benchmark says so after its servers have started, and who goes first there.

use std::process::Stdio;

use anyhow::{Context as _, Result};
use tokio::process::{Child, Command};

use crate::proc::children_of;

/// How far those stand behind who would not be on the same machine.
const NICENESS: &str = "10";

/// Keeps a process with what it has started, now and later, on one core.
pub async fn keep_on(core: usize, pid: i32) -> Result<()> {
    for pid in family(pid) {
        keep_alone_on(core, pid).await?;
    }
    Ok(())
}

/// Keeps a process on one core, but not what it has started before.
pub async fn keep_alone_on(core: usize, pid: i32) -> Result<()> {
    run_tool("taskset", ["--all-tasks", "--cpu-list", "--pid", &core.to_string(), &pid.to_string()]).await
}

/// Lets a process with what it has started, now and later, go behind others on its core.
pub async fn stand_behind(pid: i32) -> Result<()> {
    for pid in family(pid) {
        // Threads have places of their own.
        let threads = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
        let threads = threads.filter_map(|thread| thread.file_name().into_string().ok());
        run_tool("renice", ["-n", NICENESS, "-p"].map(str::to_owned).into_iter().chain(threads)).await?;
    }
    Ok(())
}

/// Keeps a core busy with nothing, behind everybody else there, until it is dropped. Two cores are often the two halves of
/// one, and the other is quicker while this one rests: what is compared should find its neighbour at work alike.
pub fn keep_busy(core: usize) -> Result<Child> {
    let mut command = Command::new("taskset");
    command.args(["-c", &core.to_string(), "nice", "-n", "19", "sh", "-c", "while :; do :; done"]);
    command.stdin(Stdio::null()).kill_on_drop(true).spawn().context("taskset cannot be run; it comes with util-linux")
}

fn family(pid: i32) -> impl Iterator<Item = i32> {
    std::iter::once(pid).chain(children_of(pid))
}

/// A connection's process may be gone by now, which the tool then says; its successors inherit.
async fn run_tool(name: &str, arguments: impl IntoIterator<Item = impl AsRef<std::ffi::OsStr>>) -> Result<()> {
    let output = Command::new(name).args(arguments).output().await;
    output.with_context(|| format!("{name} cannot be run; it comes with util-linux")).map(drop)
}
