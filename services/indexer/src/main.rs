//! The indexer's process.

use anyhow::Context;
use halles_http::{AdminServer, Readiness};
use halles_indexer::{Indexer, IndexerSettings};
use halles_settings::Cli;
use halles_telemetry::Telemetry;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::from_arguments();
    let settings: IndexerSettings = halles_settings::load(&cli)?;
    if cli.print_config {
        return Ok(halles_settings::print_config(&settings)?);
    }
    let telemetry = Telemetry::start("indexer", &settings.telemetry)?;
    let http = settings.http.clone();
    let indexer = Indexer::new(settings).context("the indexer cannot start")?;
    let readiness = Readiness::new();
    indexer.watch_over(&readiness);
    let server = AdminServer::new("indexer", http, readiness, telemetry);
    server
        .run(|shutdown| async move {
            indexer.run(shutdown).await;
            Ok(())
        })
        .await
}
