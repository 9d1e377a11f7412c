//! A rehearsal in figures.

use std::collections::BTreeMap;

use jiff::Zoned;
use serde::{Deserialize, Serialize};

use super::evening::{Moment, evening};
use crate::arrivals::{Ending, Tally};
use crate::event::{Event, PageClass};
use crate::run::{Phase, Phases, Run, Setting, Settled};
use crate::stage::{Counts, Struck};
use crate::verdict::{Judged, Verdict, judge};

/// Everything that the page shows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    /// What people call the show.
    pub event: String,
    /// When it is on the air.
    pub air: Zoned,
    /// Go, or not.
    pub verdict: Verdict,
    /// Each promise, and what became of it.
    pub promises: Vec<Judged>,
    /// How it was done.
    pub setting: Setting,
    /// The whole crowd.
    pub all: Figures,
    /// Right answers a second in the second with the most of them.
    pub peak_per_second: f64,
    /// Each kind of page, over the evening and in each phase.
    pub rows: Vec<Row>,
    /// Orders, if any were sent.
    pub orders: Option<OrderFigures>,
    /// What the instances counted, if anybody watched.
    pub counts: Option<Counts>,
    /// The highest rung, the longest queue and its greatest age.
    pub highest_rung: u8,
    /// See `highest_rung`.
    pub longest_queue: f64,
    /// See `highest_rung`; in seconds.
    pub oldest_in_queue_s: f64,
    /// What the processes used.
    pub processes: Vec<ProcessFigures>,
    /// What struck.
    pub struck: Vec<Struck>,
    /// From which minute on each phase is.
    pub phases: Phases,
    /// How late the driver sent, for 99 of 100 requests, in milliseconds.
    pub driver_lag_p99_ms: f64,
    /// The worst of all.
    pub driver_lag_max_ms: f64,
    /// Requests that it did not send.
    pub dropped: u64,
    /// Connections that it opened.
    pub connections: u64,
    /// Bytes of bodies, as they came.
    pub body_bytes: u64,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// Second by second.
    pub evening: Vec<Moment>,
}

/// What came of some requests.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Figures {
    /// How many were due.
    pub offered: u64,
    /// How many ended in each way.
    pub endings: BTreeMap<String, u64>,
    /// The share that did not end well.
    pub failed_share: f64,
    /// From due to the first byte, in milliseconds.
    pub first_byte_p99_ms: f64,
    /// From due to the last byte.
    pub p50_ms: f64,
    /// See `p50_ms`.
    pub p90_ms: f64,
    /// See `p50_ms`.
    pub p99_ms: f64,
    /// See `p50_ms`.
    pub p999_ms: f64,
    /// See `p50_ms`.
    pub max_ms: f64,
}

/// One kind of page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Row {
    /// Which.
    pub class: PageClass,
    /// In which phase; none for the whole evening.
    pub phase: Option<Phase>,
    /// What came of it.
    pub figures: Figures,
}

/// What became of orders.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct OrderFigures {
    /// Placed at once, by state.
    pub placed: BTreeMap<String, u64>,
    /// Noted, and placed later.
    pub noted: u64,
    /// Refused, by reason.
    pub refused: BTreeMap<String, u64>,
    /// Accepted in either way.
    pub accepted: u64,
    /// What became of those afterwards.
    pub settled: Option<Settled>,
}

/// What one process used.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProcessFigures {
    /// Its name.
    pub name: String,
    /// Cores, on average.
    pub mean_cores: f64,
    /// Cores in the busiest second.
    pub peak_cores: f64,
    /// The most memory.
    pub peak_memory_bytes: u64,
    /// How often it was started again meanwhile.
    pub restarts: u32,
}

