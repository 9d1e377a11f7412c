//! Stopping loses nobody.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use halles_http::{AdminServer, AdminSettings, HttpSettings, Readiness};
use tokio::time::sleep;

use crate::stall::{Bell, client, open, open_with, settings, telemetry};

/// Waits for a condition.
async fn until(condition: impl Fn() -> bool) {
    let waited = tokio::time::timeout(Duration::from_secs(10), async {
        while !condition() {
            sleep(Duration::from_millis(2)).await;
        }
    });
    waited.await.expect("the condition came true");
}

#[tokio::test]
async fn what_is_in_flight_is_finished_and_nothing_new_is_taken() {
    let bell = Arc::new(Bell::default());
    let server = open_with(settings(), Readiness::new(), Arc::clone(&bell));
    let (addr, slow) = (server.addr, server.url("/slow"));
    let in_flight = tokio::spawn(async move { client().get(slow).send().await.unwrap().text().await.unwrap() });
    bell.has_entered.notified().await;
    let stopping = tokio::spawn(server.stop());
    // Nobody listens any more, and the request is still there.
    while tokio::net::TcpStream::connect(addr).await.is_ok() {
        sleep(Duration::from_millis(2)).await;
    }
    assert!(!in_flight.is_finished());
    bell.may_leave.notify_waiters();
    assert_eq!(in_flight.await.unwrap(), "at last");
    stopping.await.unwrap();
}

/// Callers as a balancer sends them: only to an instance whose readiness it has lately seen.
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_under_load_fails_no_request() {
    let server = open(HttpSettings { workers: 2, drain_delay_ms: 1_500, ..settings() });
    let is_in_rotation = Arc::new(AtomicBool::new(true));
    let (answered, failed) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let balancer = tokio::spawn({
        let (is_in_rotation, readyz) = (Arc::clone(&is_in_rotation), server.admin_url("/readyz"));
        async move {
            while client().get(&readyz).send().await.is_ok_and(|answer| answer.status() == 200) {
                sleep(Duration::from_millis(10)).await;
            }
            is_in_rotation.store(false, Ordering::Release);
        }
    });
    let callers: Vec<_> = (0..16)
        .map(|_| {
            let (is_in_rotation, url) = (Arc::clone(&is_in_rotation), server.url("/"));
            let (answered, failed) = (Arc::clone(&answered), Arc::clone(&failed));
            tokio::spawn(async move {
                let client = client();
                while is_in_rotation.load(Ordering::Acquire) {
                    let is_fine = client.get(&url).send().await.is_ok_and(|answer| answer.status() == 200);
                    let counter = if is_fine { &answered } else { &failed };
                    counter.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    until(|| answered.load(Ordering::Relaxed) > 200).await;
    server.stop().await;
    balancer.await.unwrap();
    for caller in callers {
        caller.await.unwrap();
    }
    assert_eq!(failed.load(Ordering::Relaxed), 0);
    assert!(answered.load(Ordering::Relaxed) > 200);
}

#[tokio::test]
async fn while_draining_callers_are_asked_to_reconnect() {
    let server = open(HttpSettings { drain_delay_ms: 1_500, ..settings() });
    let (url, readyz) = (server.url("/"), server.admin_url("/readyz"));
    let before = client().get(&url).send().await.unwrap();
    assert!(!before.headers().contains_key("connection"));
    let stopping = tokio::spawn(server.stop());
    while client().get(&readyz).send().await.unwrap().status() == 200 {
        sleep(Duration::from_millis(2)).await;
    }
    let answer = client().get(&url).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["connection"]), (200, &"close".parse().unwrap()));
    stopping.await.unwrap();
}

fn terminate_this_process() {
    let kill = std::process::Command::new("kill").args(["-TERM", &std::process::id().to_string()]).status();
    assert!(kill.expect("kill runs").success());
}

#[tokio::test]
async fn a_worker_told_to_stop_finishes_what_it_has_in_hand() {
    let readiness = Readiness::new();
    let worker = AdminServer::new("halles-test", AdminSettings::default(), readiness.clone(), telemetry());
    let has_finished = AtomicBool::new(false);
    let outcome = worker.run(async |shutdown| {
        assert!(readiness.is_ready(Duration::from_secs(1)));
        terminate_this_process();
        shutdown.requested().await;
        assert!(!readiness.is_ready(Duration::from_secs(1)));
        has_finished.store(true, Ordering::Release);
        Ok(())
    });
    outcome.await.expect("a clean end");
    assert!(has_finished.load(Ordering::Acquire));
}

#[tokio::test]
async fn a_worker_whose_work_fails_says_so() {
    let worker = AdminServer::new("halles-test", AdminSettings::default(), Readiness::new(), telemetry());
    let outcome = worker.run(async |_| Err(std::io::Error::other("the cart broke").into())).await;
    assert_eq!(outcome.expect_err("it failed").to_string(), "the cart broke");
}
