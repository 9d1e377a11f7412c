//! `cargo dev bench`: runs one benchmark, always optimised, and says whether its promises hold.

use std::os::unix::process::CommandExt;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use tokio::sync::mpsc;

use super::context::Context;
use super::signals::StopSignals;
use crate::bench::contest::Verdict;
use crate::bench::import;
use crate::bench::report::{Report, describe_machine};
use crate::cli::BenchArgs;
use crate::packages::{self, Need};
use crate::ports::Ports;
use crate::stack::postgres::Durability;
use crate::stack::services::ServicePrograms;
use crate::stack::{Stack, StackPlan};
use crate::state_dir::StateDir;
use crate::system_user::SystemUser;
use crate::workspace::is_release;

/// Every benchmark, with what it measures.
const BENCHMARKS: [(&str, &str); 1] = [("import", "loading listings, against a bare COPY of the same bytes")];

/// Runs a benchmark by its name.
pub async fn run(context: &Context, args: &BenchArgs) -> Result<ExitCode> {
    let Some(name) = args.name.as_deref() else {
        for (name, what) in BENCHMARKS {
            context.say.note(name, what);
        }
        return Ok(ExitCode::SUCCESS);
    };
    if !BENCHMARKS.iter().any(|(known, _)| *known == name) {
        bail!("there is no benchmark called `{name}`; `cargo dev bench` lists them");
    }
    if !is_release() {
        return Err(run_optimised(context, args, name));
    }
    packages::ensure(&Need::STACK, &context.say)?;
    let mut signals = StopSignals::listen()?;
    let mut servers = BenchServers::prepare()?;
    context.say.heading(&format!("Benchmark {name}: {} rounds", args.rounds));
    let outcome = tokio::select! {
        outcome = servers.measure(context, args.rounds) => outcome,
        () = signals.next() => Err(anyhow::anyhow!("interrupted")),
    };
    servers.stop().await?;
    finish(context, args, name, outcome?)
}

/// Becomes the same command, built with optimisation; returns only if that fails.
fn run_optimised(context: &Context, args: &BenchArgs, name: &str) -> anyhow::Error {
    let workspace = match context.workspace() {
        Ok(workspace) => workspace,
        Err(error) => return error,
    };
    let mut command = workspace.cargo();
    command.args(["run", "--release", "--quiet", "--bin", env!("CARGO_PKG_NAME"), "--", "bench", name]);
    command.args(["--rounds", &args.rounds.to_string()]);
    command.args([("--gate", args.gate), ("--keep", args.keep)].iter().filter(|(_, on)| *on).map(|(flag, _)| flag));
    anyhow::Error::new(command.exec()).context("cannot run cargo")
}

fn finish(context: &Context, args: &BenchArgs, name: &str, results: Vec<Verdict>) -> Result<ExitCode> {
    let workspace = context.workspace()?;
    let commit = workspace.find_commit().unwrap_or_else(|| "unknown".to_owned());
    let report = Report { machine: describe_machine(), commit, results };
    context.say.text(format!("\n{}\n", report.table()));
    let written = report.write(&workspace.root().join("target/bench"), name)?;
    context.say.note("written", &written.display().to_string());
    if args.keep {
        let today = jiff::Zoned::now().date();
        let kept = report.write(&workspace.root().join("infra/benchmarks"), &format!("{today}-{name}"))?;
        context.say.note("kept", &kept.display().to_string());
    }
    Ok(if args.gate && !report.all_met() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Servers that exist for one benchmark, as durable as the real ones.
struct BenchServers {
    stack: Stack,
    state: StateDir,
}

impl BenchServers {
    fn prepare() -> Result<Self> {
        // On a disk, not in a temporary directory that may live in memory.
        let root = std::path::PathBuf::from(format!("/var/tmp/halles-bench-{}", std::process::id()));
        let state = StateDir::new(root, SystemUser::for_postgres()?.as_ref());
        let plan = StackPlan {
            state: state.clone(),
            ports: Ports::default().free()?,
            host: "127.0.0.1".to_owned(),
            durability: Durability::Safe,
            services: ServicePrograms::in_directory("/nonexistent".into()),
        };
        let (sender, _nobody) = mpsc::unbounded_channel();
        Ok(Self { stack: Stack::new(plan, sender)?, state })
    }

    async fn measure(&mut self, context: &Context, rounds: u32) -> Result<Vec<Verdict>> {
        self.stack.start_stores().await?;
        import::run(&self.stack, rounds, &context.say).await
    }

    async fn stop(&mut self) -> Result<()> {
        self.stack.stop().await;
        self.state.erase().context("the benchmark's servers left something behind")
    }
}
