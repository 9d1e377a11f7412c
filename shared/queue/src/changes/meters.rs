//! What relay and feed tell about themselves. The exporter adds `_total` to the names of counters. Those are told from the
//! start, so that the first event is seen as a rise.

use opentelemetry::metrics::{Counter, Gauge};
use opentelemetry::{KeyValue, global};

pub(super) struct RelayMeters {
    published: Counter<u64>,
    failures: Counter<u64>,
    is_leader: Gauge<u64>,
}

impl RelayMeters {
    pub(super) fn new() -> Self {
        let meter = global::meter("halles");
        let meters = Self {
            published: meter.u64_counter("relay_published").build(),
            failures: meter.u64_counter("relay_failures").build(),
            is_leader: meter.u64_gauge("relay_is_leader").build(),
        };
        meters.published.add(0, &[]);
        for at in ["lock", "store", "stream"] {
            meters.failures.add(0, &[KeyValue::new("at", at)]);
        }
        meters.leads(false);
        meters
    }

    pub(super) fn published(&self, changes: usize) {
        self.published.add(changes as u64, &[]);
    }

    pub(super) fn failed(&self, at: &'static str) {
        self.failures.add(1, &[KeyValue::new("at", at)]);
    }

    pub(super) fn leads(&self, leads: bool) {
        self.is_leader.record(u64::from(leads), &[]);
    }
}

pub(super) struct FeedMeters {
    heard: Counter<u64>,
    lost: Counter<u64>,
    is_polling: Gauge<u64>,
}

impl FeedMeters {
    pub(super) fn new() -> Self {
        let meter = global::meter("halles");
        let meters = Self {
            heard: meter.u64_counter("change_feed_changes").build(),
            lost: meter.u64_counter("change_feed_losses").build(),
            is_polling: meter.u64_gauge("change_feed_is_polling").build(),
        };
        meters.lost.add(0, &[]);
        meters
    }

    pub(super) fn heard(&self, changes: usize, from: &'static str) {
        self.heard.add(changes as u64, &[KeyValue::new("from", from)]);
    }

    pub(super) fn lost(&self) {
        self.lost.add(1, &[]);
    }

    pub(super) fn polls(&self, polls: bool) {
        self.is_polling.record(u64::from(polls), &[]);
    }
}
