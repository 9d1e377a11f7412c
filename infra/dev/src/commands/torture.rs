//! `cargo dev torture`: promises under faults, for as long as one likes.

use std::fs;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::context::Context;
use super::signals::StopSignals;
use crate::cli::{TortureArgs, Victim};
use crate::packages::{self, Need};
use crate::torture::{Ordeal, Outcome, orders};
use crate::workspace::programs_beside_us;

/// The programs that are tortured.
const PROGRAMS: [&str; 2] = ["halles-order", "halles-order-worker"];

/// Tortures what is named, tells how it went, and keeps the result in `target/torture`.
pub async fn run(context: &Context, args: &TortureArgs) -> Result<ExitCode> {
    let Victim::Orders = args.victim;
    packages::ensure(&Need::STACK, &context.say)?;
    let programs = if args.no_build {
        programs_beside_us()?
    } else {
        context.workspace()?.build(PROGRAMS.iter().flat_map(|program| ["--bin", program]))?
    };
    // The clock is as good a seed as any: it is told, so that the same choices can be made again.
    let seed = args.seed.unwrap_or_else(|| u64::from(jiff::Timestamp::now().subsec_nanosecond().unsigned_abs()));
    let lasting = Duration::from_secs_f64(args.minutes * 60.0);
    context.say.heading(&format!("Torture of orders: {} s, seed {seed}", lasting.as_secs()));
    let mut signals = StopSignals::listen()?;
    let ordeal = Ordeal { lasting, seed, shoppers: args.shoppers };
    let outcome = tokio::select! {
        outcome = orders(programs, ordeal, &context.say) => outcome?,
        () = signals.next() => anyhow::bail!("interrupted"),
    };
    let directory = context.workspace()?.root().join("target/torture");
    fs::create_dir_all(&directory)?;
    let file = directory.join(format!("orders-{seed}.json"));
    fs::write(&file, serde_json::to_string_pretty(&outcome)? + "\n").context("the result cannot be written")?;
    tell(context, &outcome);
    Ok(if outcome.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell(context: &Context, outcome: &Outcome) {
    let say = &context.say;
    let tally = &outcome.tally;
    say.note("asked for", &format!("{} orders in {} requests", tally.intents, tally.requests));
    say.note(
        "told",
        &format!(
            "{} placed · {} noted · {} repeated · {} refused · {} cancelled · {} without an answer",
            tally.placed, tally.noted, tally.replayed, tally.refused, tally.cancelled, tally.unanswered
        ),
    );
    let counted = |counts: &mut dyn Iterator<Item = String>| counts.collect::<Vec<_>>().join(" · ");
    say.note("faults", &counted(&mut outcome.faults.iter().map(|(fault, times)| format!("{times} × {fault}"))));
    say.note("orders", &counted(&mut outcome.states.iter().map(|(state, count)| format!("{count} {state}"))));
    say.note("compared", &format!("{} times while it went on, and once in the end", outcome.samples));
    for violation in &outcome.violations {
        say.note("BROKEN", violation);
    }
    if outcome.violations.is_empty() {
        say.note("verdict", "every promise was kept");
    }
}
