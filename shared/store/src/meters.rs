//! What the store tells about itself. Created with each pool, so after telemetry has started.

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Histogram, Meter};

/// The instruments of one pool.
#[derive(Debug)]
pub(crate) struct PoolMeters {
    pool: [KeyValue; 1],
    acquire_wait: Histogram<f64>,
    work_time: Histogram<f64>,
    outages: Counter<u64>,
}

impl PoolMeters {
    pub(crate) fn new(meter: &Meter, pool: &'static str) -> Self {
        Self {
            pool: [KeyValue::new("pool", pool)],
            acquire_wait: meter
                .f64_histogram("store_acquire_wait_ms")
                .with_description("How long a request waited for a connection, connecting included")
                .build(),
            work_time: meter
                .f64_histogram("store_work_time_ms")
                .with_description("How long a read or a write transaction had its connection")
                .build(),
            outages: meter
                .u64_counter("store_outages")
                .with_description("How often a server stopped answering")
                .build(),
        }
    }

    pub(crate) fn acquired(&self, wait: std::time::Duration) {
        self.acquire_wait.record(wait.as_secs_f64() * 1_000.0, &self.pool);
    }

    pub(crate) fn worked(&self, time: std::time::Duration) {
        self.work_time.record(time.as_secs_f64() * 1_000.0, &self.pool);
    }

    pub(crate) fn outage(&self) {
        self.outages.add(1, &self.pool);
    }
}

/// How often reads left the replica, and how often even that was refused.
#[derive(Debug)]
pub(crate) struct FallbackMeters {
    reads: Counter<u64>,
    refused: Counter<u64>,
}

impl FallbackMeters {
    pub(crate) fn new(meter: &Meter) -> Self {
        Self {
            reads: meter
                .u64_counter("store_fallback_reads")
                .with_description("Reads that went to the primary because the replica was away")
                .build(),
            refused: meter
                .u64_counter("store_fallback_refused")
                .with_description("Reads refused because the replica was away and the primary had its share")
                .build(),
        }
    }

    pub(crate) fn read(&self) {
        self.reads.add(1, &[]);
    }

    pub(crate) fn refused(&self) {
        self.refused.add(1, &[]);
    }
}
