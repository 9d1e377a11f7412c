//! `cargo dev up --detach`: the same marketplace, watched over by a process that outlives the terminal.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tokio::time::sleep;

use super::context::Context;
use super::up;
use crate::cli::UpArgs;
use crate::packages;
use crate::say::seconds;
use crate::stack::process::tail;
use crate::state_dir::StateDir;

/// How often we look whether the marketplace is ready.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// The log of the process that stays.
const LOG: &str = "up";

/// Starts the process that stays and returns once the shop is open.
pub async fn run(context: &Context, args: &UpArgs) -> Result<()> {
    let began = Instant::now();
    packages::ensure(&up::needs(args), &context.say)?;
    let programs = up::programs(context, args)?;
    let state = context.state()?;
    state.create()?;
    let marker = state.ready_marker();
    if state.running()?.is_none() {
        let _absent = fs::remove_file(&marker);
    }
    let mut child = spawn(args, &programs.program(""), &state)?;
    let _waiting = context.say.waiting("marketplace", "starting in the background");
    while !marker.exists() {
        if let Some(status) = child.try_wait()? {
            bail!("it gave up ({status}):\n{}", tail(&state.log_of(LOG), 20).join("\n"));
        }
        sleep(LOOK_EVERY).await;
    }
    let url = fs::read_to_string(&marker)?;
    context.say.heading(&format!("Halles is open: {url}"));
    context.say.note("ready in", &seconds(began.elapsed()));
    context.say.note("stop", "cargo dev down");
    Ok(())
}

fn spawn(args: &UpArgs, programs: &std::path::Path, state: &StateDir) -> Result<Child> {
    let log = File::create(state.log_of(LOG)).context("cannot write its log")?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("--state-dir").arg(state.root()).arg("up").arg("--programs").arg(programs);
    command.args(["--host", &args.host.to_string()]);
    for (name, port) in [("--port", args.port), ("--base-port", args.base_port)] {
        command.args(port.map(|port| [name.to_owned(), port.to_string()]).into_iter().flatten());
    }
    if let Some(ports) = &args.ports {
        command.arg("--ports").arg(ports);
    }
    if args.no_demo {
        command.arg("--no-demo");
    }
    if args.observe {
        command.arg("--observe");
    }
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).process_group(0);
    command.spawn().context("cannot start the process that stays")
}
