//! Stepped runs, and the plan that is made of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use halles_loadtest::arrivals::stepped::{Slices, Step, step as measure};
use halles_loadtest::arrivals::{Due, Target};
use halles_loadtest::event::{Curve, Event, Mix};
use halles_loadtest::plan::{self, Measured, Plan, Prices};
use halles_loadtest::run::{Setting, describe_machine};
use jiff::{SignedDuration, Timestamp};

use crate::arrive::say;
use crate::crowd::Crowd;

/// What to measure.
#[derive(Debug, Args)]
pub struct StepArgs {
    /// The service that is measured; the shop at --host must answer its pages with one instance of it
    #[arg(long, value_parser = ["listing", "search", "order"])]
    service: String,
    /// Whom to ask
    #[arg(long, default_value = "http://127.0.0.1:8080", value_name = "URL")]
    host: String,
    /// How many ask at once, step by step
    #[arg(long, value_delimiter = ',', default_value = "1,2,4,8,16,32,64")]
    at_once: Vec<u32>,
    /// How many slices each step has
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(2..))]
    slices: u32,
    /// How long a slice is, in milliseconds
    #[arg(long, default_value_t = 1_000)]
    slice_ms: u64,
    /// Threads that ask
    #[arg(long, default_value_t = 1)]
    workers: usize,
    /// Only this page, as fast as it goes: to measure the driver itself
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// Processors of a task like the one that is measured
    #[arg(long, default_value_t = 1.0)]
    vcpu: f64,
    /// Memory of a task like the one that is measured, in GB
    #[arg(long, default_value_t = 2.0)]
    memory_gb: f64,
    /// Where to write the steps
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Measures one instance, step by step.
pub fn step(args: &StepArgs) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let target = Target::parse(&args.host)?;
    let slices = Slices { count: args.slices, length: Duration::from_millis(args.slice_ms.max(1)) };
    let crowd = match &args.path {
        Some(_) => None,
        None => Some(runtime.block_on(look_around(args)).context("the shop does not answer")?),
    };
    let count = AtomicU64::new(0);
    let mut steps: Vec<Step> = Vec::new();
    say(&format!("{:>8}{:>12}{:>12}{:>10}", "at once", "right/s", "p99 ms", "failed"));
    for at_once in &args.at_once {
        let asks = || {
            let number = count.fetch_add(1, Ordering::Relaxed);
            // Steps of the golden ratio spread evenly over all kinds and pages; the time only makes orders differ.
            let lot = (number as f64 * 0.618_033_988_749_894_9).fract();
            match (&crowd, &args.path) {
                (Some(crowd), _) => crowd.ask(Due { at: Duration::from_nanos(number), lot }),
                (None, path) => halles_loadtest::arrivals::Ask::page(0, path.clone().unwrap_or_default(), ""),
            }
        };
        let step = measure(&target, *at_once, slices, args.workers, asks)?;
        say(&format!(
            "{:>8}{:>12.0}{:>12.2}{:>9.2}%",
            step.at_once,
            step.mean(),
            step.p99_ms,
            step.failed_share * 100.0
        ));
        steps.push(step);
    }
    let measured = Measured {
        service: args.service.clone(),
        vcpu: args.vcpu,
        memory_gb: args.memory_gb,
        machine: describe_machine(),
        bytes_each: 0.0,
        steps,
    };
    if let Some(path) = &args.json {
        let text = serde_json::to_string_pretty(&measured)? + "\n";
        fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A crowd that only asks one service.
async fn look_around(args: &StepArgs) -> Result<Crowd> {
    let shares = match args.service.as_str() {
        "listing" => [0.18, 0.18, 0.64, 0.0, 0.0],
        "search" => [0.0, 0.0, 0.0, 1.0, 0.0],
        _ => [0.0, 0.0, 0.0, 0.0, 1.0],
    };
    let mix = Mix::new(shares, 0.8).context("these shares are one")?;
    let curve = Curve::through([(0.0, 1.0), (1.0, 1.0)]).context("this is a curve")?;
    let setting = Setting {
        began: Timestamp::now(),
        host: args.host.clone(),
        machine: String::new(),
        commit: None,
        speed: 1.0,
        scale: 1.0,
        seed: 1,
        hosts: 1,
        minutes: (0.0, 1.0),
        max_lag_ms: 1.0,
    };
    Crowd::of(mix, &curve, &[], &setting).await
}

/// What to plan from.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// The event file (see infra/events)
    event: PathBuf,
    /// Stepped runs of one instance of each service, as `step --json` wrote them
    #[arg(long, value_delimiter = ',', required = true, value_name = "FILE,…")]
    steps: Vec<PathBuf>,
    /// What things cost
    #[arg(long, default_value = "infra/prices/aws-eu-west-3.toml", value_name = "FILE")]
    prices: PathBuf,
    /// Where the plan goes: plan.json and plan.html
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
    /// A file of variables for Terraform: the show is put into it, others in it stay [default: shows.auto.tfvars.json in --into]
    #[arg(long, value_name = "FILE")]
    tfvars: Option<PathBuf>,
}

