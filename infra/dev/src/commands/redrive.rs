//! `cargo dev redrive`: requests to buy that were set aside, listed and tried once more.

use anyhow::{Result, bail};
use comfy_table::{Table, presets};
use halles_queue::order_log::{DeadLetter, OrderLog, OrderLogSettings, Redriven};

use super::context::Context;
use crate::cli::RedriveArgs;
use crate::stack::services::redis_url;

/// The most that are listed, or tried, in one go.
const MOST: u32 = 1_000;

/// Lists what was set aside; or puts one of them, or all, back into the order log.
pub async fn run(context: &Context, args: &RedriveArgs) -> Result<()> {
    let url = match &args.redis_url {
        Some(url) => url.clone(),
        None => redis_url(context.running_plan()?.ports.redis_order_log),
    };
    let mut settings = OrderLogSettings { redis_url: url.as_str().into(), ..OrderLogSettings::default() };
    settings.redis.cluster = args.redis_cluster;
    let log = OrderLog::connect(&settings).await?;
    let letters = log.list_dead(MOST).await?;
    let chosen: Vec<DeadLetter> = match (&args.id, args.all) {
        (None, false) => return list(context, &letters),
        (None, true) => letters,
        (Some(id), _) => letters.into_iter().filter(|letter| letter.id.to_string() == *id).collect(),
    };
    if let (Some(id), true) = (&args.id, chosen.is_empty()) {
        bail!("nothing was set aside under {id}; `cargo dev redrive` lists what was");
    }
    for letter in &chosen {
        let what = match log.redrive(letter.id).await? {
            Redriven::Appended(position) => format!("waits in the order log again, at {position}"),
            Redriven::Empty => "has no request in it, and stays".to_owned(),
            Redriven::Gone => "is not there any more".to_owned(),
        };
        context.say.note(&letter.id.to_string(), &what);
    }
    Ok(())
}

fn list(context: &Context, letters: &[DeadLetter]) -> Result<()> {
    if letters.is_empty() {
        context.say.text("Nothing was set aside.");
        return Ok(());
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["set aside at", "was in the log at", "bytes", "reason"]);
    for letter in letters {
        let was_at = letter.was_at.map(|position| position.to_string()).unwrap_or_default();
        table.add_row([letter.id.to_string(), was_at, letter.bytes.to_string(), letter.reason.clone()]);
    }
    context.say.text(table.to_string());
    context.say.note("try again", "cargo dev redrive ID, or --all");
    Ok(())
}
