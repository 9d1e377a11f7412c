//! What is counted about requests, named as OpenTelemetry's conventions for HTTP servers have it.
//!
//! What the measurements of one route, method and status have in common is looked up once and then kept ([`Series`]):
//! doing it anew, and asking actix which route a path has matched, costs more than the rest of a cached answer.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::{Method, StatusCode};
use opentelemetry::metrics::{BoundHistogram, Histogram, UpDownCounter};
use opentelemetry::trace::TraceContextExt;
use opentelemetry::{KeyValue, StringValue, global};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// How long requests took until their answer began.
const DURATION: &str = "http.server.request.duration";

/// The instruments of one server.
#[derive(Clone)]
pub(crate) struct Measures {
    duration: Histogram<f64>,
    active: UpDownCounter<i64>,
}

impl Measures {
    pub(crate) fn new() -> Self {
        let meter = global::meter("halles");
        Self {
            duration: meter
                .f64_histogram(DURATION)
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

    /// The series of a route, a method and a status.
    pub(crate) fn series(&self, method: &'static str, route: Option<&str>, status: StatusCode) -> Series {
        let route: Option<Arc<str>> = route.map(Into::into);
        let mut attributes = vec![
            KeyValue::new("http.request.method", method),
            KeyValue::new("http.response.status_code", i64::from(status.as_u16())),
        ];
        attributes.extend(route.clone().map(|route| KeyValue::new("http.route", StringValue::from(route))));
        Series { route, duration: self.duration.bind(&attributes), attributes }
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

/// What the measurements of one route, method and status have in common.
pub(crate) struct Series {
    /// The pattern of the route, if there is one.
    pub(crate) route: Option<Arc<str>>,
    duration: BoundHistogram<f64>,
    attributes: Vec<KeyValue>,
}

impl Series {
    /// Counts one answer.
    pub(crate) fn record(&self, took: Duration) {
        self.duration.record(took.as_secs_f64());
    }

    /// Says which trace a counted answer belongs to, if it belongs to one.
    pub(crate) fn note_trace(&self, took: Duration, span: &Span) {
        if !span.is_none() {
            let context = span.context();
            halles_telemetry::note_seconds(
                DURATION,
                &self.attributes,
                took.as_secs_f64(),
                context.span().span_context(),
            );
        }
    }
}

/// The series that a worker has met so far. Their number has a bound: only those with a route are kept.
pub(crate) struct KnownSeries {
    measures: Measures,
    series: RefCell<HashMap<SeriesKey, Rc<Series>>>,
}

/// The skeleton of the path, the method, the status.
type SeriesKey = (u64, &'static str, StatusCode);

impl KnownSeries {
    pub(crate) fn new(measures: Measures) -> Self {
        Self { measures, series: RefCell::default() }
    }

    /// The series of an answered request.
    pub(crate) fn of(&self, method: &Method, request: &HttpRequest, status: StatusCode) -> Rc<Series> {
        let method = method_name(method);
        let key = (skeleton(request), method, status);
        if let Some(series) = self.series.borrow().get(&key) {
            return Rc::clone(series);
        }
        let route = request.match_pattern();
        let series = Rc::new(self.measures.series(method, route.as_deref(), status));
        if route.is_some() {
            self.series.borrow_mut().insert(key, Rc::clone(&series));
        }
        series
    }

    /// The series of a request that is gone.
    pub(crate) fn without_route(&self, method: &Method, status: StatusCode) -> Rc<Series> {
        Rc::new(self.measures.series(method_name(method), None, status))
    }
}

/// What a path has in common with all others of its route: the text around its parameters, and their names.
fn skeleton(request: &HttpRequest) -> u64 {
    let parts = request.match_info();
    let path = parts.as_str();
    let mut hasher = DefaultHasher::new();
    let mut rest = 0;
    for (name, value) in parts.iter() {
        // Values are pieces of the path; where one begins is where it lies in memory.
        let start = (value.as_ptr() as usize).wrapping_sub(path.as_ptr() as usize);
        if let Some(text) = path.get(rest..start) {
            (text, name).hash(&mut hasher);
            rest = start + value.len();
        }
    }
    path.get(rest..).hash(&mut hasher);
    hasher.finish()
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

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, HttpResponse, web};

    use super::*;

    type Seen = Mutex<Vec<(u64, String)>>;

    async fn note(request: HttpRequest, seen: web::Data<Seen>) -> HttpResponse {
        seen.lock().unwrap().push((skeleton(&request), request.match_pattern().unwrap()));
        HttpResponse::Ok().finish()
    }

    #[actix_web::test]
    async fn a_route_is_one_series_and_two_routes_are_two() {
        let known = web::Data::new(Seen::default());
        let app = App::new()
            .app_data(known.clone())
            .route("/l/{id}", web::get().to(note))
            .route("/l/{id}/{slug}", web::get().to(note))
            .route("/s/{slug}/open", web::get().to(note))
            .service(web::scope("/api").route("/s/{slug}", web::get().to(note)))
            .route("/s/{slug}", web::get().to(note));
        let app = init_service(app).await;
        for path in
            ["/l/1", "/l/22", "/l/1/1", "/l/22/a-bowl%20of", "/s/a", "/s/bc", "/s/a/open", "/api/s/a", "/api/s/bc"]
        {
            call_service(&app, TestRequest::with_uri(path).to_request()).await;
        }
        let seen = known.lock().unwrap();
        assert_eq!(seen.len(), 9);
        for (skeleton, pattern) in seen.iter() {
            for (other_skeleton, other_pattern) in seen.iter() {
                assert_eq!(skeleton == other_skeleton, pattern == other_pattern, "{pattern} and {other_pattern}");
            }
        }
    }

    #[test]
    fn what_has_no_route_is_not_kept() {
        let known = KnownSeries::new(Measures::new());
        let request = TestRequest::with_uri("/nowhere/1").to_http_request();
        assert!(known.of(&Method::GET, &request, StatusCode::NOT_FOUND).route.is_none());
        assert!(known.series.borrow().is_empty());
    }
}
