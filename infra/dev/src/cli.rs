//! The command line of `cargo dev`: here every command, in the files beside this one what each takes.

mod catalogue;
mod orders;
mod proof;
mod rung;
mod show;
mod stack;

use std::path::PathBuf;

pub use catalogue::{DatabaseArgs, GenerateCommand, ImportCommand};
use clap::{Parser, Subcommand};
pub use orders::{RedriveArgs, TraceArgs};
pub use proof::{BenchArgs, RelevanceArgs, SbomArgs, TestArgs, TortureArgs, Victim};
pub use rung::{RungArgs, RungOrder};
pub use show::{AirArgs, RehearseArgs};
pub use stack::{LogsArgs, ProcessArgs, PsqlArgs, ResetArgs, UpArgs};

use crate::bench::cache::bare_server::BareServerArgs;
use crate::commands::stagehand;

/// The whole marketplace on this machine.
#[derive(Debug, Parser)]
#[command(name = "cargo dev", bin_name = "cargo dev", version, disable_help_subcommand = true)]
pub struct Cli {
    /// Where this stack keeps everything [default: .halles in the checkout]
    #[arg(long, env = "HALLES_STATE_DIR", global = true, value_name = "DIR")]
    pub state_dir: Option<PathBuf>,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start the marketplace and keep it running until Ctrl-C
    Up(UpArgs),
    /// Stop the marketplace
    Down,
    /// Show every process: id, port, readiness, memory, restarts
    Status,
    /// Show logs, of one process or of all
    Logs(LogsArgs),
    /// Erase all data of this stack
    Reset(ResetArgs),
    /// Open the database
    Psql(PsqlArgs),
    /// Restart a process cleanly; `listing` restarts listing-1 and listing-2 in turn
    Restart(ProcessArgs),
    /// Kill a process without warning, to watch it come back
    Kill(ProcessArgs),
    /// Show what the services give up under load, or set it by hand for a while
    Rung(RungArgs),
    /// Load N believable listings of handmade goods
    Generate(GenerateCommand),
    /// Load listings from a CSV or JSONL file
    Import(ImportCommand),
    /// Run a benchmark
    Bench(BenchArgs),
    /// Measure how well searches answer, on judged catalogues
    Relevance(RelevanceArgs),
    /// Requests to buy that were set aside: list them, or try them once more
    Redrive(RedriveArgs),
    /// Let faults strike while shoppers order, and compare what they were told with what is
    Torture(TortureArgs),
    /// Press to air: a TV show's crowd on this machine, in a minute and a half, with a live board and a report
    Air(AirArgs),
    /// Rehearse an event on this machine: its crowd, its faults, its promises, and a go/no-go page
    Rehearse(RehearseArgs),
    /// Called by a rehearsal, to watch and to strike processes
    #[command(hide = true)]
    Stagehand {
        /// What to do
        #[command(subcommand)]
        deed: stagehand::Deed,
    },
    /// Started by a benchmark as its yardstick
    #[command(hide = true)]
    BareServer(BareServerArgs),
    /// The trace of an order, and what was logged about it
    Trace(TraceArgs),
    /// List everything that each service contains (SBOM, CycloneDX)
    Sbom(SbomArgs),
    /// Run everything that CI runs, or the tests of one package
    Test(TestArgs),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_test_filter_passes_through() {
        let cli = Cli::try_parse_from(["cargo dev", "test", "-p", "halles-store", "--", "placing", "--nocapture"]);
        let Command::Test(args) = cli.expect("valid").command else { panic!("it is a test") };
        assert_eq!(args.package.as_deref(), Some("halles-store"));
        assert_eq!(args.arguments, ["placing", "--nocapture"]);
    }
}
