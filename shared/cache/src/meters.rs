//! What the cache tells about itself. The exporter adds `_total` and the unit to the names.

use std::time::Duration;

use opentelemetry::metrics::{Counter, Histogram, Meter};
use opentelemetry::{KeyValue, global};

/// Meters of one kind of entry.
pub(crate) struct Meters {
    kind: &'static str,
    requests: Counter<u64>,
    load_duration: Histogram<f64>,
    l1_hit: [KeyValue; 3],
    l1_miss: [KeyValue; 3],
}

/// What became of a question to a tier.
#[derive(Clone, Copy)]
pub(crate) enum Outcome {
    Hit,
    Miss,
    /// Expired, and served because the store cannot be asked.
    Stale,
    /// There, but older than a version known to exist, or from a time that is not trusted.
    Outdated,
    /// There, but not readable.
    Garbage,
    /// The tier did not answer.
    Error,
    /// Not written, for it is older than a version known to exist.
    Refused,
}

impl Outcome {
    const fn name(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Miss => "miss",
            Self::Stale => "stale",
            Self::Outdated => "outdated",
            Self::Garbage => "garbage",
            Self::Error => "error",
            Self::Refused => "refused",
        }
    }
}

impl Meters {
    pub(crate) fn new(kind: &'static str) -> Self {
        let meter = meter();
        Self {
            kind,
            requests: meter.u64_counter("cache_requests").build(),
            load_duration: meter.f64_histogram("cache_load_duration").with_unit("s").build(),
            l1_hit: labels(kind, "l1", Outcome::Hit),
            l1_miss: labels(kind, "l1", Outcome::Miss),
        }
    }

    /// The way of nearly every request, so its labels are made only once.
    pub(crate) fn l1_hits(&self, hits: usize) {
        self.requests.add(hits as u64, &self.l1_hit);
    }

    pub(crate) fn l1_misses(&self, misses: usize) {
        self.requests.add(misses as u64, &self.l1_miss);
    }

    pub(crate) fn count(&self, tier: &'static str, outcome: Outcome, entries: usize) {
        if entries > 0 {
            self.requests.add(entries as u64, &labels(self.kind, tier, outcome));
        }
    }

    pub(crate) fn load(&self, outcome: &'static str, took: Duration) {
        let labels = [KeyValue::new("kind", self.kind), KeyValue::new("outcome", outcome)];
        self.load_duration.record(took.as_secs_f64(), &labels);
    }
}

/// Where our metrics go; telemetry decides what becomes of them.
pub(crate) fn meter() -> Meter {
    global::meter("halles")
}

fn labels(kind: &'static str, tier: &'static str, outcome: Outcome) -> [KeyValue; 3] {
    [KeyValue::new("kind", kind), KeyValue::new("tier", tier), KeyValue::new("outcome", outcome.name())]
}
