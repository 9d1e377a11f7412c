//! The admin port: alive, ready, measured.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use halles_http::{HttpSettings, Need, Readiness};
use tokio::time::{Instant, sleep};

use crate::stall::{client, open, open_with, settings};

/// Asks until the answer has this status.
async fn wait_for_status(url: &str, status: u16) -> String {
    let give_up = Instant::now() + Duration::from_secs(10);
    loop {
        let answer = client().get(url).send().await.expect("an answer");
        if answer.status() == status {
            return answer.text().await.expect("a text");
        }
        assert!(Instant::now() < give_up, "{url} never answered {status}");
        sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn readiness_follows_what_is_needed_and_liveness_does_not() {
    let is_there = Arc::new(AtomicBool::new(false));
    let readiness = Readiness::new();
    readiness.add("cellar", Need::Always, {
        let is_there = Arc::clone(&is_there);
        move || {
            let is_there = is_there.load(Ordering::Acquire);
            async move { if is_there { Ok(()) } else { Err("flooded") } }
        }
    });
    let settings = HttpSettings { probe_interval_ms: 20, ..settings() };
    let server = open_with(settings, readiness, Arc::default());
    let report = wait_for_status(&server.admin_url("/readyz"), 503).await;
    assert!(report.contains("\"ready\":false"), "{report}");
    assert_eq!(client().get(server.admin_url("/livez")).send().await.unwrap().status(), 200);
    is_there.store(true, Ordering::Release);
    let report = wait_for_status(&server.admin_url("/readyz"), 200).await;
    assert!(report.contains("\"name\":\"cellar\""), "{report}");
    is_there.store(false, Ordering::Release);
    let report = wait_for_status(&server.admin_url("/readyz"), 503).await;
    assert!(report.contains("flooded"), "{report}");
    server.stop().await;
}

#[tokio::test]
async fn requests_are_measured_by_route() {
    let server = open(settings());
    for id in [1, 2, 3] {
        client().get(server.url(&format!("/api/v1/things/{id}"))).send().await.unwrap();
    }
    client().get(server.url("/api/v1/nowhere")).send().await.unwrap();
    let text = client().get(server.admin_url("/metrics")).send().await.unwrap().text().await.unwrap();
    let has = |parts: &[&str]| text.lines().any(|line| parts.iter().all(|part| line.contains(part)));
    let count = "http_server_request_duration_seconds_count";
    let route = "http_route=\"/api/v1/things/{id}\"";
    assert!(has(&[count, route, "http_request_method=\"GET\"", "http_response_status_code=\"200\""]), "{text}");
    assert!(has(&[count, "http_response_status_code=\"404\""]), "{text}");
    assert!(!has(&["http_route=\"/api/v1/nowhere\""]), "{text}");
    assert!(has(&["http_server_active_requests"]), "{text}");
    server.stop().await;
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let server = open(settings());
    let taken = server.addr.port();
    let attempt = std::panic::catch_unwind(|| open(HttpSettings { port: taken, ..settings() }));
    let panic = attempt.err().expect("the port is taken");
    let message = panic.downcast_ref::<String>().expect("a message");
    assert!(message.contains(&format!("cannot listen on 127.0.0.1:{taken}")), "{message}");
    server.stop().await;
}
