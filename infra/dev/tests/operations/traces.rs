//! One order, followed through all processes by what they sent to the collector.

use std::collections::BTreeSet;
use std::time::Duration;

use halles_dev::stack::prometheus::list_tellers;
use halles_testkit::{SeenSpan, eventually};

use crate::scene::Scene;
use crate::shoppers::Shopper;

const PATIENCE: Duration = Duration::from_secs(60);

/// A trace that the shopper's own browser has begun.
const BROWSERS_TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// The steps of an order that was held, paid and cancelled, and told by mail each time: who takes them, and of which kind they
/// are.
const STEPS: [(&str, &str, i32); 7] = [
    ("halles-order", "order", 1),
    ("halles-order", "send order_log", 4),
    ("halles-order-worker", "process order_log", 5),
    ("halles-order", "start payment", 3),
    ("halles-order", "complete payment", 1),
    ("halles-order-worker", "send mail", 3),
    ("halles-order-worker", "give back", 3),
];

pub async fn follow_an_order_from_its_request_to_its_mail(scene: &Scene) {
    let shopper = Shopper::of(scene);
    let traceparent = format!("00-{BROWSERS_TRACE}-00f067aa0ba902b7-01");
    let request = shopper.order("the-order-to-follow", 7).header("traceparent", traceparent);
    let order = Shopper::promised(request).await.expect("the order is taken");
    eventually("the order is placed", PATIENCE, async || {
        let answer = shopper.look_at(&format!("/api/v1/orders/{order}")).await;
        answer.text().await.is_ok_and(|text| text.contains("\"awaiting_payment\""))
    })
    .await;
    shopper.pay(&order).await;
    shopper.cancel(&order).await;

    let mut trail = None;
    eventually("the request has been told, and leads to the order's trace", PATIENCE, async || {
        let spans = scene.collector.spans();
        let request = spans.iter().find(|span| span.trace_id == BROWSERS_TRACE && span.kind == 2);
        trail = request.and_then(|request| request.attributes.get("halles.trail.trace_id").cloned());
        trail.is_some()
    })
    .await;
    let trail = trail.expect("it was found");
    eventually("every step of the order has been told, and three mails", PATIENCE, async || {
        let spans = of_trace(&scene.collector.spans(), &trail);
        let has = |name: &str, times| spans.iter().filter(|span| span.name == name).count() >= times;
        STEPS.iter().all(|(_, name, _)| has(name, 1)) && has("send mail", 3)
    })
    .await;
    let spans = of_trace(&scene.collector.spans(), &trail);
    check_steps(&spans);
    check_request(&scene.collector.spans());
    check_exemplar(scene).await;
    // Whoever reads traces must not learn who ordered.
    for span in scene.collector.spans() {
        let text = format!("{span:?}");
        assert!(!text.contains("example.org") && !text.contains(&order), "personal data in a span: {text}");
    }
}

fn check_steps(spans: &[SeenSpan]) {
    let first = spans.iter().find(|span| span.name == "order").expect("it was seen");
    assert_eq!((first.parent_span_id.as_str(), first.links.as_slice()), ("", &[BROWSERS_TRACE.to_owned()][..]));
    assert_eq!(first.attributes["halles.order.answer"], "held");
    for (service, name, kind) in STEPS {
        let span = spans.iter().find(|span| span.name == name).expect("it was seen");
        assert_eq!((span.service.as_str(), span.kind), (service, kind), "{span:?}");
        assert!(name == "order" || span.parent_span_id == first.span_id, "{span:?}");
    }
    let placing = spans.iter().find(|span| span.name == "process order_log").expect("it was seen");
    let facts = &placing.attributes;
    assert_eq!(
        (facts["messaging.system"].as_str(), facts["messaging.destination.name"].as_str()),
        ("redis", "order_log")
    );
    assert_eq!(facts["halles.order.outcome"], "held");
    let sent = spans.iter().find(|span| span.name == "send order_log").expect("it was seen");
    assert_eq!(sent.attributes["messaging.message.id"], facts["messaging.message.id"], "the same entry of the log");
}

/// The request and the statements within it carry OpenTelemetry's names.
fn check_request(spans: &[SeenSpan]) {
    let of_request = of_trace(spans, BROWSERS_TRACE);
    let request = of_request.iter().find(|span| span.kind == 2).expect("a server's span");
    assert_eq!(request.name, "POST /api/v1/orders", "a method and a route, as the conventions have it");
    for name in ["http.request.method", "http.route", "http.response.status_code", "url.path"] {
        assert!(request.attributes.contains_key(name), "{name} is missing: {request:?}");
    }
    let statements: BTreeSet<&str> = spans
        .iter()
        .filter(|span| span.name == "postgresql" && span.kind == 3)
        .filter_map(|span| span.attributes.get("db.client.connection.pool.name").map(String::as_str))
        .collect();
    assert!(statements.contains("replica") || statements.contains("primary"), "{statements:?}");
}

/// The bucket that the request fell into leads to its trace, for whoever asks as Prometheus does.
async fn check_exemplar(scene: &Scene) {
    let mut seen = String::new();
    for teller in list_tellers(&scene.stack.plan().ports).iter().filter(|teller| teller.job == "halles-order") {
        let request = reqwest::Client::new()
            .get(format!("http://127.0.0.1:{}/metrics", teller.port))
            .header("accept", "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5");
        let answer = request.send().await.expect("it answers");
        assert_eq!(answer.headers()["content-type"], "application/openmetrics-text; version=1.0.0; charset=utf-8");
        seen += &answer.text().await.expect("metrics are text");
    }
    let exemplar = format!("# {{trace_id=\"{BROWSERS_TRACE}\"}}");
    let line =
        seen.lines().find(|line| line.contains(&exemplar)).unwrap_or_else(|| panic!("no bucket leads there: {seen}"));
    assert!(line.starts_with("http_server_request_duration_seconds_bucket{"), "{line}");
    assert!(line.contains("http_route=\"/api/v1/orders\""), "{line}");
}

fn of_trace(spans: &[SeenSpan], trace_id: &str) -> Vec<SeenSpan> {
    spans.iter().filter(|span| span.trace_id == trace_id).cloned().collect()
}
