//! `cargo dev test`: everything that CI runs, with servers of its own that are gone afterwards.
//!
//! Lint, build once for programs and tests alike, test against real servers, check the documentation and, where there is what
//! these need, the supply chain and Terraform. Every step runs even when an earlier one failed, so that one run names all that is wrong; only the tests need the build.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use tokio::sync::mpsc;

use super::context::Context;
use super::signals::StopSignals;
use crate::checks::{self, Outcome};
use crate::cli::TestArgs;
use crate::packages::{self, Need};
use crate::ports::Ports;
use crate::say::Say;
use crate::secrets::Secrets;
use crate::stack::postgres::{Durability, Role, SUPERUSER};
use crate::stack::services::ServicePrograms;
use crate::stack::{Stack, StackPlan};
use crate::state_dir::StateDir;
use crate::system_user::SystemUser;
use crate::workspace::Workspace;

/// Runs the tests; the exit status says whether all is well.
pub async fn run(context: &Context, args: &TestArgs) -> Result<ExitCode> {
    let needs: &[Need] = if needs_browser(args) { &Need::TESTS } else { &Need::STACK };
    packages::ensure(needs, &context.say)?;
    let mut signals = StopSignals::listen()?;
    let mut run = TestRun { say: context.say.clone(), workspace: context.workspace()?, steps: Vec::new() };
    tokio::select! {
        outcome = run.all(args) => outcome?,
        () = signals.next() => run.steps.push(Step::new("interrupted", Duration::ZERO, false)),
    }
    Ok(run.summarise())
}

fn needs_browser(args: &TestArgs) -> bool {
    args.package.as_deref().is_none_or(|package| package == env!("CARGO_PKG_NAME"))
}

/// The packages whose tests start our programs.
fn needs_programs(args: &TestArgs) -> bool {
    needs_browser(args) || args.package.as_deref() == Some("halles-house")
}

struct TestRun {
    say: Say,
    workspace: Workspace,
    steps: Vec<Step>,
}

struct Step {
    name: &'static str,
    took: Duration,
    passed: bool,
    /// What else is to be said about it.
    note: String,
}

impl Step {
    fn new(name: &'static str, took: Duration, passed: bool) -> Self {
        Self { name, took, passed, note: String::new() }
    }
}

