//! What shows that it works: `test`, `bench`, `relevance`, `torture`, `sbom`.

use std::path::PathBuf;

use clap::Args;

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
