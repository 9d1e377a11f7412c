//! `cargo dev bench`: runs one benchmark or one part of it, optimised, and says whether its promises hold.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};

use super::context::Context;
use super::signals::StopSignals;
use crate::bench::plan::{BENCHMARKS, Benchmark, Part};
use crate::bench::report::{PartReport, Report, describe_machine};
use crate::bench::servers::BenchServers;
use crate::cli::BenchArgs;
use crate::packages::{self, Need};
use crate::stack::services::ServicePrograms;
use crate::workspace::is_release;

/// Runs a benchmark by its name.
pub async fn run(context: &Context, args: &BenchArgs) -> Result<ExitCode> {
    let Some(name) = args.name.as_deref() else {
        list(context);
        return Ok(ExitCode::SUCCESS);
    };
    let Some(benchmark) = BENCHMARKS.iter().find(|benchmark| benchmark.name == name) else {
        bail!("there is no benchmark called `{name}`; `cargo dev bench` lists them");
    };
    let parts = choose_parts(benchmark, args.part.as_deref())?;
    // Whoever tries a benchmark out on a small catalogue does not want to wait for a build that makes its figures right.
    if !is_release() && args.listings.is_none() {
        return Err(context.workspace()?.run_optimised());
    }
    let needs: Vec<Need> = Need::STACK.into_iter().chain(parts.iter().flat_map(|part| part.needs()).copied()).collect();
    packages::ensure(&needs, &context.say)?;
    let programs = build_services(context, &parts)?;
    let mut signals = StopSignals::listen()?;
    let mut servers = BenchServers::prepare(programs, args.rounds, context.say.clone())?;
    context.say.heading(&format!("Benchmark {name}: {} rounds", args.rounds));
    let outcome = tokio::select! {
        outcome = measure(context, &mut servers, &parts, args.listings) => outcome,
        () = signals.next() => Err(anyhow::anyhow!("interrupted")),
    };
    servers.stop().await?;
    finish(context, args, name, outcome?)
}

fn list(context: &Context) {
    for benchmark in &BENCHMARKS {
        context.say.note(benchmark.name, benchmark.what);
        if let [_, _, ..] = benchmark.parts {
            let names: Vec<&str> = benchmark.parts.iter().map(|part| part.name()).collect();
            context.say.note("", &format!("--part {}", names.join(" | ")));
        }
    }
}

fn choose_parts(benchmark: &Benchmark, wanted: Option<&str>) -> Result<Vec<Part>> {
    let Some(wanted) = wanted else { return Ok(benchmark.parts.to_vec()) };
    match benchmark.parts.iter().find(|part| part.name() == wanted) {
        Some(part) => Ok(vec![*part]),
        None => bail!("`{}` has no part `{wanted}`; `cargo dev bench` lists them", benchmark.name),
    }
}

/// Builds the services that the parts start, and none else: linking an optimised program takes its time.
fn build_services(context: &Context, parts: &[Part]) -> Result<ServicePrograms> {
    let services: BTreeSet<&str> = parts.iter().flat_map(|part| part.services()).copied().collect();
    if services.is_empty() {
        return Ok(ServicePrograms::in_directory("/nonexistent".into()));
    }
    context.say.heading("Building the services");
    context.workspace()?.build(services.into_iter().flat_map(|service| ["--bin", service]))
}

async fn measure(
    context: &Context,
    servers: &mut BenchServers,
    parts: &[Part],
    listings: Option<u64>,
) -> Result<Vec<PartReport>> {
    let needed = parts.iter().map(|part| part.listings()).max().unwrap_or_default();
    servers.start(listings.unwrap_or(needed)).await?;
    let mut reports = Vec::new();
    for part in parts {
        let began = Instant::now();
        // What one part cannot measure must not cost the results of the others.
        let (results, failure) = match part.run(servers).await {
            Ok(results) => (results, None),
            Err(error) => (Vec::new(), Some(format!("{error:#}"))),
        };
        match &failure {
            None => context.say.done(part.name(), "measured", began.elapsed()),
            Some(failure) => context.say.failed(part.name(), failure),
        }
        reports.push(PartReport { name: part.name().to_owned(), seconds: began.elapsed().as_secs(), results, failure });
        servers.clear().await?;
    }
    Ok(reports)
}

fn finish(context: &Context, args: &BenchArgs, name: &str, parts: Vec<PartReport>) -> Result<ExitCode> {
    let workspace = context.workspace()?;
    let commit = workspace.find_commit().unwrap_or_else(|| "unknown".to_owned());
    let report = Report { machine: describe_machine(), commit, rounds: args.rounds, parts };
    context.say.text(format!("\n{}\n", report.table()));
    let name = match &args.part {
        Some(part) => format!("{name}-{part}"),
        None => name.to_owned(),
    };
    let written = report.write(&workspace.root().join("target/bench"), &name)?;
    context.say.note("written", &written.display().to_string());
    if args.keep {
        let today = jiff::Zoned::now().date();
        let kept = report.write(&workspace.root().join("infra/benchmarks"), &format!("{today}-{name}"))?;
        context.say.note("kept", &kept.display().to_string());
    }
    let is_broken = report.parts.iter().any(|part| part.failure.is_some());
    Ok(if is_broken || (args.gate && !report.all_met()) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
