//! The command line of `cargo dev`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use halles_catalogue::{GenerateArgs, ImportArgs};
use halles_domain::OrderId;

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

/// Arguments of `up`.
#[derive(Debug, Clone, Args)]
pub struct UpArgs {
    /// The address to listen on; 0.0.0.0 lets a phone on the same network in
    #[arg(long, default_value = "127.0.0.1")]
    pub host: std::net::IpAddr,
    /// The port of the shop
    #[arg(long)]
    pub port: Option<u16>,
    /// Put everything on consecutive ports from here on
    #[arg(long, value_name = "PORT")]
    pub base_port: Option<u16>,
    /// A TOML file with ports and numbers of instances; see infra/dev/README.md
    #[arg(long, value_name = "FILE", conflicts_with = "base_port")]
    pub ports: Option<PathBuf>,
    /// Leave an empty database empty
    #[arg(long)]
    pub no_demo: bool,
    /// Use the programs beside this one as they are
    #[arg(long)]
    pub no_build: bool,
    /// Return once everything is ready; `cargo dev down` stops it
    #[arg(long, short)]
    pub detach: bool,
    /// Start Prometheus with our rules beside it
    #[arg(long)]
    pub observe: bool,
    /// Set by `--detach` for the process that stays
    #[arg(long, hide = true)]
    pub programs: Option<PathBuf>,
}

impl UpArgs {
    /// What `up` does when nobody says anything.
    pub fn usual() -> Self {
        Self {
            host: crate::ports::LOOPBACK,
            port: None,
            base_port: None,
            ports: None,
            no_demo: false,
            no_build: false,
            detach: true,
            observe: false,
            programs: None,
        }
    }
}

/// Arguments of `air`.
#[derive(Debug, Args)]
pub struct AirArgs {
    /// An event file, or the name of one in infra/events
    #[arg(default_value = "show-2017")]
    pub event: String,
    /// How many times as fast as in life
    #[arg(long, default_value_t = 20.0)]
    pub speed: f64,
    /// So many requests a second at the peak [default: a fifth of what this machine can bear for a moment]
    #[arg(long, value_name = "RATE")]
    pub peak: Option<f64>,
    /// Kill this process at the peak, such as listing-1
    #[arg(long, value_name = "PROCESS")]
    pub kill: Option<String>,
    /// Leave the marketplace running afterwards
    #[arg(long)]
    pub keep: bool,
    /// Use the programs beside this one as they are
    #[arg(long)]
    pub no_build: bool,
}

/// Arguments of `rehearse`.
#[derive(Debug, Args)]
pub struct RehearseArgs {
    /// An event file, or the name of one in infra/events
    pub event: PathBuf,
    /// Leave the marketplace running afterwards
    #[arg(long)]
    pub keep: bool,
    /// Use the programs beside this one as they are
    #[arg(long)]
    pub no_build: bool,
    /// What `halles-rehearse arrive` itself understands, after `--`: `--fit`, `--speed 20`, `--against REPORT`…
    #[arg(last = true)]
    pub arguments: Vec<String>,
}

/// Arguments of `logs`.
#[derive(Debug, Args)]
pub struct LogsArgs {
    /// The process; all of them when left out
    pub name: Option<String>,
    /// Go on showing what is added
    #[arg(long, short)]
    pub follow: bool,
    /// How many lines of each to begin with
    #[arg(long, short = 'n', default_value_t = 20)]
    pub lines: usize,
}

/// Arguments of `reset`.
#[derive(Debug, Args)]
pub struct ResetArgs {
    /// Do not ask
    #[arg(long, short)]
    pub yes: bool,
}

/// Arguments of `psql`.
#[derive(Debug, Args)]
pub struct PsqlArgs {
    /// Open the read replica, with the role that may only read
    #[arg(long)]
    pub replica: bool,
    /// What psql itself understands, after `--`
    #[arg(last = true)]
    pub arguments: Vec<String>,
}

/// Arguments of `restart` and `kill`.
#[derive(Debug, Args)]
pub struct ProcessArgs {
    /// The process, as `cargo dev status` names it
    pub name: String,
}

