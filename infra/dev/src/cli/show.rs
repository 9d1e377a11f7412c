//! A show, played on this machine: `air`, `rehearse`.

use std::path::PathBuf;

use clap::Args;

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
