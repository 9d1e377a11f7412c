//! What is remembered about a request: its span in the trace, and one line in the log.
//!
//! Neither is free: each costs more than the rest of a cached answer. A span is opened for requests that belong to a
//! caller's trace or are drawn to begin one; a line is written for failures, refusals, slow answers and a share of the
//! others. Everything is counted either way (`measures`).

use std::borrow::Cow;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderName};
use opentelemetry::global;
use opentelemetry::propagation::Extractor;
use opentelemetry::trace::TraceContextExt;
use tracing::{Span, field};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::Problem;
use crate::arrival::Arrival;
use crate::measures::method_name;

pub(crate) const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Opens the span of a request, as a child of the caller's if it says that it has one (W3C `traceparent`).
pub(crate) fn open_span(arrival: &Arrival, headers: &HeaderMap) -> Span {
    let span = tracing::info_span!(
        "request",
        otel.kind = "server",
        otel.status_code = field::Empty,
        http.request.method = method_name(&arrival.method),
        http.route = field::Empty,
        http.response.status_code = field::Empty,
        url.path = &*shown_path(arrival),
        request_id = arrival.request_id(),
    );
    if headers.contains_key(&TRACEPARENT) {
        let parent = global::get_text_map_propagator(|propagator| propagator.extract(&Headers(headers)));
        // It fails only when nobody listens to spans at all.
        let _ = span.set_parent(parent);
    }
    span
}

/// Whether a request says that it belongs to a trace that its caller records: flag 1 of W3C's `traceparent`.
pub(crate) fn is_traced_by_caller(headers: &HeaderMap) -> bool {
    let flags = headers.get(&TRACEPARENT).and_then(|value| value.as_bytes().last());
    flags.is_some_and(|digit| char::from(*digit).to_digit(16).is_some_and(|flags| flags & 1 == 1))
}

/// Notes how it ended in the span.
pub(crate) fn close_span(span: &Span, arrival: &Arrival, route: Option<&str>, status: StatusCode) {
    if span.is_none() {
        return;
    }
    let method = method_name(&arrival.method);
    // The name is set on the span itself: it has begun, and a field of that name would come too late.
    match route {
        Some(route) => {
            span.record("http.route", route);
            span.context().span().update_name(format!("{method} {route}"));
        }
        None => {
            span.context().span().update_name(method);
        }
    }
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
}

/// Writes the access line. Neither the query nor the caller's address is in it: both can tell who somebody is.
pub(crate) fn log_access(arrival: &Arrival, route: Option<&str>, status: StatusCode, took: Duration) {
    let duration_ms = took.as_secs_f64() * 1_000.0;
    tracing::info!(
        target: "halles_http::access",
        method = method_name(&arrival.method),
        path = &*shown_path(arrival),
        route = route.unwrap_or_default(),
        status = status.as_u16(),
        duration_ms = (duration_ms * 1_000.0).round() / 1_000.0,
        request_id = arrival.request_id(),
        "answered"
    );
}

/// Logs why, once and here: a bug of ours as an error, a dependency that fails us as a warning.
pub(crate) fn log_problem(problem: &Problem, arrival: &Arrival) {
    let Some(cause) = problem.causes() else { return };
    let (code, path, request_id) = (problem.code(), &*shown_path(arrival), arrival.request_id());
    if problem.status() == StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(code, path, request_id, cause, "a request failed");
    } else {
        tracing::warn!(code, path, request_id, cause, "a request was refused");
    }
}

/// The path as it may be remembered: without its query, and with UUIDs cut short. Whoever knows an order's whole address
/// may read the order, and logs are read by more people than that.
fn shown_path(arrival: &Arrival) -> Cow<'_, str> {
    let path = arrival.uri.path();
    if !path.split('/').any(is_uuid) {
        return Cow::Borrowed(path);
    }
    let shown: Vec<Cow<'_, str>> = path
        .split('/')
        .map(|part| if is_uuid(part) { Cow::Owned(format!("{}…", &part[..8])) } else { Cow::Borrowed(part) })
        .collect();
    Cow::Owned(shown.join("/"))
}

/// Whether a part of a path has the shape of a UUID.
fn is_uuid(part: &str) -> bool {
    part.len() >= 32 && part.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(|name| name.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;
    use crate::chance::Chance;

    #[test]
    fn an_orders_address_is_not_remembered() {
        let shown = |path| {
            shown_path(&Arrival::note(&TestRequest::with_uri(path).to_srv_request(), &Chance::new(), false))
                .into_owned()
        };
        assert_eq!(shown("/orders/0190c7a2-1b2c-8d3e-8f40-112233445566/cancel"), "/orders/0190c7a2…/cancel");
        assert_eq!(shown("/orders/0190c7a21b2c8d3e8f40112233445566"), "/orders/0190c7a2…");
        assert_eq!(shown("/l/17/a-bowl?from=me"), "/l/17/a-bowl");
    }
}
