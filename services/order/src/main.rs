//! `halles-order`: serves basket, checkout and orders until told to stop.

use halles_order::{App, Settings};
use halles_settings::{Cli, load, print_config};
use halles_telemetry::Telemetry;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::from_arguments();
    let settings: Settings = load(&cli)?;
    if cli.print_config {
        return Ok(print_config(&settings)?);
    }
    let telemetry = Telemetry::start("halles-order", &settings.telemetry)?;
    App::build(settings).await?.run(telemetry).await
}
