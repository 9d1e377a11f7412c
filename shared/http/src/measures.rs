//! What is counted about requests, named as OpenTelemetry's conventions for HTTP servers have it.

use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use opentelemetry::metrics::{Histogram, UpDownCounter};
use opentelemetry::{KeyValue, global};

/// The instruments of one server.
pub(crate) struct Measures {
    duration: Histogram<f64>,
    active: UpDownCounter<i64>,
}

impl Measures {
    pub(crate) fn new() -> Self {
        let meter = global::meter("halles");
        Self {
            duration: meter
                .f64_histogram("http.server.request.duration")
                .with_unit("s")
                .with_description("How long requests took until their answer began")
                .build(),
            active: meter
                .i64_up_down_counter("http.server.active_requests")
                .with_description("Requests that are being answered")
                .build(),
        }
    }

    /// Counts a request as active until the guard is dropped.
    pub(crate) fn enter(&self) -> Active<'_> {
        self.active.add(1, &[]);
        Active { measures: self }
    }

    pub(crate) fn record(&self, method: &Method, route: Option<String>, status: StatusCode, took: Duration) {
        let mut attributes = vec![
            KeyValue::new("http.request.method", method_name(method)),
            KeyValue::new("http.response.status_code", i64::from(status.as_u16())),
        ];
        attributes.extend(route.map(|route| KeyValue::new("http.route", route)));
        self.duration.record(took.as_secs_f64(), &attributes);
    }
}

/// One active request. The count falls when this is dropped, whatever ended the request.
pub(crate) struct Active<'a> {
    measures: &'a Measures,
}

impl Drop for Active<'_> {
    fn drop(&mut self) {
        self.measures.active.add(-1, &[]);
    }
}

/// The method, or one name for all that nobody has heard of: callers must not be able to invent series.
pub(crate) fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "_OTHER",
    }
}
