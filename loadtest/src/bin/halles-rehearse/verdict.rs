//! Whether the promises held.

use std::io::{self, Write as _};
use std::process::ExitCode;

use halles_loadtest::arrivals::{Ending, Measured, Schedule};
use halles_loadtest::event::{Event, PageClass, Promise};
use serde::Serialize;

/// What came of a run, and what to make of it.
#[derive(Debug, Serialize)]
pub struct Report {
    event: String,
    verdict: Verdict,
    /// Whether the driver kept its schedule.
    driver_lag_p99_ms: f64,
    dropped: u64,
    seconds: f64,
    pages: Vec<PageReport>,
}

/// Go, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    /// Every promise held.
    Go,
    /// One was broken.
    NoGo,
    /// The driver was too slow for this crowd; nobody can tell.
    Invalid,
}

/// One kind of page.
#[derive(Debug, Serialize)]
struct PageReport {
    page: PageClass,
    asked: u64,
    right: u64,
    wrong: u64,
    refused: u64,
    failed: u64,
    timed_out: u64,
    unconnected: u64,
    first_byte_p99_ms: f64,
    p50_ms: f64,
    p90_ms: f64,
    p99_ms: f64,
    p999_ms: f64,
    max_ms: f64,
    /// What was promised and not kept, in words.
    broken: Vec<String>,
}

impl Report {
    /// Says what is about to happen.
    pub fn announce(event: &Event, schedule: &Schedule) -> io::Result<()> {
        let (expected, seconds) = (schedule.expected(), schedule.length().as_secs());
        writeln!(io::stdout().lock(), "{}: about {expected:.0} page views in {seconds} s", event.name)
    }

    /// Judges a run.
    pub fn of(event: &Event, measured: &Measured) -> Self {
        let pages: Vec<PageReport> = PageClass::ALL
            .into_iter()
            .filter(|class| measured.tallies[*class as usize].total() > 0)
            .map(|class| PageReport::of(class, event.promises.get(&class), measured))
            .collect();
        let verdict = if !measured.is_valid() {
            Verdict::Invalid
        } else if pages.iter().all(|page| page.broken.is_empty()) {
            Verdict::Go
        } else {
            Verdict::NoGo
        };
        Self {
            event: event.name.clone(),
            verdict,
            driver_lag_p99_ms: measured.lag_quantile(0.99).as_secs_f64() * 1_000.0,
            dropped: measured.dropped,
            seconds: measured.took.as_secs_f64(),
            pages,
        }
    }

    /// As a table.
    pub fn say(&self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(
            out,
            "\n{:<9}{:>9}{:>9}{:>8}{:>8}{:>8}{:>8}{:>9}{:>10}{:>10}{:>10}{:>10}{:>10}",
            "",
            "asked",
            "right",
            "wrong",
            "shed",
            "failed",
            "late",
            "no conn",
            "ttfb p99",
            "p50",
            "p99",
            "p99.9",
            "max ms"
        )?;
        for page in &self.pages {
            writeln!(
                out,
                "{:<9}{:>9}{:>9}{:>8}{:>8}{:>8}{:>8}{:>9}{:>10.1}{:>10.1}{:>10.1}{:>10.1}{:>10.1}",
                page.page,
                page.asked,
                page.right,
                page.wrong,
                page.refused,
                page.failed,
                page.timed_out,
                page.unconnected,
                page.first_byte_p99_ms,
                page.p50_ms,
                page.p99_ms,
                page.p999_ms,
                page.max_ms
            )?;
        }
        writeln!(out, "\ndriver: {:.3} ms late at p99, {} dropped", self.driver_lag_p99_ms, self.dropped)?;
        for broken in self.pages.iter().flat_map(|page| &page.broken) {
            writeln!(out, "✗ {broken}")?;
        }
        let word = match self.verdict {
            Verdict::Go => "GO: every promise held",
            Verdict::NoGo => "NO-GO: promises were broken",
            Verdict::Invalid => {
                "INVALID: the driver could not keep its schedule; more workers, another machine, or a smaller --scale"
            }
        };
        writeln!(out, "{word}")
    }

    /// For programs.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self)
    }

    /// 0 go, 1 no-go, 2 invalid.
    pub fn exit_code(&self) -> ExitCode {
        match self.verdict {
            Verdict::Go => ExitCode::SUCCESS,
            Verdict::NoGo => ExitCode::from(1),
            Verdict::Invalid => ExitCode::from(2),
        }
    }
}

impl PageReport {
    fn of(page: PageClass, promise: Option<&Promise>, measured: &Measured) -> Self {
        let tally = &measured.tallies[page as usize];
        let milliseconds = |share| tally.quantile(share).as_secs_f64() * 1_000.0;
        let mut broken = Vec::new();
        if let Some(promise) = promise {
            let (p99, share) = (tally.quantile(0.99), tally.failed_share());
            if p99 > promise.p99 {
                let (p99, promised) = (p99.as_secs_f64() * 1_000.0, promise.p99.as_millis());
                broken.push(format!("{page}: p99 {p99:.1} ms, promised {promised} ms"));
            }
            if share > promise.max_failed {
                let (share, promised) = (share * 100.0, promise.max_failed * 100.0);
                broken.push(format!("{page}: {share:.3} % failed, promised at most {promised} %"));
            }
        }
        Self {
            page,
            asked: tally.total(),
            right: tally.count(Ending::Right),
            wrong: tally.count(Ending::Wrong),
            refused: tally.count(Ending::Refused),
            failed: tally.count(Ending::Failed),
            timed_out: tally.count(Ending::TimedOut),
            unconnected: tally.count(Ending::Unconnected),
            first_byte_p99_ms: tally.first_byte.value_at_quantile(0.99) as f64 / 1_000.0,
            p50_ms: milliseconds(0.5),
            p90_ms: milliseconds(0.9),
            p99_ms: milliseconds(0.99),
            p999_ms: milliseconds(0.999),
            max_ms: milliseconds(1.0),
            broken,
        }
    }
}
