//! `halles-migrate`: brings the database's schema up to date, then leaves with status 0.

use anyhow::Context;
use halles_migrate::{Settings, migrate};
use halles_settings::{Cli, load, print_config};
use halles_telemetry::{Telemetry, log_panics};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::from_arguments();
    let settings: Settings = load(&cli)?;
    if cli.print_config {
        return Ok(print_config(&settings)?);
    }
    let telemetry = Telemetry::start("halles-migrate", &settings.telemetry)?;
    log_panics();
    let outcome = migrate(&settings).await;
    match &outcome {
        Ok(0) => tracing::info!("the schema was up to date"),
        Ok(applied) => tracing::info!(applied, "the schema is up to date"),
        Err(error) => tracing::error!(error = error as &dyn std::error::Error, "the schema is not up to date"),
    }
    // Nothing else runs on this thread any more, so it may block.
    telemetry.flush();
    outcome.map(drop).context("halles-migrate failed")
}
