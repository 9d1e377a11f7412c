//! Telemetry as a process sees it: started more than once, recorded through the global handles, read as text.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

use halles_telemetry::{Telemetry, TelemetrySettings};
use opentelemetry::KeyValue;
use opentelemetry::trace::TraceContextExt;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// A collector that answers 200 and tells which paths were posted to.
fn start_collector() -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let (sender, paths) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut head = [0; 512];
            let length = stream.read(&mut head).expect("a request");
            let text = String::from_utf8_lossy(&head[..length]);
            let path = text.split(' ').nth(1).unwrap_or_default().to_owned();
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            if sender.send(path).is_err() {
                return;
            }
        }
    });
    (endpoint, paths)
}

/// One test, because a process has one telemetry.
#[tokio::test(flavor = "multi_thread")]
async fn the_life_of_telemetry() {
    let (otlp_endpoint, paths) = start_collector();
    let settings = TelemetrySettings { otlp_endpoint, trace_ratio: 1.0, ..TelemetrySettings::default() };
    let telemetry = Telemetry::start("halles-test", &settings).expect("telemetry");
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

    let span = tracing::info_span!("a sale");
    assert!(span.context().span().span_context().is_valid(), "spans have trace ids");
    drop(span);

    telemetry.flush();
    let mut seen: Vec<String> = (0..2).map(|_| paths.recv_timeout(Duration::from_secs(10)).expect("a post")).collect();
    seen.sort();
    assert_eq!(seen, ["/v1/metrics", "/v1/traces"]);
}
