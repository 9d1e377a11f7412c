//! `halles-payments`: plays the payment provider until told to stop.

use halles_payments::{App, Settings};
use halles_settings::{Cli, load, print_config};
use halles_telemetry::Telemetry;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::from_arguments();
    let settings: Settings = load(&cli)?;
    if cli.print_config {
        return Ok(print_config(&settings)?);
    }
    let telemetry = Telemetry::start("halles-payments", &settings.telemetry)?;
    App::build(settings)?.run(telemetry).await
}
