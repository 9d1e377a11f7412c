//! `halles-mailbox`: takes everybody's mail until told to stop.

use halles_mailbox::{App, Settings};
use halles_settings::{Cli, load, print_config};
use halles_telemetry::Telemetry;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::from_arguments();
    let settings: Settings = load(&cli)?;
    if cli.print_config {
        return Ok(print_config(&settings)?);
    }
    let telemetry = Telemetry::start("halles-mailbox", &settings.telemetry)?;
    App::new(settings)?.run(telemetry).await
}
