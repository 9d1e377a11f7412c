//! Whether the promises held, each with its number.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::arrivals::Ending;
use crate::event::{Event, Fault, PageClass};
use crate::run::{Run, Settled};
use crate::stage::Struck;

/// Go, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every promise held.
    Go,
    /// One was broken.
    NoGo,
    /// The driver was too slow for this crowd; nobody can tell.
    Invalid,
}

/// One promise, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// What it is about.
    pub about: String,
    /// What was promised.
    pub promised: String,
    /// What was measured.
    pub measured: String,
    /// Whether it was kept.
    pub kept: bool,
}

impl Verdict {
    /// 0 go, 1 no-go, 2 invalid.
    pub const fn exit_status(self) -> u8 {
        match self {
            Self::Go => 0,
            Self::NoGo => 1,
            Self::Invalid => 2,
        }
    }

    /// On a page.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Go => "Go",
            Self::NoGo => "No-go",
            Self::Invalid => "Invalid",
        }
    }

    /// What it means.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Go => "Every promise held.",
            Self::NoGo => "Promises were broken.",
            Self::Invalid => {
                "The driver could not keep its schedule, so its figures tell about the driver. Take more workers, more hosts, \
                 or a smaller crowd."
            }
        }
    }
}

/// Judges a run: every promise, and the verdict.
pub fn judge(event: &Event, run: &Run) -> (Verdict, Vec<Judged>) {
    let mut judged = Vec::new();
    for (class, promise) in &event.promises {
        let tally = run.tally_of(*class);
        if tally.total() == 0 {
            continue;
        }
        let p99 = tally.quantile(0.99);
        judged.push(Judged {
            about: format!("{}: 99 of 100 in time", words(*class)),
            promised: format!("≤ {} ms", promise.p99.as_millis()),
            measured: milliseconds(p99),
            kept: p99 <= promise.p99,
        });
        judged.push(Judged {
            about: format!("{}: failed", words(*class)),
            promised: format!("≤ {}", share(promise.max_failed)),
            measured: share(tally.failed_share()),
            kept: tally.failed_share() <= promise.max_failed,
        });
    }
    let wrong: u64 = PageClass::ALL.iter().map(|class| run.tally_of(*class).count(Ending::Wrong)).sum();
    judged.push(Judged {
        about: "Pages with the wrong content".to_owned(),
        promised: "none".to_owned(),
        measured: wrong.to_string(),
        kept: wrong == 0,
    });
    judged.extend(run.settled.iter().flat_map(|settled| orders(event, run, settled)));
    judged.extend(run.struck.iter().map(|struck| game_day(run, struck)));
    let latest = Duration::try_from_secs_f64(run.setting.max_lag_ms / 1_000.0).unwrap_or_default();
    let verdict = if !run.measured.is_valid_within(latest) {
        Verdict::Invalid
    } else if judged.iter().all(|judged| judged.kept) {
        Verdict::Go
    } else {
        Verdict::NoGo
    };
    (verdict, judged)
}

fn orders(event: &Event, run: &Run, settled: &Settled) -> Vec<Judged> {
    let promise = event.orders;
    let placed = run.measured.orders.placed_at_once() as f64 / run.measured.orders.total_accepted().max(1) as f64;
    let mut judged = vec![
        Judged {
            about: "Accepted orders that are lost".to_owned(),
            promised: "none".to_owned(),
            measured: format!("{} of {}", settled.lost.len(), settled.looked_up),
            kept: settled.lost.is_empty(),
        },
        Judged {
            about: "Accepted orders come to an outcome".to_owned(),
            promised: format!("within {} s of the end", promise.settled_within.as_secs()),
            measured: settled.settled_after_s.map_or("some still wait".to_owned(), |after| format!("{after:.1} s")),
            kept: settled.settled_after_s.is_some_and(|after| after <= promise.settled_within.as_secs_f64()),
        },
    ];
    if promise.min_placed_at_once > 0.0 && run.measured.orders.total_accepted() > 0 {
        judged.push(Judged {
            about: "Accepted orders that were placed at once".to_owned(),
            promised: format!("≥ {}", share(promise.min_placed_at_once)),
            measured: share(placed),
            kept: placed >= promise.min_placed_at_once,
        });
    }
    if let Some(check) = &settled.check {
        judged.push(Judged {
            about: "Stock is what the orders say, nothing is oversold".to_owned(),
            promised: "no contradiction".to_owned(),
            measured: check.violations.first().cloned().unwrap_or_else(|| "none".to_owned()),
            kept: check.violations.is_empty(),
        });
    }
    judged
}

fn game_day(run: &Run, struck: &Struck) -> Judged {
    let Struck { fault, at_s, over_s, error } = struck;
    let failed = failed_between(run, *at_s, over_s.unwrap_or(*at_s) + Fault::AFTERMATH.as_secs_f64());
    let back = over_s.map(|over| (over - at_s - fault.lasts.as_secs_f64()).max(0.0));
    let measured = match (error, back) {
        (Some(error), _) => error.clone(),
        (None, Some(back)) => format!("{} fail, back after {back:.1} s", share(failed)),
        (None, None) => format!("{} fail, never back", share(failed)),
    };
    Judged {
        about: format!("Game day, {:+.1} min: {fault}", fault.minute),
        promised: if fault.max_failed > 0.0 {
            format!("≤ {} fail, back within {} s", share(fault.max_failed), fault.back_within.as_secs_f64())
        } else {
            format!("none fails, back within {} s", fault.back_within.as_secs_f64())
        },
        measured,
        kept: failed <= fault.max_failed && back.is_some_and(|back| back <= fault.back_within.as_secs_f64()),
    }
}

/// The share of requests due between two seconds that did not end well.
fn failed_between(run: &Run, from: f64, until: f64) -> f64 {
    let slot = run.measured.timeline.slot().as_secs_f64();
    let (mut offered, mut right) = (0, 0);
    for (at, one) in run.measured.timeline.by_time() {
        let at = at.as_secs_f64();
        if at + slot > from && at < until {
            offered += one.offered();
            right += one.count(Ending::Right);
        }
    }
    if offered == 0 { 0.0 } else { (offered - right) as f64 / offered as f64 }
}

/// A kind of page at the beginning of a sentence.
pub const fn words(class: PageClass) -> &'static str {
    match class {
        PageClass::Home => "Home page",
        PageClass::Category => "Category pages",
        PageClass::Listing => "Listing pages",
        PageClass::Search => "Search",
        PageClass::Order => "Orders",
    }
}

/// A share as a person says it.
pub fn share(share: f64) -> String {
    let percent = share * 100.0;
    if percent == 0.0 || percent >= 10.0 {
        format!("{percent:.0} %")
    } else {
        format!("{}\u{202f}%", significant(percent))
    }
}

/// Two digits that say something.
fn significant(number: f64) -> String {
    let digits = if number >= 1.0 {
        1
    } else if number >= 0.1 {
        2
    } else {
        3
    };
    let text = format!("{number:.digits$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A latency as a person says it.
pub fn milliseconds(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1_000.0;
    if milliseconds >= 100.0 { format!("{milliseconds:.0} ms") } else { format!("{milliseconds:.1} ms") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_read_like_speech() {
        let told = [0.0, 0.001, 0.000_12, 0.015, 0.5].map(share).map(|text| text.replace('\u{202f}', " "));
        assert_eq!(told, ["0 %", "0.1 %", "0.012 %", "1.5 %", "50 %"]);
    }
}
