//! `halles-rehearse`: what an event file means, and its crowd in front of a running shop.
//!
//! Exit status: 0 when every promise held, 1 when one was broken or a file cannot be used, 2 when the driver itself was too
//! slow for the run to mean anything.

mod arrive;
mod check;
mod crowd;
mod verdict;

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
    after_help = "Exit status: 0 go, 1 no-go (or something cannot be used), 2 the run is invalid.\n\
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
    Arrive(arrive::ArriveArgs),
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
    }
}
