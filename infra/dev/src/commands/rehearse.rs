//! `cargo dev rehearse`: `halles-rehearse` against the marketplace of this machine.
//!
//! Builds it, starts the marketplace if it does not run, and tells it where the shop is, who can act behind the stage, and which
//! commit this is. What was started for a rehearsal is stopped after it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use tokio::process::Command;

use super::context::Context;
use super::signals::StopSignals;
use super::{detach, down};
use crate::cli::{RehearseArgs, UpArgs};
use crate::stack::services::ServicePrograms;
use crate::workspace::programs_beside_us;

/// The program that rehearses.
const PROGRAM: &str = "halles-rehearse";

/// Rehearses an event as the arguments say.
pub async fn run(context: &Context, args: &RehearseArgs) -> Result<ExitCode> {
    let rehearsal = Rehearsal::prepare(context, args.no_build, args.keep).await?;
    let event = rehearsal.find_event(&args.event)?;
    rehearsal.perform(&event, &args.arguments).await
}

/// A stage that is ready.
pub(super) struct Rehearsal<'a> {
    context: &'a Context,
    program: PathBuf,
    url: String,
    /// Whether the marketplace is stopped afterwards.
    stops: bool,
}

impl<'a> Rehearsal<'a> {
    /// Builds what is missing, and starts the marketplace if it does not run.
    pub async fn prepare(context: &'a Context, no_build: bool, keep: bool) -> Result<Self> {
        let program = if no_build {
            let beside = std::env::current_exe()?;
            ServicePrograms::in_directory(beside.parent().context("a program lies in a directory")?.to_owned())
        } else {
            context.workspace()?.build(["--bin", PROGRAM])?
        }
        .program(PROGRAM);
        if !program.is_file() {
            bail!("{} is missing; leave out --no-build", program.display());
        }
        let runs = context.state().is_ok_and(|state| matches!(state.running(), Ok(Some(_))));
        if !runs {
            if no_build {
                programs_beside_us()?;
            }
            Box::pin(detach::run(context, &UpArgs { no_build, ..UpArgs::usual() })).await?;
        }
        Ok(Self { context, program, url: context.running_plan()?.url, stops: !runs && !keep })
    }

    /// An event by the path of its file, or by its name in `infra/events`.
    pub fn find_event(&self, name: &Path) -> Result<PathBuf> {
        if name.is_file() {
            return Ok(name.to_owned());
        }
        let events = self.context.workspace()?.root().join("infra/events");
        let found = events.join(name).with_extension("toml");
        if found.is_file() {
            return Ok(found);
        }
        let known = fs::read_dir(&events).into_iter().flatten().flatten().map(|entry| entry.path());
        let known = known.filter(|path| path.extension().is_some_and(|ending| ending == "toml"));
        let mut known: Vec<String> = known.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect();
        known.sort();
        bail!("there is no event {}; there are {}", name.display(), known.join(", "))
    }

    /// Rehearses, leaves a report in `target/rehearsals`, and says goodbye. The exit status is that of the rehearsal.
    pub async fn perform(self, event: &Path, arguments: &[String]) -> Result<ExitCode> {
        let mut signals = StopSignals::listen()?;
        let workspace = self.context.workspace()?;
        let name = event.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let now = jiff::Zoned::now().strftime("%Y-%m-%d-%H%M%S");
        let report = workspace.root().join("target/rehearsals").join(format!("{name}-{now}"));
        let mut command = Command::new(&self.program);
        command.arg("arrive").arg(event).args(["--host", &self.url, "--hands", &self.hands()?]);
        command.arg("--report").arg(&report);
        if let Some(commit) = workspace.find_commit() {
            command.args(["--commit", &commit]);
        }
        let mut child = command.args(arguments).kill_on_drop(true).spawn().context("cannot run the rehearsal")?;
        let status = tokio::select! {
            status = child.wait() => Some(status?),
            () = signals.next() => None,
        };
        if self.stops {
            down::run(self.context).await?;
        }
        match status.map(|status| status.code()) {
            Some(Some(code)) => Ok(ExitCode::from(u8::try_from(code).unwrap_or(1))),
            Some(None) => bail!("the rehearsal was killed"),
            None => bail!("interrupted"),
        }
    }

    /// This very program, as the rehearsal calls it.
    fn hands(&self) -> Result<String> {
        let ours = std::env::current_exe()?;
        let state = self.context.state()?;
        let line = format!("{} --state-dir {} stagehand", ours.display(), state.root().display());
        if line.split(' ').count() != 4 {
            bail!("the paths of this program and of its state must have no spaces in them: {line}");
        }
        Ok(line)
    }
}
