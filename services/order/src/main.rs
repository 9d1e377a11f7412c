//! `halles-order`: serves basket, checkout and orders until told to stop.

use std::io::Write as _;

use clap::Parser;
use halles_domain::SellerId;
use halles_http::Signer;
use halles_order::{App, SellerTokens, Settings};
use halles_settings::{Cli, load, print_config};
use halles_store::Writer;
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

    /// Take back every token that the seller with this number was given, print a new one, and leave.
    #[arg(long, value_name = "SELLER", conflicts_with = "seller_token")]
    new_seller_token: Option<i64>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments { cli, seller_token, new_seller_token } = Arguments::parse();
    let settings: Settings = load(&cli)?;
    if cli.print_config {
        return Ok(print_config(&settings)?);
    }
    if let Some(seller) = seller_token.or(new_seller_token) {
        return print_token(&settings, SellerId::new(seller), new_seller_token.is_some()).await;
    }
    let telemetry = Telemetry::start("halles-order", &settings.telemetry)?;
    App::build(settings).await?.run(telemetry).await
}

async fn print_token(settings: &Settings, seller: SellerId, takes_back: bool) -> anyhow::Result<()> {
    let writer = Writer::new(&settings.store)?;
    let edition =
        if takes_back { writer.revoke_tokens(seller).await? } else { writer.fetch_token_edition(seller).await? };
    let tokens = SellerTokens::new(Signer::new(&settings.signing), settings.orders.seller_token());
    Ok(writeln!(std::io::stdout(), "{}", tokens.issue(seller, edition, Timestamp::now()))?)
}
