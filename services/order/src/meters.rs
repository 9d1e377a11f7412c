//! What the order service tells about orders. Created after telemetry has started.

use std::time::Duration;

use halles_domain::OrderState;
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Histogram};

use crate::place_order::{Answer, PlaceOrderError};

pub struct Meters {
    answers: Counter<u64>,
    append_time: Histogram<f64>,
    answer_time: Histogram<f64>,
}

impl Meters {
    pub fn new() -> Self {
        let meter = opentelemetry::global::meter("halles");
        let meters = Self {
            answers: meter
                .u64_counter("order_answers")
                .with_description("Answers to requests to buy, by what was answered")
                .build(),
            append_time: meter
                .f64_histogram("messaging.client.operation.duration")
                .with_unit("s")
                .with_description("How long making a request durable took")
                .build(),
            answer_time: meter
                .f64_histogram("order_answer_time")
                .with_unit("s")
                .with_description("How long a shopper waited for the answer to a request to buy")
                .build(),
        };
        // Told from the start, so that the first one is seen as a rise.
        for answer in ["held", "pending", "unavailable", "full", "error"] {
            meters.answers.add(0, &[KeyValue::new("answer", answer)]);
        }
        meters
    }

    pub fn appended(&self, time: Duration) {
        let attributes = [
            KeyValue::new("messaging.system", "redis"),
            KeyValue::new("messaging.destination.name", "order_log"),
            KeyValue::new("messaging.operation.name", "append"),
        ];
        self.append_time.record(time.as_secs_f64(), &attributes);
    }

    /// Counts the answer, and returns its name.
    pub fn answered(&self, answer: &Result<Answer, PlaceOrderError>, time: Duration) -> &'static str {
        let name = match answer {
            Ok(Answer::Settled { replayed: true, .. }) => "replayed",
            Ok(Answer::Settled { order, .. }) if order.state == OrderState::Refused => "refused",
            Ok(Answer::Settled { order, .. }) if order.state == OrderState::Waitlisted => "waitlisted",
            Ok(Answer::Settled { .. }) => "held",
            Ok(Answer::Pending { .. }) => "pending",
            Ok(Answer::KeyReused) => "key_reused",
            Err(PlaceOrderError::Full { .. }) => "full",
            Err(PlaceOrderError::Unavailable { .. }) => "unavailable",
            Err(PlaceOrderError::Impossible(_) | PlaceOrderError::Internal(_)) => "error",
        };
        let attributes = [KeyValue::new("answer", name)];
        self.answers.add(1, &attributes);
        self.answer_time.record(time.as_secs_f64(), &attributes);
        name
    }
}
