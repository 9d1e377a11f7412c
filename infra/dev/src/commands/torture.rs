//! `cargo dev torture`: promises under faults, for as long as one likes.

use std::fs;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::context::Context;
use super::signals::StopSignals;
use crate::cli::{TortureArgs, Victim};
use crate::packages::{self, Need};
use crate::say::Say;
use crate::stack::services::ServicePrograms;
use crate::torture::{Ordeal, Outcome, orders};
use crate::workspace::programs_beside_us;

/// The programs that are tortured.
const PROGRAMS: [&str; 4] = ["halles-order", "halles-order-worker", "halles-payments", "halles-mailbox"];

/// How long it lasts as a step of the tests, without start and rest.
const IN_TESTS: Duration = Duration::from_secs(75);

/// Tortures what is named, tells how it went, and keeps the result in `target/torture`.
pub async fn run(context: &Context, args: &TortureArgs) -> Result<ExitCode> {
    let Victim::Orders = args.victim;
    packages::ensure(&Need::STACK, &context.say)?;
    let programs = if args.no_build {
        programs_beside_us()?
    } else {
        context.workspace()?.build(PROGRAMS.iter().flat_map(|program| ["--bin", program]))?
    };
    let seed = args.seed.unwrap_or_else(fresh_seed);
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
    tell(&context.say, &outcome);
    Ok(if outcome.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A minute of it with programs that are built already and a seed of this moment, as a step of the tests. Returns
/// whether every promise was kept.
pub async fn in_tests(programs: ServicePrograms, say: &Say) -> Result<bool> {
    let ordeal = Ordeal { lasting: IN_TESTS, seed: fresh_seed(), shoppers: 12 };
    say.heading(&format!("Torture of orders: {} s, seed {}", ordeal.lasting.as_secs(), ordeal.seed));
    let outcome = orders(programs, ordeal, say).await?;
    tell(say, &outcome);
    Ok(outcome.violations.is_empty())
}

/// The clock is as good a seed as any: it is told, so that the same choices can be made again.
fn fresh_seed() -> u64 {
    u64::from(jiff::Timestamp::now().subsec_nanosecond().unsigned_abs())
}

fn tell(say: &Say, outcome: &Outcome) {
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
    say.note(
        "money and mails",
        &format!(
            "{} went to pay · {} notices forged, {} sent once more · {} mails came",
            tally.paying,
            outcome.forged.skewed + outcome.forged.unsealed,
            outcome.forged.repeated,
            outcome.mails
        ),
    );
    say.note("compared", &format!("{} times while it went on, and once in the end", outcome.samples));
    for violation in &outcome.violations {
        say.note("BROKEN", violation);
    }
    if outcome.violations.is_empty() {
        say.note("verdict", "every promise was kept");
    }
}