impl TestRun {
    async fn all(&mut self, args: &TestArgs) -> Result<()> {
        if let Some(package) = &args.package {
            let built = if needs_programs(args) { self.build(&["--workspace", "--bins"])? } else { None };
            let programs = built.unwrap_or_else(|| ServicePrograms::in_directory("/nonexistent".into()));
            return self.test(&["--package", package], args, programs).await;
        }
        self.cargo("format", &["fmt", "--all", "--check"], &[]).await?;
        self.cargo("lints", &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"], &[])
            .await?;
        if let Some(programs) = self.build(&["--workspace", "--all-targets"])? {
            self.test(&["--workspace"], args, programs.clone()).await?;
            self.torture(programs).await;
        }
        let strict = [("RUSTDOCFLAGS".to_owned(), "-D warnings".to_owned())];
        self.cargo("documentation", &["doc", "--workspace", "--no-deps", "--quiet"], &strict).await?;

        self.say.heading("supply chain");
        let began = Instant::now();
        let outcome = checks::supply_chain::run(&self.workspace).await?;
        self.note("supply chain", began, outcome);

        self.say.heading("terraform");
        let began = Instant::now();
        let outcome = checks::terraform::run(self.workspace.root(), &self.say).await?;
        self.note("terraform", began, outcome);
        Ok(())
    }

    /// Notes what became of a check that not every machine can make.
    fn note(&mut self, name: &'static str, began: Instant, outcome: Outcome) {
        let (passed, note) = match outcome {
            Outcome::Passed => (true, String::new()),
            Outcome::PartlyChecked(note) => (true, note),
            Outcome::Failed => (false, String::new()),
            Outcome::NotChecked(reason) => (true, format!("not checked: {reason}")),
        };
        self.steps.push(Step { note, ..Step::new(name, began.elapsed(), passed) });
    }

    /// All targets at once: the programs then come out of the same compilation as the tests that start them.
    fn build(&mut self, arguments: &[&str]) -> Result<Option<ServicePrograms>> {
        self.say.heading("build");
        let began = Instant::now();
        let built = self.workspace.build(arguments.iter().copied());
        self.steps.push(Step::new("build", began.elapsed(), built.is_ok()));
        Ok(built.ok())
    }

    async fn test(&mut self, packages: &[&str], args: &TestArgs, programs: ServicePrograms) -> Result<()> {
        let mut servers = TestServers::start(programs).await?;
        self.say.heading("tests");
        let mut arguments = [&["test", "--no-fail-fast"], packages].concat();
        if !args.arguments.is_empty() {
            arguments.push("--");
            arguments.extend(args.arguments.iter().map(String::as_str));
        }
        let outcome = self.cargo("tests", &arguments, &servers.environment()).await;
        servers.stop().await?;
        outcome
    }

    /// Faults strike a stack of its own; nothing else runs meanwhile.
    async fn torture(&mut self, programs: ServicePrograms) {
        let began = Instant::now();
        let kept = super::torture::in_tests(programs, &self.say).await;
        if let Err(error) = &kept {
            self.say.failed("torture", &format!("{error:#}"));
        }
        self.steps.push(Step::new("torture", began.elapsed(), kept.unwrap_or(false)));
    }

    async fn cargo(&mut self, name: &'static str, arguments: &[&str], environment: &[(String, String)]) -> Result<()> {
        if name != "tests" {
            self.say.heading(name);
        }
        let began = Instant::now();
        let mut command = tokio::process::Command::from(self.workspace.cargo());
        command.args(arguments).envs(environment.iter().cloned()).kill_on_drop(true);
        let status = command.status().await.context("cannot run cargo")?;
        self.steps.push(Step::new(name, began.elapsed(), status.success()));
        Ok(())
    }

    fn summarise(&self) -> ExitCode {
        self.say.heading("Summary");
        for step in &self.steps {
            if step.passed && !step.note.is_empty() {
                self.say.warn(step.name, &step.note);
            } else if step.passed {
                self.say.done(step.name, "", step.took);
            } else {
                self.say.failed(step.name, "failed; see above");
            }
        }
        if self.steps.iter().all(|step| step.passed) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// Servers that exist for one run of the tests: fast, on free ports, erased afterwards.
struct TestServers {
    stack: Stack,
    state: StateDir,
}

impl TestServers {
    async fn start(programs: ServicePrograms) -> Result<Self> {
        let root = std::env::temp_dir().join(format!("halles-test-{}", std::process::id()));
        let state = StateDir::new(root, SystemUser::for_postgres()?.as_ref());
        state.create().context("cannot create a directory for the test servers")?;
        Secrets::create_shared(&state.secrets())?;
        let plan = StackPlan {
            state: state.clone(),
            ports: Ports::default().free()?,
            host: "127.0.0.1".to_owned(),
            durability: Durability::Throwaway,
            services: programs,
        };
        let (sender, _nobody) = mpsc::unbounded_channel();
        let mut servers = Self { stack: Stack::new(plan, sender)?, state };
        match servers.stack.start_stores().await {
            Ok(()) => Ok(servers),
            Err(error) => {
                servers.stop().await?;
                Err(error).context("the test servers did not start")
            }
        }
    }

    /// What `halles-testkit` looks for.
    fn environment(&self) -> Vec<(String, String)> {
        let postgres = self.stack.postgres();
        let pairs = [
            ("PRIMARY", postgres.primary_url(Role::Superuser, SUPERUSER)),
            ("REPLICA", postgres.replica_url(Role::Superuser, SUPERUSER)),
            ("REDIS_CACHE", self.stack.redis_cache_url()),
            ("REDIS_LOG", self.stack.redis_order_log_url()),
            ("PROGRAMS", self.stack.plan().services.program("").to_string_lossy().into_owned()),
        ];
        pairs.into_iter().map(|(name, value)| (format!("HALLES_TEST_{name}"), value)).collect()
    }

    async fn stop(&mut self) -> Result<()> {
        self.stack.stop().await;
        self.state.erase().context("the test servers left something behind")
    }
}

impl Drop for TestServers {
    /// Interrupted runs end here; the servers are told to stop by the stack's own drop.
    fn drop(&mut self) {
        let _already_gone = self.state.erase();
    }
}
