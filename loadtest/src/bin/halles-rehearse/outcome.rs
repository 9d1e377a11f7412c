//! What a rehearsal ends with: figures on the terminal, a report, an exit status.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use halles_loadtest::arrivals::Ending;
use halles_loadtest::event::Event;
use halles_loadtest::plan::Plan;
use halles_loadtest::report::{self, Figures, Report};
use halles_loadtest::run::Run;
use halles_loadtest::verdict::Verdict;

use crate::arrive::say;

/// Where the report goes, and what stands beside it.
#[derive(Debug, Args)]
pub struct Outcome {
    /// Write the report (page and JSON) into this directory
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// An earlier report to compare with: its directory, or its JSON
    #[arg(long, value_name = "REPORT", requires = "report")]
    against: Option<PathBuf>,
    /// A plan to show on the page, as `plan` wrote it
    #[arg(long, value_name = "FILE", requires = "report")]
    plan: Option<PathBuf>,
}

/// Judges, tells, writes.
pub fn finish(event: &Event, run: &Run, outcome: &Outcome) -> Result<ExitCode> {
    let report = Report::of(event, run);
    say(&table(&report));
    if let Some(directory) = &outcome.report {
        let earlier = outcome.against.as_deref().map(report::read).transpose()?;
        let plan = outcome.plan.as_deref().map(Plan::read).transpose()?;
        let page = report::write(&report, plan.as_ref(), earlier.as_ref(), directory)?;
        let page = page.canonicalize().with_context(|| format!("{} is gone", page.display()))?;
        say(&format!("report: file://{}", page.display()));
    }
    Ok(ExitCode::from(report.verdict.exit_status()))
}

fn table(report: &Report) -> String {
    let mut text = format!(
        "\n{:<9}{:>9}{:>9}{:>8}{:>8}{:>8}{:>8}{:>9}{:>10}{:>10}{:>10}{:>10}{:>10}\n",
        "", "asked", "right", "wrong", "shed", "failed", "late", "no conn", "ttfb p99", "p50", "p99", "p99.9", "max ms"
    );
    for row in report.rows.iter().filter(|row| row.phase.is_none()) {
        line(row.class.name(), &row.figures, &mut text);
    }
    // Writing into a string cannot fail.
    let _ = writeln!(text, "\ndriver: {:.3} ms late at p99, {} dropped", report.driver_lag_p99_ms, report.dropped);
    if let Some(orders) = &report.orders {
        let refused: u64 = orders.refused.values().sum();
        let _ = write!(text, "orders: {} accepted, {refused} told at once why not", orders.accepted);
        if let Some(settled) = &orders.settled {
            let states: Vec<String> = settled.states.iter().map(|(state, count)| format!("{count} {state}")).collect();
            let _ = write!(text, "; afterwards {}; {} lost", states.join(", "), settled.lost.len());
        }
        text.push('\n');
    }
    for promise in &report.promises {
        let mark = if promise.kept { '✓' } else { '✗' };
        let _ = writeln!(text, "{mark} {}: {} (promised {})", promise.about, promise.measured, promise.promised);
    }
    let word = match report.verdict {
        Verdict::Go => "GO",
        Verdict::NoGo => "NO-GO",
        Verdict::Invalid => "INVALID",
    };
    let _ = write!(text, "\n{word}: {}", report.verdict.meaning());
    text
}

fn line(name: &str, figures: &Figures, text: &mut String) {
    let count = |ending| figures.count(ending);
    let _ = writeln!(
        text,
        "{name:<9}{:>9}{:>9}{:>8}{:>8}{:>8}{:>8}{:>9}{:>10.1}{:>10.1}{:>10.1}{:>10.1}{:>10.1}",
        figures.offered,
        count(Ending::Right),
        count(Ending::Wrong),
        count(Ending::Refused),
        count(Ending::Failed),
        count(Ending::TimedOut),
        count(Ending::Unconnected),
        figures.first_byte_p99_ms,
        figures.p50_ms,
        figures.p99_ms,
        figures.p999_ms,
        figures.max_ms
    );
}