/// Plans the fleet.
pub fn plan(args: &PlanArgs) -> Result<ExitCode> {
    let event = Event::read(&args.event)?;
    let prices = Prices::read(&args.prices)?;
    let measured: Vec<Measured> = args.steps.iter().map(|path| read_steps(path)).collect::<Result<_>>()?;
    let plan = draw_up(&event, &measured, &prices)?;
    fs::create_dir_all(&args.into).with_context(|| format!("cannot create {}", args.into.display()))?;
    fs::write(args.into.join("plan.json"), serde_json::to_string_pretty(&plan)? + "\n")?;
    fs::write(args.into.join("plan.html"), plan::page(&plan).into_string())?;
    let tfvars = args.tfvars.clone().unwrap_or_else(|| args.into.join("shows.auto.tfvars.json"));
    plan::write_into(&plan, &plan::key_of(&args.event), &tfvars)?;
    tell(&plan);
    say(&format!("\nplan: file://{}", args.into.join("plan.html").canonicalize()?.display()));
    say(&format!("for Terraform: {}", tfvars.display()));
    Ok(ExitCode::SUCCESS)
}

fn read_steps(path: &Path) -> Result<Measured> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let measured: Measured = serde_json::from_str(&text)
        .with_context(|| format!("{} holds no stepped run; `step --json` writes them", path.display()))?;
    if measured.steps.is_empty() {
        bail!("{} holds no steps", path.display());
    }
    Ok(measured)
}

fn draw_up(event: &Event, measured: &[Measured], prices: &Prices) -> Result<Plan> {
    let mut warnings = Vec::new();
    let fleet = plan::draw_up(event, measured, &mut warnings);
    if fleet.services.is_empty() {
        bail!("none of the stepped runs is of a service that this event asks for anything");
    }
    let sizes = plan::sizes(event, measured, prices, &mut warnings);
    let costs = plan::costs(event, &fleet, &sizes, prices, &mut warnings);
    let hours = |hours: f64| SignedDuration::from_secs_f64(hours * 3_600.0);
    let air = event.air.timestamp();
    let last = air.checked_add(SignedDuration::from_secs_f64(event.curve.ends() * 60.0))?;
    // Nothing is released while the fleet stands, whatever the file says.
    let begins = air.checked_add(SignedDuration::from_secs_f64(fleet.begins.floor() * 60.0))?;
    let freeze = (
        air.checked_sub(hours(event.freeze.hours_before))?.min(begins),
        last.checked_add(hours(event.freeze.hours_after))?.checked_add(SignedDuration::from_mins(1))?,
    );
    let mut warm = vec!["/".to_owned()];
    warm.extend(event.featured.iter().map(|id| format!("/l/{id}")));
    Ok(Plan {
        event: event.name.clone(),
        air: event.air.clone(),
        curve: event.curve.points().collect(),
        margin: event.preparation.margin,
        fleet,
        sizes,
        costs,
        warm,
        freeze,
        warnings,
    })
}

fn tell(plan: &Plan) {
    say(&format!("{}: for {} times the expected crowd\n", plan.event, plan.margin));
    for service in &plan.fleet.services {
        let steps: Vec<String> =
            service.steps.iter().map(|step| format!("{} from {:+.0} min", step.instances, step.minute)).collect();
        say(&format!("  {:<14} {}", service.service, steps.join(", ")));
    }
    for size in &plan.sizes.all {
        say(&format!("  {:<14} {}", size.what, size.size));
    }
    say(&format!(
        "\n  {:.0} € for the evening, {:.2} € an hour at the most",
        plan.costs.evening, plan.costs.most_per_hour
    ));
    for warning in &plan.warnings {
        say(&format!("  ! {warning}"));
    }
}
