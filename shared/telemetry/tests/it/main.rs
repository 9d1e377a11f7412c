//! Telemetry as a process sees it: started more than once, recorded through the global handles, read as text, and taken by
//! a collector.

use std::time::Duration;

use halles_telemetry::{Telemetry, TelemetrySettings, Trail, note_seconds};
use halles_testkit::{Collector, SeenSpan, eventually};
use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanKind, TraceContextExt};
use tracing_opentelemetry::OpenTelemetrySpanExt;

const PATIENCE: Duration = Duration::from_secs(10);

/// One test, because a process has one telemetry.
#[tokio::test(flavor = "multi_thread")]
async fn the_life_of_telemetry() {
    let collector = Collector::start();
    let settings = TelemetrySettings {
        otlp_endpoint: collector.endpoint.clone(),
        trace_ratio: 1.0,
        ..TelemetrySettings::default()
    };
    let telemetry = Telemetry::start("halles-test", &settings).expect("telemetry");
    metrics_are_text(&telemetry);
    let request_trace = an_order_is_taken();
    a_bucket_leads_to_a_trace(&telemetry);
    telemetry.flush();
    eventually("everything has arrived", PATIENCE, async || {
        collector.spans().len() == 5 && !collector.metrics_of("halles-test").is_empty()
    })
    .await;
    let metrics = collector.metrics_of("halles-test");
    for name in ["halles.test.wait", "halles.test.sold", "process.cpu.time", "process_start_time"] {
        assert!(metrics.contains(name), "{name} is not among {metrics:?}");
    }
    the_trail_is_one_trace(&collector.spans(), &request_trace);
}

fn metrics_are_text(telemetry: &Telemetry) {
    let meter = opentelemetry::global::meter("halles");
    let waits = meter.f64_histogram("halles.test.wait").with_unit("s").build();
    waits.record(0.004, &[KeyValue::new("stall", "cheese")]);
    meter.u64_counter("halles.test.sold").build().add(3, &[]);

    // A second start joins the first: instruments made before it still count.
    let again = Telemetry::start("halles-test", &TelemetrySettings::default()).expect("telemetry");
    waits.record(0.004, &[KeyValue::new("stall", "cheese")]);
    let text = again.prometheus_text();
    assert!(text.contains("halles_test_wait_seconds_bucket{stall=\"cheese\",le=\"0.005\"} 2"), "{text}");
    assert!(text.contains("halles_test_wait_seconds_bucket{stall=\"cheese\",le=\"0.0025\"} 0"), "{text}");
    assert!(text.contains("halles_test_sold_total 3"), "{text}");
    assert!(telemetry.prometheus_text().contains("process_cpu_time_seconds_total"), "{text}");
}

/// OpenMetrics says what the Prometheus text says, and of a traced measurement which trace it belongs to.
fn a_bucket_leads_to_a_trace(telemetry: &Telemetry) {
    let attributes = [KeyValue::new("stall", "cheese")];
    let step = Trail::of(43).step("look", SpanKind::Internal, Vec::new());
    let context = step.context();
    note_seconds("halles.test.wait", &attributes, 0.004, context.span().span_context());
    let text = telemetry.open_metrics_text();
    let traced = format!(
        "halles_test_wait_seconds_bucket{{stall=\"cheese\",le=\"0.005\"}} 2 # {{trace_id=\"{}\"}} 0.004 ",
        Trail::of(43).trace_id()
    );
    assert!(text.contains(&traced), "{text}");
    assert!(text.contains("halles_test_wait_seconds_bucket{stall=\"cheese\",le=\"+Inf\"} 2\n"), "{text}");
    assert!(text.contains("# TYPE halles_test_sold counter\nhalles_test_sold_total 3\n"), "{text}");
    assert!(text.ends_with("# EOF\n"), "{text}");
    // But for exemplars, both forms have the same samples.
    let samples = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.starts_with('#') && !line.starts_with("process_"));
        lines.map(|line| line.split(" # ").next().unwrap_or(line).to_owned()).collect()
    };
    assert_eq!(samples(&text), samples(&telemetry.prometheus_text()));
}

/// A request begins an order; another process, which knows nothing but its number, places it; a third tells its shopper.
fn an_order_is_taken() -> String {
    let request = tracing::info_span!("POST /checkout", otel.kind = "server");
    let trace_id = request.context().span().span_context().trace_id().to_string();
    request.in_scope(|| {
        let first_step = Trail::of(42).begin("order", SpanKind::Internal, Vec::new());
        first_step.note("halles.order.answer", "held");
    });
    drop(request);
    drop(Trail::of(42).step("process order_log", SpanKind::Consumer, Vec::new()));
    Trail::of(42).step("send mail", SpanKind::Client, Vec::new()).fail("the mail server sleeps");
    trace_id
}

fn the_trail_is_one_trace(spans: &[SeenSpan], request_trace: &str) {
    let named =
        |name: &str| spans.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("{name}: {spans:#?}"));
    let (request, first) = (named("POST /checkout"), named("order"));
    let trail = Trail::of(42).trace_id().to_string();
    assert_eq!(request.trace_id, request_trace);
    assert_eq!(first.trace_id, trail, "it can be looked up by the order's number");
    assert_eq!(first.parent_span_id, "", "it is the first");
    assert_eq!(first.links, [request.trace_id.as_str()], "it leads to the request");
    assert_eq!(request.attributes["halles.trail.trace_id"], trail, "and the request leads to it");
    assert_eq!(first.attributes["halles.order.answer"], "held");
    for later in [named("process order_log"), named("send mail")] {
        assert_eq!((later.trace_id.as_str(), later.parent_span_id.as_str()), (trail.as_str(), first.span_id.as_str()));
    }
    assert_eq!((request.kind, named("process order_log").kind, named("send mail").kind), (2, 5, 3));
}
