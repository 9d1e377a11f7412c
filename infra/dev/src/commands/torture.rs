//! `cargo dev torture`: promises under faults, for as long as one likes.

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde::Serialize;

use super::context::Context;
use super::signals::StopSignals;
use crate::bench::report::describe_machine;
use crate::cli::{TortureArgs, Victim};
use crate::packages::{self, Need};
use crate::say::Say;
use crate::stack::services::ServicePrograms;
use crate::torture::{Ordeal, Outcome, orders};
use crate::workspace::{is_release, programs_beside_us};

/// The programs that are tortured.
const PROGRAMS: [&str; 4] = ["halles-order", "halles-order-worker", "halles-payments", "halles-mailbox"];

/// How long it lasts as a step of the tests, without start and rest.
const IN_TESTS: Duration = Duration::from_secs(75);

/// What is left of an ordeal, for programs, and for whoever asks later.
#[derive(Serialize)]
struct Testimony<'a> {
    /// Processor, number of cores and memory.
    machine: String,
    /// The commit that was tortured.
    commit: String,
    /// How its programs were built.
    profile: &'static str,
    /// Whether every promise was kept.
    verdict: &'static str,
    #[serde(flatten)]
    outcome: &'a Outcome,
}

impl Testimony<'_> {
    fn write(&self, directory: &Path, name: &str) -> Result<()> {
        fs::create_dir_all(directory)?;
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(directory.join(name), text).context("the result cannot be written")
    }
}

/// Tortures what is named, tells how it went, and keeps the result in `target/torture`.
pub async fn run(context: &Context, args: &TortureArgs) -> Result<ExitCode> {
    let Victim::Orders = args.victim;
    if args.release && !is_release() {
        return Err(context.workspace()?.run_optimised());
    }
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
    keep(context, args, &outcome)?;
    tell(&context.say, &outcome);
    Ok(if outcome.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn keep(context: &Context, args: &TortureArgs, outcome: &Outcome) -> Result<()> {
    let workspace = context.workspace()?;
    let testimony = Testimony {
        machine: describe_machine(),
        commit: workspace.find_commit().unwrap_or_else(|| "unknown".to_owned()),
        profile: if is_release() { "release" } else { "debug" },
        verdict: if outcome.violations.is_empty() { "every promise was kept" } else { "promises were broken" },
        outcome,
    };
    testimony.write(&workspace.root().join("target/torture"), &format!("orders-{}.json", outcome.seed))?;
    if args.keep {
        let today = jiff::Zoned::now().date();
        testimony.write(&workspace.root().join("infra/benchmarks"), &format!("{today}-torture-orders.json"))?;
    }
    Ok(())
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
    let Outcome { tally, checks, forged, .. } = outcome;
    let per_second = outcome.orders / outcome.seconds.max(1);
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
    let states = counted(&mut outcome.states.iter().map(|(state, count)| format!("{count} {state}")));
    say.note("orders", &format!("{} ({per_second}/s): {states}", outcome.orders));
    say.note(
        "money and mails",
        &format!(
            "{} went to pay · {} notices forged, {} sent once more · {} mails came",
            tally.paying,
            forged.skewed + forged.unsealed,
            forged.repeated,
            checks.mails
        ),
    );
    say.note(
        "compared",
        &format!(
            "stock {} times and {} promises while it went on; then {} promises, {} payments, {} mails",
            checks.stock_samples, checks.conserved, checks.promises, checks.payments, checks.mails
        ),
    );
    for violation in &outcome.violations {
        say.note("BROKEN", violation);
    }
    if outcome.violations.is_empty() {
        say.note("verdict", "every promise was kept");
    }
}
