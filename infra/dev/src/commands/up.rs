//! `cargo dev up`: from nothing to a shop in a browser.
//!
//! Install what is missing → build → take the state directory → clear away what a killed run left → stores → migrations →
//! demo catalogue → services → HAProxy → watch over all of it until somebody says stop.

use std::fs;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use halles_catalogue::GenerateArgs;
use nix::sys::signal::Signal;
use tokio::sync::mpsc;

use super::context::{Context, RunningPlan};
use super::fill;
use super::signals::StopSignals;
use super::watch;
use crate::cli::UpArgs;
use crate::packages::{self, Need};
use crate::ports::Ports;
use crate::say::{Say, seconds};
use crate::stack::postgres::Durability;
use crate::stack::roster::Roster;
use crate::stack::services::ServicePrograms;
use crate::stack::{Stack, StackPlan, stop_leftovers};
use crate::state_dir::{StateDir, StateLock};
use crate::workspace::programs_beside_us;

/// Runs the marketplace until it is asked to stop.
pub async fn run(context: &Context, args: &UpArgs) -> Result<()> {
    let say = &context.say;
    let began = Instant::now();
    packages::ensure(&needs(args), say)?;
    let ports = choose_ports(args)?;
    let state = context.state()?;
    state.create().with_context(|| format!("cannot create {}", state.root().display()))?;
    let _lock = take(&state)?;
    let services = programs(context, args)?;
    let mut signals = StopSignals::listen()?;
    clear_leftovers(&state, say).await;

    let host = args.host.to_string();
    let plan = StackPlan { state, ports, host, durability: Durability::Safe, services };
    let (sender, events) = mpsc::unbounded_channel();
    let mut stack = Stack::new(plan, sender)?;
    write_plan(&stack)?;
    say.heading("Starting the marketplace");
    if stack.plan().state.keeps_postgres_elsewhere() {
        let place = stack.plan().state.postgres().display();
        say.note("PostgreSQL's data", &format!("in {place}, since its user cannot enter the checkout"));
    }
    let teller = tokio::spawn(watch::tell(events, say.clone()));

    let outcome = tokio::select! {
        started = bring_up(&mut stack, args, say) => started.map(|()| true),
        () = signals.next() => Ok(false),
    };
    if matches!(outcome, Ok(true)) {
        stack.events_told().await;
        announce(&stack, args, say, began)?;
        signals.next().await;
    }
    // What is still turning on the terminal goes with its teller.
    teller.abort();
    let _aborted = teller.await;
    stop(&mut stack, &mut signals, say).await;
    outcome.map(drop)
}

/// What the arguments need from the system.
pub fn needs(args: &UpArgs) -> Vec<Need> {
    Need::STACK.into_iter().chain(args.observe.then_some(Need::Prometheus)).collect()
}

/// The ports that the arguments ask for.
fn choose_ports(args: &UpArgs) -> Result<Ports> {
    let mut ports = match &args.ports {
        Some(path) => {
            let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            toml::from_str(&text).with_context(|| format!("{} is not a port plan", path.display()))?
        }
        None => Ports::default(),
    };
    if let Some(base) = args.base_port {
        ports = ports.from_base(base).with_context(|| format!("there is not enough room above port {base}"))?;
    }
    if let Some(port) = args.port {
        ports.web = port;
    }
    Ok(ports)
}

fn take(state: &StateDir) -> Result<StateLock> {
    match state.lock()? {
        Ok(lock) => Ok(lock),
        Err(holder) => {
            let who = holder.pid.map(|pid| format!(" (process {pid})")).unwrap_or_default();
            bail!(
                "the marketplace of {} is already running{who}; see `cargo dev status`, stop it with `cargo dev down`",
                state.root().display()
            )
        }
    }
}

/// Builds the services, or takes them as they are.
pub fn programs(context: &Context, args: &UpArgs) -> Result<ServicePrograms> {
    if let Some(directory) = &args.programs {
        return Ok(ServicePrograms::in_directory(directory.clone()));
    }
    if args.no_build {
        return programs_beside_us();
    }
    let began = Instant::now();
    context.say.heading("Building the services");
    let services = context.workspace()?.build_services()?;
    context.say.done("built", "", began.elapsed());
    Ok(services)
}

async fn clear_leftovers(state: &StateDir, say: &Say) {
    let _removed = fs::remove_file(state.ready_marker());
    let began = Instant::now();
    let stopped = {
        let _waiting = say.waiting("leftovers", "of a run that was killed");
        stop_leftovers(&Roster::new(&state.run())).await
    };
    if !stopped.is_empty() {
        say.done("leftovers", &format!("stopped {} of a run that was killed", stopped.len()), began.elapsed());
    }
}

fn write_plan(stack: &Stack) -> Result<()> {
    let plan = RunningPlan { url: stack.url(), ports: stack.plan().ports.clone() };
    fs::write(stack.plan().state.plan(), toml::to_string(&plan)?).context("cannot write down the plan")
}

async fn bring_up(stack: &mut Stack, args: &UpArgs, say: &Say) -> Result<()> {
    stack.start_stores().await?;
    let began = Instant::now();
    stack.migrate().await?;
    say.done("migrations", "schema up to date", began.elapsed());
    if !args.no_demo && fill::is_empty(&stack.owner_url()).await? {
        fill::generate_into(&GenerateArgs::demo(), &stack.owner_url(), say).await?;
    }
    stack.start_services().await?;
    stack.start_balancer().await?;
    if args.observe {
        stack.start_prometheus().await?;
    }
    Ok(())
}

fn announce(stack: &Stack, args: &UpArgs, say: &Say, began: Instant) -> Result<()> {
    fs::write(stack.plan().state.ready_marker(), stack.url())?;
    say.heading(&format!("Halles is open: {}", stack.url()));
    let ports = &stack.plan().ports;
    say.note("ready in", &seconds(began.elapsed()));
    say.note("load balancer", &format!("http://127.0.0.1:{}", ports.balancer_admin));
    if args.observe {
        say.note("alerts", &format!("http://127.0.0.1:{}/alerts", ports.prometheus));
    }
    say.note("API", &format!("{}/api/docs", stack.url()));
    say.note("more", "cargo dev status · logs · psql · restart · kill");
    say.note("stop", "Ctrl-C, or cargo dev down");
    say.text("");
    Ok(())
}

/// Stops everything in order; being asked a second time, without any more patience.
async fn stop(stack: &mut Stack, signals: &mut StopSignals, say: &Say) {
    let state = stack.plan().state.clone();
    let _removed = fs::remove_file(state.ready_marker());
    let began = Instant::now();
    let waiting = say.waiting("stopping", "again Ctrl-C to kill at once");
    let mut stopping = std::pin::pin!(stack.stop());
    tokio::select! {
        () = &mut stopping => {}
        () = signals.next() => {
            for entry in Roster::new(&state.run()).list_alive() {
                entry.signal(Signal::SIGKILL);
            }
            stopping.await;
        }
    }
    drop(waiting);
    let _removed = fs::remove_file(state.plan());
    say.done("stopped", "the data stays for the next time", began.elapsed());
}