impl Report {
    /// Judges a run, and puts it into figures.
    pub fn of(event: &Event, run: &Run) -> Self {
        let (verdict, promises) = judge(event, run);
        let measured = &run.measured;
        let evening = evening(run);
        let slot = measured.timeline.slot().as_secs_f64();
        let most = measured.timeline.slots().iter().map(|slot| slot.count(Ending::Right)).max().unwrap_or_default();
        let counts = run.samples.iter().filter(|sample| sample.at_s >= 0.0).map(|sample| sample.counts);
        let counts = counts.fold(Counts::default(), |mut sum, counts| {
            sum += counts;
            sum
        });
        let highest = |of: &dyn Fn(&Moment) -> Option<f64>| evening.iter().filter_map(of).fold(0.0, f64::max);
        let rungs = run.samples.iter().flat_map(|sample| sample.rungs.values()).copied();
        Self {
            event: event.name.clone(),
            air: event.air.clone(),
            verdict,
            promises,
            setting: run.setting.clone(),
            all: Figures::of(&measured.all(), measured.dropped),
            peak_per_second: most as f64 / slot,
            rows: rows(run),
            orders: orders(run),
            counts: (!run.samples.is_empty()).then_some(counts),
            highest_rung: rungs.max().unwrap_or_default(),
            longest_queue: highest(&|moment| moment.queue_depth),
            oldest_in_queue_s: highest(&|moment| moment.queue_age_s),
            processes: processes(run),
            struck: run.struck.clone(),
            phases: Phases::of(&event.curve),
            driver_lag_p99_ms: measured.lag_quantile(0.99).as_secs_f64() * 1_000.0,
            driver_lag_max_ms: measured.lag.max() as f64 / 1_000.0,
            dropped: measured.dropped,
            connections: measured.connections,
            body_bytes: measured.body_bytes,
            seconds: measured.took.as_secs_f64(),
            evening,
        }
    }

    /// A kind of page over the whole evening.
    pub fn whole_evening(&self, class: PageClass) -> Option<&Figures> {
        self.rows.iter().find(|row| row.class == class && row.phase.is_none()).map(|row| &row.figures)
    }
}

impl Figures {
    fn of(tally: &Tally, dropped: u64) -> Self {
        let milliseconds = |share| tally.quantile(share).as_secs_f64() * 1_000.0;
        let offered = tally.total() + dropped;
        let right = tally.count(Ending::Right);
        Self {
            offered,
            endings: Ending::ALL.into_iter().map(|ending| (ending.name().to_owned(), tally.count(ending))).collect(),
            failed_share: if offered == 0 { 0.0 } else { (offered - right) as f64 / offered as f64 },
            first_byte_p99_ms: tally.first_byte.value_at_quantile(0.99) as f64 / 1_000.0,
            p50_ms: milliseconds(0.5),
            p90_ms: milliseconds(0.9),
            p99_ms: milliseconds(0.99),
            p999_ms: milliseconds(0.999),
            max_ms: milliseconds(1.0),
        }
    }

    /// How many ended like this.
    pub fn count(&self, ending: Ending) -> u64 {
        self.endings.get(ending.name()).copied().unwrap_or_default()
    }
}

fn rows(run: &Run) -> Vec<Row> {
    let mut rows = Vec::new();
    for class in PageClass::ALL {
        let whole = run.tally_of(class);
        if whole.total() == 0 {
            continue;
        }
        rows.push(Row { class, phase: None, figures: Figures::of(&whole, 0) });
        for phase in Phase::ALL {
            let tally = run.tally(class, phase);
            if tally.total() > 0 {
                rows.push(Row { class, phase: Some(phase), figures: Figures::of(tally, 0) });
            }
        }
    }
    rows
}

fn orders(run: &Run) -> Option<OrderFigures> {
    let told = &run.measured.orders;
    (run.tally_of(PageClass::Order).total() > 0).then(|| OrderFigures {
        placed: told.placed.clone(),
        noted: told.noted,
        refused: told.refused.clone(),
        accepted: told.total_accepted(),
        settled: run.settled.clone(),
    })
}

fn processes(run: &Run) -> Vec<ProcessFigures> {
    let samples: Vec<_> = run.samples.iter().filter(|sample| sample.at_s >= 0.0).collect();
    let mut all: BTreeMap<&str, ProcessFigures> = BTreeMap::new();
    for (name, seen) in samples.iter().flat_map(|sample| &sample.processes) {
        let figures = all.entry(name).or_insert_with(|| ProcessFigures {
            name: name.clone(),
            mean_cores: 0.0,
            peak_cores: 0.0,
            peak_memory_bytes: 0,
            restarts: 0,
        });
        figures.mean_cores += seen.cores / samples.len() as f64;
        figures.peak_cores = figures.peak_cores.max(seen.cores);
        figures.peak_memory_bytes = figures.peak_memory_bytes.max(seen.memory_bytes);
    }
    for (name, figures) in &mut all {
        let mut restarts = samples.iter().filter_map(|sample| sample.processes.get(*name)).map(|seen| seen.restarts);
        let first = restarts.next().unwrap_or_default();
        figures.restarts = restarts.next_back().unwrap_or(first).saturating_sub(first);
    }
    let mut all: Vec<ProcessFigures> = all.into_values().collect();
    all.sort_by(|one, other| other.mean_cores.total_cmp(&one.mean_cores));
    all
}
