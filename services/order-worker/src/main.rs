//! The program `halles-order-worker`: reads its settings, starts telemetry, works until told to stop.

use anyhow::Context;
use halles_order_worker::{OrderWorkerSettings, Work};
use halles_settings::Cli;
use halles_telemetry::Telemetry;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::from_arguments();
    let settings: OrderWorkerSettings = halles_settings::load(&cli)?;
    if cli.print_config {
        return Ok(halles_settings::print_config(&settings)?);
    }
    let telemetry = Telemetry::start("halles-order-worker", &settings.telemetry).context("telemetry")?;
    Work::prepare(settings).await?.serve(telemetry).await
}
