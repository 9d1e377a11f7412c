//! What runs, and how to look at it: `up`, `logs`, `reset`, `psql`, `restart`, `kill`.

use std::path::PathBuf;

use clap::Args;

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