/// Arguments of `rung`.
#[derive(Debug, Args)]
pub struct RungArgs {
    /// Tell these admin ports, with the token in HALLES_HTTP__ADMISSION__RUNG_TOKEN [default: all instances of the running
    /// stack]
    #[arg(long, global = true, value_name = "HOST:PORT,…", value_delimiter = ',')]
    pub at: Vec<String>,
    /// What to do; without it the rungs are shown
    #[command(subcommand)]
    pub order: Option<RungOrder>,
}

/// What to do with the rungs.
#[derive(Debug, Clone, Subcommand)]
pub enum RungOrder {
    /// Show the rung of each instance
    Show,
    /// Set a rung on all instances, until its time is up: 0 open, 1 no extras, 2 stale pages longer, 3 no waiting for the
    /// outcome of orders, 4 refuse suggestions and crawlers, 5 refuse all but checkout, 6 whoever comes waits in front of the
    /// market
    Set {
        /// The number of the rung
        #[arg(value_parser = clap::value_parser!(u8).range(0..=6))]
        rung: u8,
        /// For how long, at most a day: 90s, 10m, 2h
        #[arg(long = "for", value_name = "TIME", value_parser = parse_time)]
        lasts: Duration,
        /// What for; everybody will see it
        #[arg(long, value_name = "TEXT")]
        why: String,
        /// With rung 6: when the show begins; whoever comes before gets a place drawn at random then. RFC 3339
        #[arg(long, value_name = "MOMENT")]
        air_at: Option<jiff::Timestamp>,
    },
    /// Let go: each instance decides by itself again
    Auto,
}

/// A time such as `10m`.
fn parse_time(text: &str) -> Result<Duration, String> {
    let time: jiff::SignedDuration = text.parse().map_err(|_| "write it as 90s, 10m or 2h".to_owned())?;
    let time = Duration::try_from(time).map_err(|_| "it cannot lie in the past".to_owned())?;
    let is_lawful = (Duration::from_secs(1)..=Duration::from_secs(24 * 60 * 60)).contains(&time);
    if is_lawful { Ok(time) } else { Err("it must lie between a second and a day".to_owned()) }
}

/// Arguments of `generate`.
#[derive(Debug, Args)]
pub struct GenerateCommand {
    /// What to generate.
    #[command(flatten)]
    pub what: GenerateArgs,
    /// Where to.
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// Do nothing when there are listings already
    #[arg(long)]
    pub if_empty: bool,
}

/// Arguments of `import`.
#[derive(Debug, Args)]
pub struct ImportCommand {
    /// What to import.
    #[command(flatten)]
    pub what: ImportArgs,
    /// Where to.
    #[command(flatten)]
    pub database: DatabaseArgs,
}

/// Which database to fill.
#[derive(Debug, Args)]
pub struct DatabaseArgs {
    /// A database, with the role that owns its tables [default: the one of the running stack]
    #[arg(long, env = "HALLES_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,
}

/// Arguments of `bench`.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// The benchmark; without a name they are listed
    pub name: Option<String>,
    /// Only this part of it
    #[arg(long, requires = "name")]
    pub part: Option<String>,
    /// Exit with status 1 when a goal is missed
    #[arg(long)]
    pub gate: bool,
    /// Keep the result as a dated file in infra/benchmarks
    #[arg(long)]
    pub keep: bool,
    /// How often both sides are measured, in turn
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub rounds: u32,
    /// A smaller catalogue, to try a benchmark out; its figures mean little then
    #[arg(long, requires = "name", conflicts_with = "keep")]
    pub listings: Option<u64>,
}

/// Arguments of `redrive`.
#[derive(Debug, Args)]
pub struct RedriveArgs {
    /// The request to try once more; without it they are listed
    #[arg(conflicts_with = "all")]
    pub id: Option<String>,
    /// Try all of them once more
    #[arg(long)]
    pub all: bool,
    /// The order log [default: the one of the running stack]
    #[arg(long, env = "HALLES_ORDER_LOG__REDIS_URL", hide_env_values = true, value_name = "URL")]
    pub redis_url: Option<String>,
    /// The order log is a Redis Cluster, as on AWS
    #[arg(long, env = "HALLES_ORDER_LOG__REDIS__CLUSTER", requires = "redis_url")]
    pub redis_cluster: bool,
}

