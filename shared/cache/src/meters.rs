//! What the cache tells about itself. The exporter adds `_total` and the unit to the names.
//!
//! Answers are counted with every request, so they are plain counts that telemetry reads when it wants to; the rest
//! happens only around loads.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use opentelemetry::metrics::{Counter, Histogram, Meter};
use opentelemetry::{KeyValue, global};

/// Of so many answers from L1, the age of one is noted.
const AGES_NOTED: u64 = 64;

/// Who answered, or tried to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// What was made from cached things.
    Page,
    /// This process's memory.
    L1,
    /// The cache Redis.
    L2,
    /// The store.
    Origin,
}

/// What became of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// There, and good.
    Hit,
    /// It is known that there is no such thing.
    Negative,
    /// Not there.
    Miss,
    /// A little too old, and served while it is loaded afresh.
    Revalidating,
    /// What a lagging replica said a moment ago.
    Lagging,
    /// Expired, and served because the store cannot be asked.
    Stale,
    /// There, but too old, or older than a version known to exist, or from a time that is not trusted.
    Outdated,
    /// There, but not readable.
    Garbage,
    /// No answer.
    Error,
    /// Not kept, for it is older than a version known to exist.
    Refused,
}

impl Level {
    const ALL: [(Self, &'static str); 4] =
        [(Self::Page, "page"), (Self::L1, "l1"), (Self::L2, "l2"), (Self::Origin, "origin")];
}

impl Outcome {
    const ALL: [(Self, &'static str); 10] = [
        (Self::Hit, "hit"),
        (Self::Negative, "negative"),
        (Self::Miss, "miss"),
        (Self::Revalidating, "revalidating"),
        (Self::Lagging, "lagging"),
        (Self::Stale, "stale"),
        (Self::Outdated, "outdated"),
        (Self::Garbage, "garbage"),
        (Self::Error, "error"),
        (Self::Refused, "refused"),
    ];
}

/// What became of the wish to load something for the whole fleet.
#[derive(Debug, Clone, Copy)]
pub(crate) enum LeaseOutcome {
    /// This process loads.
    Granted,
    /// Another process loads; this one waits.
    Held,
    /// The wait took too long.
    GivenUp,
}

impl LeaseOutcome {
    const fn name(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Held => "held",
            Self::GivenUp => "given_up",
        }
    }
}

/// Meters of one kind of entry.
pub(crate) struct Meters {
    kind: &'static str,
    answers: Arc<Table>,
    ages: Histogram<f64>,
    loads: Histogram<f64>,
    leases: Counter<u64>,
    lease_waits: Histogram<f64>,
    refreshes: Counter<u64>,
    l2_bytes: Counter<u64>,
    l2_failed_writes: Counter<u64>,
}

/// A count for each level and outcome.
#[derive(Default)]
struct Table([[AtomicU64; Outcome::ALL.len()]; Level::ALL.len()]);

impl Table {
    fn cell(&self, level: Level, outcome: Outcome) -> &AtomicU64 {
        &self.0[level as usize][outcome as usize]
    }
}

impl Meters {
    pub(crate) fn new(kind: &'static str) -> Self {
        let meter = meter();
        let answers = Arc::new(Table::default());
        report_answers(&meter, kind, &answers);
        let meters = Self {
            kind,
            answers,
            ages: meter.f64_histogram("cache_entry_age").with_unit("s").build(),
            loads: meter.f64_histogram("cache_load_duration").with_unit("s").build(),
            leases: meter.u64_counter("cache_leases").build(),
            lease_waits: meter.f64_histogram("cache_lease_wait").with_unit("s").build(),
            refreshes: meter.u64_counter("cache_refreshes").build(),
            l2_bytes: meter.u64_counter("cache_l2_transferred").with_unit("By").build(),
            l2_failed_writes: meter.u64_counter("cache_l2_failed_writes").build(),
        };
        // Told from the start, so that the first one is seen as a rise.
        meters.l2_failed_writes.add(0, &[KeyValue::new("kind", kind)]);
        for outcome in [LeaseOutcome::Granted, LeaseOutcome::Held, LeaseOutcome::GivenUp] {
            meters.leases.add(0, &meters.labels("outcome", outcome.name()));
        }
        for when in ["early", "late"] {
            meters.refreshes.add(0, &meters.labels("when", when));
        }
        meters
    }

    pub(crate) fn count(&self, level: Level, outcome: Outcome, times: usize) {
        self.answers.cell(level, outcome).fetch_add(times as u64, Ordering::Relaxed);
    }

    /// An answer from L1; now and then, its age is noted.
    pub(crate) fn l1_answer(&self, outcome: Outcome, age: impl FnOnce() -> Duration) {
        if self.answers.cell(Level::L1, outcome).fetch_add(1, Ordering::Relaxed).is_multiple_of(AGES_NOTED) {
            self.age("l1", age());
        }
    }

    pub(crate) fn l2_answer(&self, outcome: Outcome, age: Duration) {
        self.count(Level::L2, outcome, 1);
        self.age("l2", age);
    }

    pub(crate) fn counted(&self, level: Level, outcome: Outcome) -> u64 {
        self.answers.cell(level, outcome).load(Ordering::Relaxed)
    }

    pub(crate) fn load(&self, outcome: &'static str, took: Duration) {
        self.loads.record(took.as_secs_f64(), &self.labels("outcome", outcome));
    }

    pub(crate) fn lease(&self, outcome: LeaseOutcome, times: usize) {
        if times > 0 {
            self.leases.add(times as u64, &self.labels("outcome", outcome.name()));
        }
    }

    pub(crate) fn lease_wait(&self, waited: Duration) {
        self.lease_waits.record(waited.as_secs_f64(), &[KeyValue::new("kind", self.kind)]);
    }

    /// A load in the background, because the entry's end is near ("early") or past ("late").
    pub(crate) fn refresh(&self, when: &'static str) {
        self.refreshes.add(1, &self.labels("when", when));
    }

    pub(crate) fn l2_read(&self, bytes: usize) {
        self.l2_bytes.add(bytes as u64, &self.labels("direction", "read"));
    }

    pub(crate) fn l2_written(&self, bytes: usize, failed: usize) {
        self.l2_bytes.add(bytes as u64, &self.labels("direction", "written"));
        if failed > 0 {
            self.l2_failed_writes.add(failed as u64, &[KeyValue::new("kind", self.kind)]);
        }
    }

    fn age(&self, tier: &'static str, age: Duration) {
        self.ages.record(age.as_secs_f64(), &self.labels("tier", tier));
    }

    fn labels(&self, name: &'static str, value: &'static str) -> [KeyValue; 2] {
        [KeyValue::new("kind", self.kind), KeyValue::new(name, value)]
    }
}

/// Where our metrics go; telemetry decides what becomes of them.
pub(crate) fn meter() -> Meter {
    global::meter("halles")
}

/// Counts how often nobody was to believe any more what L2 had: because this process could not tell it of changes
/// ("here"), or because another one said so ("elsewhere").
pub(crate) fn doubts() -> Counter<u64> {
    let doubts = meter().u64_counter("cache_l2_doubts").build();
    for raised in ["here", "elsewhere"] {
        doubts.add(0, &[KeyValue::new("raised", raised)]);
    }
    doubts
}

/// Lets telemetry read the answers, for as long as they are counted. What never happened is not told.
fn report_answers(meter: &Meter, kind: &'static str, answers: &Arc<Table>) {
    let mut cells = Vec::new();
    for (level, tier) in Level::ALL {
        for (outcome, name) in Outcome::ALL {
            let labels = [KeyValue::new("kind", kind), KeyValue::new("tier", tier), KeyValue::new("outcome", name)];
            cells.push((level, outcome, labels));
        }
    }
    let answers = Arc::downgrade(answers);
    meter
        .u64_observable_counter("cache_requests")
        .with_callback(move |counter| {
            let Some(answers) = answers.upgrade() else { return };
            for (level, outcome, labels) in &cells {
                let count = answers.cell(*level, *outcome).load(Ordering::Relaxed);
                if count > 0 {
                    counter.observe(count, labels);
                }
            }
        })
        .build();
}

/// Lets telemetry read how many entries there are and how many bytes they take, for as long as `size` knows.
pub(crate) fn report_size(kind: &'static str, size: impl Fn() -> Option<(u64, u64)> + Clone + Send + Sync + 'static) {
    let labels = [KeyValue::new("kind", kind)];
    let (entry_labels, entries_and_bytes) = (labels.clone(), size.clone());
    meter()
        .u64_observable_gauge("cache_l1_entries")
        .with_callback(move |gauge| {
            if let Some((entries, _)) = entries_and_bytes() {
                gauge.observe(entries, &entry_labels);
            }
        })
        .build();
    meter()
        .u64_observable_gauge("cache_l1_size")
        .with_unit("By")
        .with_callback(move |gauge| {
            if let Some((_, bytes)) = size() {
                gauge.observe(bytes, &labels);
            }
        })
        .build();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_count_has_its_place() {
        assert!(Level::ALL.iter().enumerate().all(|(place, (level, _))| *level as usize == place));
        assert!(Outcome::ALL.iter().enumerate().all(|(place, (outcome, _))| *outcome as usize == place));
        let meters = Meters::new("bowl");
        meters.count(Level::Origin, Outcome::Refused, 3);
        assert_eq!(meters.counted(Level::Origin, Outcome::Refused), 3);
        assert_eq!(meters.counted(Level::L1, Outcome::Hit), 0);
    }
}
