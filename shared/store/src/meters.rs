//! What the store tells about itself, named as OpenTelemetry's conventions for databases have it. Created with each pool,
//! so after telemetry has started.

use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Histogram, Meter};

/// The instruments of one pool.
#[derive(Debug)]
pub(crate) struct PoolMeters {
    pool: [KeyValue; 1],
    operation: [KeyValue; 2],
    wait_time: Histogram<f64>,
    operation_duration: Histogram<f64>,
    outages: Counter<u64>,
}

impl PoolMeters {
    pub(crate) fn new(meter: &Meter, pool: &'static str) -> Self {
        let pool = KeyValue::new("db.client.connection.pool.name", pool);
        let meters = Self {
            operation: [KeyValue::new("db.system.name", "postgresql"), pool.clone()],
            pool: [pool],
            wait_time: meter
                .f64_histogram("db.client.connection.wait_time")
                .with_unit("s")
                .with_description("How long a request waited for a connection, connecting included")
                .build(),
            operation_duration: meter
                .f64_histogram("db.client.operation.duration")
                .with_unit("s")
                .with_description("How long a read or a write transaction had its connection")
                .build(),
            outages: meter
                .u64_counter("store_outages")
                .with_description("How often a server stopped answering")
                .build(),
        };
        // Told from the start, so that the first one is seen as a rise.
        meters.outages.add(0, &meters.pool);
        meters
    }

    pub(crate) fn acquired(&self, wait: Duration) {
        self.wait_time.record(wait.as_secs_f64(), &self.pool);
    }

    pub(crate) fn worked(&self, time: Duration) {
        self.operation_duration.record(time.as_secs_f64(), &self.operation);
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
        let meters = Self {
            reads: meter
                .u64_counter("store_fallback_reads")
                .with_description("Reads that went to the primary because the replica was away")
                .build(),
            refused: meter
                .u64_counter("store_fallback_refused")
                .with_description("Reads refused because the replica was away and the primary had its share")
                .build(),
        };
        meters.reads.add(0, &[]);
        meters.refused.add(0, &[]);
        meters
    }

    pub(crate) fn read(&self) {
        self.reads.add(1, &[]);
    }

    pub(crate) fn refused(&self) {
        self.refused.add(1, &[]);
    }
}
