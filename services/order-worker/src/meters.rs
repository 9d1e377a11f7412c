//! What the order-worker tells about itself, in the words of OpenTelemetry's conventions for messaging where they have
//! some. Created after telemetry has started.

use std::time::{Duration, SystemTime};

use halles_domain::OrderState;
use halles_queue::order_log::Logged;
use halles_store::Placement;
use halles_telemetry::Trail;
use jiff::Timestamp;
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Gauge, Histogram};
use opentelemetry::trace::SpanKind;

/// The instruments of placing.
pub struct Meters {
    placements: Counter<u64>,
    batch_size: Histogram<u64>,
    batch_time: Histogram<f64>,
    waits: Histogram<f64>,
    leads: Gauge<u64>,
    /// When placing the present batch began, and how many requests it has.
    batch: (SystemTime, usize),
}

impl Meters {
    pub(crate) fn new() -> Self {
        let meter = opentelemetry::global::meter("halles");
        let meters = Self {
            placements: meter
                .u64_counter("order_placements")
                .with_description("Requests to buy that came to an outcome, by what became of them")
                .build(),
            batch_size: meter
                .u64_histogram("order_batch_requests")
                .with_description("Requests placed in one transaction")
                .build(),
            batch_time: meter
                .f64_histogram("messaging.process.duration")
                .with_unit("s")
                .with_description("How long placing a batch took")
                .build(),
            waits: meter
                .f64_histogram("order_log_wait")
                .with_unit("s")
                .with_description("From the append of a request until it was placed")
                .build(),
            leads: meter
                .u64_gauge("order_worker_leads")
                .with_description("1 when this worker takes the order log, 0 when it stands by")
                .build(),
            batch: (SystemTime::now(), 0),
        };
        // Told from the start, so that the first one is seen as a rise.
        for outcome in ["held", "refused", "waitlisted", "set_aside"] {
            meters.placements.add(0, &[KeyValue::new("outcome", outcome)]);
        }
        meters
    }

    pub(crate) fn leads(&self, leads: bool) {
        self.leads.record(u64::from(leads), &[]);
    }

    pub(crate) fn placed_batch(&mut self, requests: usize, time: Duration) {
        self.batch_size.record(requests as u64, &[]);
        self.batch_time.record(time.as_secs_f64(), &attributes());
        self.batch = (SystemTime::now() - time, requests);
    }

    /// A request has come to an outcome: counts it, and adds the step to the order's trace.
    pub(crate) fn placed(&self, logged: &Logged, placement: &Placement) {
        let outcome = match placement {
            Placement::Placed(order) if order.state == OrderState::Refused => "refused",
            Placement::Placed(order) if order.state == OrderState::Waitlisted => "waitlisted",
            Placement::Placed(_) => "held",
            Placement::Replayed(_) => "replayed",
            Placement::KeyReused => "key_reused",
            Placement::Impossible(_) => "set_aside",
        };
        let now_ms = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or_default();
        let waited = Duration::from_millis(now_ms.saturating_sub(logged.position.millis));
        self.waits.record(waited.as_secs_f64(), &[]);
        self.trace(logged, waited, outcome);
        self.placements.add(1, &[KeyValue::new("outcome", outcome)]);
    }

    pub(crate) fn set_aside(&self) {
        self.placements.add(1, &[KeyValue::new("outcome", "set_aside")]);
    }

    fn trace(&self, logged: &Logged, waited: Duration, outcome: &'static str) {
        let (began, requests) = self.batch;
        let mut facts = attributes();
        facts.extend([
            KeyValue::new("messaging.operation.type", "process"),
            KeyValue::new("messaging.message.id", logged.position.to_string()),
            KeyValue::new("messaging.batch.message_count", i64::try_from(requests).unwrap_or(i64::MAX)),
            KeyValue::new("halles.order.waited_s", waited.as_secs_f64()),
            KeyValue::new("halles.order.outcome", outcome),
        ]);
        let trail = Trail::of(logged.request.order_id.get().as_u128());
        drop(trail.step_since(began, "process order_log", SpanKind::Consumer, facts));
    }
}

/// What all measurements of the order log have in common.
fn attributes() -> Vec<KeyValue> {
    vec![KeyValue::new("messaging.system", "redis"), KeyValue::new("messaging.destination.name", "order_log")]
}
