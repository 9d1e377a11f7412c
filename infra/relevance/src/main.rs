//! Measures how well searches answer: builds an index of a judged catalogue with the code that indexes listings, asks it
//! the judged queries with the code that answers shoppers, and scores what comes back. In the same run, the same for the
//! bare engine and for PostgreSQL. `cargo dev relevance DIR…` runs it.
//!
//! Judged catalogues are not part of this repository. A directory holds one: `products.jsonl.gz`, `queries.dev.csv`
//! and `judgments.dev.csv.gz` (see `judged_set.rs`). There are no switches for one catalogue or another: what helps one
//! must not hurt the others.

mod bare_engine;
mod judged_set;
mod ours;
mod postgres;
mod report;
mod scores;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Parser, ValueEnum};
use halles_search_index::Synonyms;

use crate::judged_set::JudgedSet;
use crate::report::Report;

/// Measures the relevance of searches on judged catalogues.
#[derive(Debug, Parser)]
#[command(name = "cargo dev relevance")]
struct Args {
    /// Directories, each with a judged catalogue.
    #[arg(required = true)]
    directories: Vec<PathBuf>,
    /// What to compare with, in the same run.
    #[arg(long, value_enum)]
    against: Vec<Opponent>,
    /// The PostgreSQL to compare with; what is written there is gone when the program ends.
    #[arg(long, env = "HALLES_RELEVANCE_PG", default_value = "postgres://localhost/postgres")]
    pg_url: String,
    /// The synonyms that ours uses.
    #[arg(long, default_value = "services/search/synonyms.txt")]
    synonyms: PathBuf,
    /// Where the report and the scores of each query go.
    #[arg(long, default_value = "target/relevance")]
    out: PathBuf,
}

/// What ours can be compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Opponent {
    /// The bare engine: its own query parser and English stems over title, brand and description.
    Bm25,
    /// PostgreSQL: `websearch_to_tsquery` over the same texts, weighted, with a GIN index.
    Pg,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let args = Args::parse();
    let synonyms = std::fs::read_to_string(&args.synonyms).with_context(|| args.synonyms.display().to_string())?;
    let synonyms = Synonyms::parse(&synonyms).with_context(|| args.synonyms.display().to_string())?;
    let mut report = Report::default();
    for directory in &args.directories {
        let set = JudgedSet::load(directory).with_context(|| format!("cannot read {}", directory.display()))?;
        let ours = ours::Ours::index(&set, synonyms.clone()).await?;
        report.add(&set, "ours", set.ask(async |query| ours.find(query)).await?);
        if args.against.contains(&Opponent::Bm25) {
            let bare = bare_engine::BareEngine::index(&set)?;
            report.add(&set, "bare BM25", set.ask(async |query| bare.find(query)).await?);
        }
        if args.against.contains(&Opponent::Pg) {
            let postgres = postgres::Postgres::index(&set, &args.pg_url).await?;
            report.add(&set, "PostgreSQL", set.ask(async |query| postgres.find(query).await).await?);
        }
    }
    let written = report.write(&args.out)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}\n\nwritten: {}", report.table(), written.display())?;
    Ok(ExitCode::SUCCESS)
}
