//! How fast the index is built: from listings by our writer, and from documents made beforehand by the engine's own.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::Args;
use halles_domain::ChangePosition;
use halles_search_index::yardstick::BareWriter;
use halles_search_index::{IndexWriter, WriterSettings};
use serde::Serialize;

use crate::catalogue::{Catalogue, Row};
use crate::sides::{Side, order};

/// What to build from.
#[derive(Debug, Args)]
pub struct BuildArgs {
    /// The database with the listings
    #[arg(long)]
    replica_url: String,
    /// Where to build
    #[arg(long)]
    work_dir: PathBuf,
    /// How many listings; all are in memory
    #[arg(long, default_value_t = 100_000)]
    listings: usize,
    /// How often each side is measured
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

/// What came of it.
#[derive(Debug, Serialize)]
pub struct Built {
    listings: usize,
    sides: [Side; 2],
}

/// Measures.
pub async fn run(args: &BuildArgs) -> Result<Built> {
    let catalogue = Catalogue::read(&args.replica_url, args.listings).await?;
    let mut sides = [Side::new("ours"), Side::new("bare")];
    for round in 0..args.rounds {
        for side in order(round, sides.len()) {
            let took = match side {
                0 => build_ours(&args.work_dir, &catalogue)?,
                _ => build_bare(&args.work_dir, &catalogue)?,
            };
            sides[side].note(catalogue.rows.len(), took);
        }
    }
    Ok(Built { listings: catalogue.rows.len(), sides })
}

fn build_ours(directory: &Path, catalogue: &Catalogue) -> Result<Duration> {
    let mut writer = IndexWriter::create(directory, WriterSettings::default())?;
    let started = Instant::now();
    for row in &catalogue.rows {
        let path = row.category_path();
        writer.insert(row.indexed(&path))?;
    }
    let _held = writer.commit(ChangePosition { transaction: 1, row: 1 })?;
    Ok(started.elapsed())
}

fn build_bare(directory: &Path, catalogue: &Catalogue) -> Result<Duration> {
    let mut writer = BareWriter::create(directory, WriterSettings::default())?;
    let document = |row: &Row| writer.document(row.indexed(&row.category_path()));
    let documents: Vec<_> = catalogue.rows.iter().map(document).collect();
    let started = Instant::now();
    for document in documents {
        writer.insert(document)?;
    }
    writer.commit()?;
    Ok(started.elapsed())
}
