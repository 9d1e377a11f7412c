//! Measures the search index in one process, beside the engine that it is made of: how fast it answers and how fast it
//! is built. `cargo dev bench search` starts it on a core of its own and reads the JSON that it prints.
//!
//! Both sides take turns on the same index files and the same documents, so what lies between them is our own code and
//! nothing else. What exactly the engine is asked says `halles_search_index::yardstick`.

mod ask;
mod build;
mod catalogue;
mod sides;

use std::io::Write as _;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Measures the search index beside the bare engine.
#[derive(Debug, Parser)]
#[command(name = "halles-yardstick")]
struct Args {
    #[command(subcommand)]
    what: What,
}

/// What to measure.
#[derive(Debug, Subcommand)]
enum What {
    /// How fast queries are answered
    Ask(ask::AskArgs),
    /// How fast the index is built
    Build(build::BuildArgs),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let measured = match Args::parse().what {
        What::Ask(args) => serde_json::to_string(&ask::run(&args).await?)?,
        What::Build(args) => serde_json::to_string(&build::run(&args).await?)?,
    };
    writeln!(std::io::stdout().lock(), "{measured}")?;
    Ok(())
}
