//! The event's crowd in front of a running shop.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Args;
use halles_loadtest::arrivals::{Driver, Schedule, Spacing, Target};
use halles_loadtest::event::{Event, PageClass};

use crate::crowd::Crowd;
use crate::verdict::Report;

/// What to send where.
#[derive(Debug, Args)]
pub struct ArriveArgs {
    /// The event file (see infra/events)
    event: PathBuf,
    /// The shop
    #[arg(long, default_value = "http://127.0.0.1:8080", value_name = "URL")]
    host: String,
    /// How many times as fast as in life: an evening of three hours in nine minutes
    #[arg(long, default_value_t = 20.0, value_parser = positive)]
    speed: f64,
    /// Which share of the crowd comes: what this machine can bear, or more than expected
    #[arg(long, default_value_t = 1.0, value_parser = positive)]
    scale: f64,
    /// The same seed is the same crowd
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads that send
    #[arg(long, default_value_t = 1)]
    workers: usize,
    /// The most requests under way at once; what is due beyond is dropped and makes the run invalid
    #[arg(long, default_value_t = 10_000)]
    max_in_flight: usize,
    /// How long to wait for an answer, in seconds
    #[arg(long, default_value_t = 10)]
    patience: u64,
    /// Where to write the figures as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Sends the crowd and judges what came of it.
pub fn run(args: &ArriveArgs) -> Result<ExitCode> {
    let event = Event::read(&args.event)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let crowd = runtime.block_on(Crowd::look_around(&event, &args.host)).context("the shop does not answer")?;
    let schedule = Schedule::new(event.curve.clone(), args.speed, args.scale, Spacing::Random(args.seed));
    let driver = Driver {
        target: Target::parse(&args.host)?,
        workers: args.workers,
        max_in_flight: args.max_in_flight,
        patience: Duration::from_secs(args.patience),
    };
    Report::announce(&event, &schedule)?;
    let measured = driver.run(schedule, PageClass::ALL.len(), |due| crowd.ask(due))?;
    let report = Report::of(&event, &measured);
    report.say()?;
    if let Some(path) = &args.json {
        fs::write(path, report.to_json()?).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(report.exit_code())
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number > 0.0 && number.is_finite() => Ok(number),
        _ => Err("must be a number above zero".to_owned()),
    }
}
