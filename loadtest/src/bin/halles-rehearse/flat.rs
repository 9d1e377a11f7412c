//! A flat crowd for one page: what the driver itself can do.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Args;
use halles_loadtest::arrivals::{Ask, Driver, Ending, Live, Schedule, Spacing, Target};
use halles_loadtest::event::Curve;
use serde_json::json;

use crate::arrive::{positive, say};

/// What to send where.
#[derive(Debug, Args)]
pub struct FlatArgs {
    /// Whom to ask
    #[arg(long, value_name = "URL")]
    host: String,
    /// For what
    #[arg(long, default_value = "/")]
    path: String,
    /// What a right answer contains
    #[arg(long, default_value = "")]
    sign: String,
    /// How many a second
    #[arg(long, value_parser = positive)]
    rate: f64,
    /// For how long
    #[arg(long, default_value_t = 4.0, value_parser = positive)]
    seconds: f64,
    /// Threads that send
    #[arg(long, default_value_t = 1)]
    workers: usize,
}

/// Sends it, and prints one line of JSON. Exit status 2 when the driver could not keep up.
pub fn run(args: &FlatArgs) -> Result<ExitCode> {
    let minutes = args.seconds / 60.0;
    let curve = Curve::through([(0.0, args.rate * 60.0), (minutes, args.rate * 60.0)]).context("this is no curve")?;
    let driver = Driver {
        target: Target::parse(&args.host)?,
        workers: args.workers,
        max_in_flight: 10_000,
        patience: Duration::from_secs(10),
        live: Live::default(),
    };
    // What is looked for in every page lives as long as the program.
    let sign: &'static str = Box::leak(args.sign.clone().into_boxed_str());
    let measured =
        driver.run(Schedule::new(curve, 1.0, 1.0, Spacing::Random(1)), 1, |_| Ask::page(0, &args.path, sign))?;
    let tally = &measured.tallies[0];
    say(&json!({
        "right": tally.count(Ending::Right),
        "offered": tally.total() + measured.dropped,
        "seconds": measured.took.as_secs_f64(),
        "lag_p99_ms": measured.lag_quantile(0.99).as_secs_f64() * 1_000.0,
        "p50_ms": tally.quantile(0.5).as_secs_f64() * 1_000.0,
        "p99_ms": tally.quantile(0.99).as_secs_f64() * 1_000.0,
        "valid": measured.is_valid(),
    })
    .to_string());
    Ok(ExitCode::from(if measured.is_valid() { 0 } else { 2 }))
}
