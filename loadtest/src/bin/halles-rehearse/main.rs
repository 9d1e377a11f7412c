//! `halles-rehearse`: what an event file means, its crowd in front of a running shop, and the fleet that it needs.
//!
//! Exit status: 0 when every promise held, 1 when one was broken or a file cannot be used, 2 when the driver itself was too
//! slow for the run to mean anything.

mod arrive;
mod board;
mod check;
mod crowd;
mod fit;
mod flat;
mod outcome;
mod planning;
mod settle;
mod strike;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use halles_loadtest::event::Event;

/// Rehearse a show before it happens.
#[derive(Debug, Parser)]
#[command(
    name = "halles-rehearse",
    version,
    disable_help_subcommand = true,
    after_help = "An evening of an SRE:\n  \
                  halles-rehearse check  show.toml                        what is expected and promised\n  \
                  halles-rehearse arrive show.toml --fit --report out     a rehearsal, and a page about it\n  \
                  halles-rehearse step   --service listing --host URL --json listing.json\n  \
                  halles-rehearse plan   show.toml --steps listing.json,… --into out\n\n\
                  Exit status: 0 go, 1 no-go (or something cannot be used), 2 the run is invalid.\n\
                  An event file is one show: see infra/events/README.md for its keys and for examples."
)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read an event file and say what it expects and promises
    Check {
        /// The event file (see infra/events)
        event: PathBuf,
    },
    /// Send the event's crowd to a running shop and judge what came of it
    Arrive(Box<arrive::ArriveArgs>),
    /// Add up what several hosts saw of one rehearsal
    Merge(arrive::MergeArgs),
    /// Draw the page of a report once more
    Page(arrive::PageArgs),
    /// Measure what one instance can do, with more and more at once
    Step(planning::StepArgs),
    /// Send a flat crowd for one page, to see what the driver itself can do
    Flat(flat::FlatArgs),
    /// Plan the fleet for an event: instances over time, sizes, costs, and the variables for Terraform
    Plan(planning::PlanArgs),
}

fn main() -> ExitCode {
    match run(Args::parse().command) {
        Ok(code) => code,
        Err(error) => {
            // Nothing can be done about a terminal that is gone.
            let _ = writeln!(std::io::stderr().lock(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Check { event } => {
            check::say(&Event::read(&event)?)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Arrive(args) => arrive::run(&args),
        Command::Merge(args) => arrive::merge(&args),
        Command::Page(args) => arrive::page(&args),
        Command::Step(args) => planning::step(&args),
        Command::Flat(args) => flat::run(&args),
        Command::Plan(args) => planning::plan(&args),
    }
}
