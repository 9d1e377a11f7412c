//! `cargo dev generate` and `cargo dev import`: listings into the running stack. The work is done by `halles-catalogue`.

use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Instant;

use anyhow::{Context as _, Result};
use halles_catalogue::{GenerateArgs, Progress, Unit, generate as generate_listings, import as import_listings};
use indicatif::ProgressBar;

use super::context::Context;
use crate::cli::{DatabaseArgs, GenerateCommand, ImportCommand};
use crate::say::Say;
use crate::stack::postgres::{DATABASE, Role};

/// Loads generated listings.
pub async fn generate(context: &Context, args: &GenerateCommand) -> Result<()> {
    let url = owner_url(context, &args.database)?;
    if args.if_empty && !is_empty(&url).await? {
        context.say.note("catalogue", "already filled");
        return Ok(());
    }
    generate_into(&args.what, &url, &context.say).await
}

fn owner_url(context: &Context, database: &DatabaseArgs) -> Result<String> {
    match &database.database_url {
        Some(url) => Ok(url.clone()),
        None => Ok(context.running_postgres()?.primary_url(Role::Owner, DATABASE)),
    }
}

/// Loads generated listings into a database.
pub async fn generate_into(args: &GenerateArgs, owner_url: &str, say: &Say) -> Result<()> {
    let began = Instant::now();
    let bars = Bars::new(say.clone());
    let report = generate_listings(args, owner_url, &bars).await.context("the catalogue could not be generated")?;
    let detail = format!("{} listings of {} shops", report.listings, report.sellers);
    say.done("catalogue", &detail, began.elapsed());
    Ok(())
}

/// Loads a file.
pub async fn import(context: &Context, args: &ImportCommand) -> Result<ExitCode> {
    let url = owner_url(context, &args.database)?;
    let bars = Bars::new(context.say.clone());
    let report = import_listings(&args.what, &url, &bars).await.context("the import failed")?;
    context.say.text(&report);
    Ok(ExitCode::from(report.exit_code()))
}

/// Whether a database holds no listing yet.
pub async fn is_empty(owner_url: &str) -> Result<bool> {
    let load = halles_store::bulk::BulkLoad::connect(owner_url).await.context("cannot look into the database")?;
    Ok(load.counts().await.context("cannot count the listings")?.listings == 0)
}

/// Shows progress as bars on the terminal.
struct Bars {
    say: Say,
    current: Mutex<Option<ProgressBar>>,
}

impl Bars {
    fn new(say: Say) -> Self {
        Self { say, current: Mutex::new(None) }
    }

    fn with_current(&self, change: impl FnOnce(&mut Option<ProgressBar>)) {
        // A panic elsewhere is no reason to stop drawing.
        change(&mut self.current.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}

impl Progress for Bars {
    fn begin(&self, what: &str, total: Option<u64>, unit: Unit) {
        let bar = match unit {
            Unit::Rows => self.say.rows(what, total),
            Unit::Bytes => self.say.bytes(what, total),
            Unit::Steps => self.say.steps(what, total),
        };
        self.with_current(|current| *current = Some(bar));
    }

    fn advance(&self, done: u64, rows: u64) {
        self.with_current(|current| {
            if let Some(bar) = current {
                bar.set_position(done);
                bar.set_prefix(rows.to_string());
            }
        });
    }

    fn end(&self) {
        self.with_current(|current| {
            if let Some(bar) = current.take() {
                bar.finish_and_clear();
            }
        });
    }
}
