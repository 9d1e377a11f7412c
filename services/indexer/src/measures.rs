//! What the indexer tells about itself. Prometheus adds the unit and `_total` to the names.

use std::time::Duration;

use opentelemetry::global;
use opentelemetry::metrics::{Counter, Gauge, Histogram};

/// The indexer's instruments.
#[derive(Debug, Clone)]
pub(crate) struct Measures {
    generation: Gauge<u64>,
    documents: Gauge<u64>,
    lag: Gauge<f64>,
    owed: Gauge<u64>,
    commit_duration: Histogram<f64>,
    publish_duration: Histogram<f64>,
    listings: Counter<u64>,
    impatient: Counter<u64>,
    restored: Counter<u64>,
}

impl Measures {
    pub(crate) fn new() -> Self {
        let meter = global::meter("halles");
        let measures = Self {
            generation: meter.u64_gauge("indexer_generation").with_description("The generation published last").build(),
            documents: meter.u64_gauge("indexer_documents").with_description("Listings in it").build(),
            lag: meter
                .f64_gauge("indexer_lag")
                .with_unit("s")
                .with_description("Age of the oldest change that is heard and not yet published")
                .build(),
            owed: meter.u64_gauge("indexer_owed_listings").with_description("Listings still to be read").build(),
            commit_duration: meter.f64_histogram("indexer_commit_duration").with_unit("s").build(),
            publish_duration: meter.f64_histogram("indexer_publish_duration").with_unit("s").build(),
            listings: meter.u64_counter("indexer_listings").with_description("Listings written").build(),
            impatient: meter
                .u64_counter("indexer_impatient_listings")
                .with_description("Listings taken as the replica had them, because it did not catch up in time")
                .build(),
            restored: meter
                .u64_counter("indexer_restored_files")
                .with_description("Files that were lost or damaged in the object store and uploaded again")
                .build(),
        };
        // Told from the start, so that the first one is seen as a rise.
        measures.impatient.add(0, &[]);
        measures.restored.add(0, &[]);
        measures
    }

    pub(crate) fn published(&self, generation: u64, documents: u64, took: Duration) {
        self.generation.record(generation, &[]);
        self.documents.record(documents, &[]);
        self.publish_duration.record(took.as_secs_f64(), &[]);
    }

    pub(crate) fn behind(&self, owed: usize, oldest: Duration) {
        self.owed.record(owed as u64, &[]);
        self.lag.record(oldest.as_secs_f64(), &[]);
    }

    pub(crate) fn committed(&self, took: Duration) {
        self.commit_duration.record(took.as_secs_f64(), &[]);
    }

    pub(crate) fn wrote(&self, listings: usize) {
        self.listings.add(listings as u64, &[]);
    }

    pub(crate) fn restored(&self, files: usize) {
        self.restored.add(files as u64, &[]);
    }

    pub(crate) fn impatient(&self) {
        self.impatient.add(1, &[]);
    }
}