/// Arguments of `torture`.
#[derive(Debug, Args)]
pub struct TortureArgs {
    /// What is tortured
    pub victim: Victim,
    /// For how long
    #[arg(long, default_value_t = 2.0)]
    pub minutes: f64,
    /// What everything is chosen from [default: another one each time]
    #[arg(long)]
    pub seed: Option<u64>,
    /// How many shoppers are at it at once
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub shoppers: u32,
    /// Built for speed, as an ordeal of an hour and a million orders wants it
    #[arg(long, conflicts_with = "no_build")]
    pub release: bool,
    /// Use the programs beside this one as they are
    #[arg(long)]
    pub no_build: bool,
    /// Keep the result as a dated file in infra/benchmarks
    #[arg(long)]
    pub keep: bool,
}

/// What can be tortured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Victim {
    /// The way of an order: order service, order log, order-worker, primary
    Orders,
}

/// Arguments of `relevance`.
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
pub struct RelevanceArgs {
    /// Directories with judged catalogues, and options: `--help` shows them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "DIR")]
    pub arguments: Vec<std::ffi::OsString>,
}

/// Arguments of `trace`.
#[derive(Debug, Args)]
pub struct TraceArgs {
    /// The order's number, as the address of its page has it
    pub order: OrderId,
}

/// Arguments of `sbom`.
#[derive(Debug, Args)]
pub struct SbomArgs {
    /// The programs, such as halles-order; all services when left out
    #[arg(value_name = "PROGRAM")]
    pub programs: Vec<String>,
    /// Where the files go [default: target/sbom in the checkout]
    #[arg(long, value_name = "DIR")]
    pub into: Option<PathBuf>,
}

/// Arguments of `test`.
#[derive(Debug, Args)]
pub struct TestArgs {
    /// Only the tests of this package, and nothing else of what CI runs
    #[arg(long, short)]
    pub package: Option<String>,
    /// What `cargo test` itself understands: a filter, `--nocapture`…
    #[arg(last = true)]
    pub arguments: Vec<String>,
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
    fn a_rung_is_set_for_a_time_and_a_reason() {
        let parse = |line: &str| Cli::try_parse_from(line.split(' '));
        let cli = parse("dev rung set 4 --for 10m --why rehearsal").expect("valid");
        let Command::Rung(RungArgs { order: Some(RungOrder::Set { rung, lasts, why, air_at: None }), at }) =
            cli.command
        else {
            panic!("it sets a rung")
        };
        assert_eq!((rung, lasts, why.as_str()), (4, Duration::from_secs(600), "rehearsal"));
        assert!(at.is_empty(), "the running stack");
        let elsewhere = parse("dev rung auto --at 10.0.1.5:9090,10.0.2.7:9090").expect("valid");
        let Command::Rung(RungArgs { at, .. }) = elsewhere.command else { panic!("it is about rungs") };
        assert_eq!(at, ["10.0.1.5:9090", "10.0.2.7:9090"]);
        for bad in ["set 7 --for 10m --why x", "set 4 --for 2d --why x", "set 4 --for 0s --why x", "set 4 --for 10m"] {
            assert!(parse(&format!("dev rung {bad}")).is_err(), "{bad}");
        }
        assert!(parse("dev rung").is_ok() && parse("dev rung auto").is_ok());
    }

    #[test]
    fn a_test_filter_passes_through() {
        let cli = Cli::try_parse_from(["cargo dev", "test", "-p", "halles-store", "--", "placing", "--nocapture"]);
        let Command::Test(args) = cli.expect("valid").command else { panic!("it is a test") };
        assert_eq!(args.package.as_deref(), Some("halles-store"));
        assert_eq!(args.arguments, ["placing", "--nocapture"]);
    }
}
