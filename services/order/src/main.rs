//! `halles-order`: serves basket, checkout and orders until told to stop.

use clap::Parser;
use halles_domain::SellerId;
use halles_http::Signer;
use halles_order::{App, SellerTokens, Settings};
use halles_settings::{Cli, load, print_config};
use halles_telemetry::Telemetry;
use jiff::Timestamp;

/// The arguments of this service.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(flatten)]
    cli: Cli,

    /// Print a token for the seller with this number, to be given to them, and leave.
    #[arg(long, value_name = "SELLER")]
    seller_token: Option<i64>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments { cli, seller_token } = Arguments::parse();
    let settings: Settings = load(&cli)?;
    if cli.print_config {
        return Ok(print_config(&settings)?);
    }
    if let Some(seller) = seller_token {
        return print_token(&settings, SellerId::new(seller));
    }
    let telemetry = Telemetry::start("halles-order", &settings.telemetry)?;
    App::build(settings).await?.run(telemetry).await
}

fn print_token(settings: &Settings, seller: SellerId) -> anyhow::Result<()> {
    use std::io::Write as _;
    let tokens = SellerTokens::new(Signer::new(&settings.signing), settings.orders.seller_token());
    Ok(writeln!(std::io::stdout(), "{}", tokens.issue(seller, Timestamp::now()))?)
}
