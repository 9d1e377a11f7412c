//! The arguments that every binary of ours takes.

use std::path::PathBuf;

use clap::Parser;

/// Where settings come from, and whether to show them instead of running.
#[derive(Debug, Clone, Default, Parser)]
#[command(version)]
pub struct Cli {
    /// A TOML file with settings; environment variables named `HALLES_SECTION__FIELD` override it.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Print the settings that would be used, with secrets hidden, and leave.
    #[arg(long)]
    pub print_config: bool,
}

impl Cli {
    /// The arguments of this process; leaves with a usage message when they make no sense.
    pub fn from_arguments() -> Self {
        Self::parse()
    }
}
