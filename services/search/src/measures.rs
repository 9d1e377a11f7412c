//! What the service tells about itself. Prometheus adds the unit and `_total` to the names.

use std::time::Duration;

use halles_search_index::Manifest;
use jiff::Timestamp;
use opentelemetry::metrics::{Counter, Gauge, Histogram};
use opentelemetry::{KeyValue, global};

/// The service's instruments.
#[derive(Debug, Clone)]
pub(crate) struct Measures {
    duration: Histogram<f64>,
    suggestion_duration: Histogram<f64>,
    refused: Counter<u64>,
    generation: Gauge<u64>,
    documents: Gauge<u64>,
    swap_lag: Histogram<f64>,
    unusable: Counter<u64>,
}

impl Measures {
    pub(crate) fn new() -> Self {
        let meter = global::meter("halles");
        let measures = Self {
            duration: meter
                .f64_histogram("search_duration")
                .with_unit("s")
                .with_description("How long the index took to answer, waiting for a turn left aside")
                .build(),
            suggestion_duration: meter
                .f64_histogram("suggestion_duration")
                .with_unit("s")
                .with_description("How long it took to work out suggestions, waiting for a turn left aside")
                .build(),
            refused: meter
                .u64_counter("search_refused")
                .with_description("Searches without an answer, by reason")
                .build(),
            generation: meter.u64_gauge("search_generation").with_description("The generation that answers").build(),
            documents: meter.u64_gauge("search_documents").with_description("Listings in it").build(),
            swap_lag: meter
                .f64_histogram("search_swap_lag")
                .with_unit("s")
                .with_description("From the publication of a generation until it answers here")
                .build(),
            unusable: meter
                .u64_counter("search_unusable_generations")
                .with_description("Attempts to open a generation that failed")
                .build(),
        };
        // Told from the start, so that the first one is seen as a rise.
        for reason in ["no_index", "busy", "out_of_time", "internal"] {
            measures.refused.add(0, &[KeyValue::new("reason", reason)]);
        }
        measures.unusable.add(0, &[]);
        measures
    }

    pub(crate) fn answered(&self, took: Duration) {
        self.duration.record(took.as_secs_f64(), &[]);
    }

    pub(crate) fn suggested(&self, took: Duration) {
        self.suggestion_duration.record(took.as_secs_f64(), &[]);
    }

    pub(crate) fn refused(&self, reason: &'static str) {
        self.refused.add(1, &[KeyValue::new("reason", reason)]);
    }

    pub(crate) fn swapped(&self, manifest: &Manifest) {
        self.generation.record(manifest.generation, &[]);
        self.documents.record(manifest.documents, &[]);
        let lag = Timestamp::now().duration_since(manifest.published_at);
        self.swap_lag.record(lag.as_secs_f64().max(0.0), &[]);
    }

    pub(crate) fn unusable(&self) {
        self.unusable.add(1, &[]);
    }
}
