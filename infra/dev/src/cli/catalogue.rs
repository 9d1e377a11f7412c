//! What is in the shop: `generate`, `import`.

use clap::Args;
use halles_catalogue::{GenerateArgs, ImportArgs};

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
