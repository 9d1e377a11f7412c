//! What the order-worker tells about itself. Created after telemetry has started.

use std::time::Duration;

use halles_domain::OrderState;
use halles_queue::order_log::Depth;
use halles_store::Placement;
use jiff::Timestamp;
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Gauge, Histogram};

/// The instruments of placing.
pub struct Meters {
    placements: Counter<u64>,
    batch_size: Histogram<u64>,
    batch_time: Histogram<f64>,
    leads: Gauge<u64>,
}

impl Meters {
    pub(crate) fn new() -> Self {
        let meter = opentelemetry::global::meter("halles");
        Self {
            placements: meter
                .u64_counter("order_placements")
                .with_description("Requests to buy that came to an outcome, by what became of them")
                .build(),
            batch_size: meter
                .u64_histogram("order_batch_requests")
                .with_description("Requests placed in one transaction")
                .build(),
            batch_time: meter
                .f64_histogram("order_batch_time")
                .with_unit("s")
                .with_description("How long placing a batch took")
                .build(),
            leads: meter
                .u64_gauge("order_worker_leads")
                .with_description("1 when this worker takes the order log, 0 when it stands by")
                .build(),
        }
    }

    pub(crate) fn leads(&self, leads: bool) {
        self.leads.record(u64::from(leads), &[]);
    }

    pub(crate) fn placed_batch(&self, requests: usize, time: Duration) {
        self.batch_size.record(requests as u64, &[]);
        self.batch_time.record(time.as_secs_f64(), &[]);
    }

    pub(crate) fn placed(&self, placement: &Placement) {
        let outcome = match placement {
            Placement::Placed(order) if order.state == OrderState::Refused => "refused",
            Placement::Placed(order) if order.state == OrderState::Waitlisted => "waitlisted",
            Placement::Placed(_) => "held",
            Placement::Replayed(_) => "replayed",
            Placement::KeyReused => "key_reused",
            Placement::Impossible(_) => "set_aside",
        };
        self.placements.add(1, &[KeyValue::new("outcome", outcome)]);
    }

    pub(crate) fn set_aside(&self) {
        self.placements.add(1, &[KeyValue::new("outcome", "set_aside")]);
    }
}

/// The instruments of the log itself: how much waits, and for how long.
pub(crate) struct LogGauges {
    depth: Gauge<u64>,
    oldest_age: Gauge<f64>,
    dead: Gauge<u64>,
}

impl LogGauges {
    pub(crate) fn new() -> Self {
        let meter = opentelemetry::global::meter("halles");
        Self {
            depth: meter.u64_gauge("order_log_depth").with_description("Requests to buy that wait").build(),
            oldest_age: meter
                .f64_gauge("order_log_oldest_age")
                .with_unit("s")
                .with_description("How long the first of them has waited")
                .build(),
            dead: meter
                .u64_gauge("order_log_set_aside")
                .with_description("Requests to buy that people must look at")
                .build(),
        }
    }

    pub(crate) fn record(&self, depth: &Depth, now: Timestamp) {
        let now_ms = u64::try_from(now.as_millisecond()).unwrap_or_default();
        let age_ms = depth.oldest.map_or(0, |oldest| now_ms.saturating_sub(oldest.millis));
        self.depth.record(depth.waiting, &[]);
        self.oldest_age.record(Duration::from_millis(age_ms).as_secs_f64(), &[]);
        self.dead.record(depth.dead, &[]);
    }
}
