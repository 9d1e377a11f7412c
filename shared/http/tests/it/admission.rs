//! Who is let in when not everybody can be, over real sockets.

use std::sync::Arc;
use std::time::{Duration, Instant};

use halles_http::{AdmissionSettings, HttpSettings, Readiness, RunningServer};
use tokio::task::JoinSet;

use crate::stall::{Bell, client, open, open_with, problem_of, settings};

fn with(admission: AdmissionSettings) -> HttpSettings {
    HttpSettings { admission, ..settings() }
}

/// Ten at once and never another number.
fn ten_places() -> HttpSettings {
    with(AdmissionSettings {
        min_concurrent: 10,
        initial_concurrent: 10,
        max_concurrent: 10,
        ..AdmissionSettings::default()
    })
}

async fn text_of(url: &str) -> String {
    client().get(url).send().await.expect("an answer").text().await.expect("a text")
}

/// Waits until so many requests are in work.
async fn until_in_work(server: &RunningServer, count: usize) {
    let give_up = Instant::now() + Duration::from_secs(10);
    while !text_of(&server.admin_url("/status")).await.contains(&format!("In work: {count}, of")) {
        assert!(Instant::now() < give_up, "never were {count} in work");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn when_all_places_are_taken_refusals_are_cheap_and_whoever_buys_is_let_in() {
    let bell = Arc::new(Bell::default());
    let server = open_with(ten_places(), Readiness::new(), Arc::clone(&bell));
    let mut inside = JoinSet::new();
    for _ in 0..9 {
        inside.spawn(client().get(server.url("/slow")).send());
    }
    until_in_work(&server, 9).await;
    let refused = client().get(server.url("/")).header("accept", "application/json").send().await.unwrap();
    assert_eq!(refused.status(), 503);
    let seconds: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((2..=4).contains(&seconds), "{seconds}");
    assert_eq!(problem_of(refused).await.code, "overloaded");
    let page = client().get(server.url("/")).header("cookie", "language=en").send().await.unwrap();
    assert!(page.text().await.unwrap().starts_with("<h1 lang=en>overloaded</h1>"), "people get a page");

    for _ in 0..10 {
        inside.spawn(client().get(server.url("/api/v1/slow")).send());
    }
    until_in_work(&server, 9 + 10).await;
    let refused = client().get(server.url("/api/v1/slow")).send().await.unwrap();
    assert_eq!((refused.status().as_u16(), &refused.headers()["retry-after"]), (503, &"2".parse().unwrap()));
    for health in ["/livez", "/readyz", "/metrics"] {
        assert_eq!(client().get(server.admin_url(health)).send().await.unwrap().status(), 200, "{health}");
    }

    bell.may_leave.notify_waiters();
    while let Some(answer) = inside.join_next().await {
        assert_eq!(answer.expect("no panic").expect("an answer").status(), 200);
    }
    assert_eq!(client().get(server.url("/")).send().await.unwrap().status(), 200, "and everybody is welcome again");
    server.stop().await;
}

#[tokio::test]
async fn whoever_only_waits_takes_nobodys_place() {
    let bell = Arc::new(Bell::default());
    let server = open_with(ten_places(), Readiness::new(), Arc::clone(&bell));
    let mut waiting = JoinSet::new();
    for _ in 0..20 {
        waiting.spawn(client().get(server.url("/patient")).send());
        bell.has_entered.notified().await;
    }
    until_in_work(&server, 0).await;
    assert_eq!(client().get(server.url("/")).send().await.unwrap().status(), 200);
    bell.may_leave.notify_waiters();
    while let Some(answer) = waiting.join_next().await {
        assert_eq!(answer.expect("no panic").expect("an answer").status(), 200);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_refusal_takes_less_than_a_millisecond() {
    let bell = Arc::new(Bell::default());
    let server = open_with(ten_places(), Readiness::new(), Arc::clone(&bell));
    let mut inside = JoinSet::new();
    for _ in 0..9 {
        inside.spawn(client().get(server.url("/slow")).send());
    }
    until_in_work(&server, 9).await;
    let (client, url) = (client(), server.url("/"));
    let mut times = Vec::new();
    for _ in 0..300 {
        let began = Instant::now();
        assert_eq!(client.get(&url).send().await.unwrap().status(), 503);
        times.push(began.elapsed());
    }
    times.sort();
    assert!(times[150] < Duration::from_millis(1), "half of them took {:?} and more, sent and read", times[150]);
    bell.may_leave.notify_waiters();
    while inside.join_next().await.is_some() {}
    server.stop().await;
}

#[tokio::test]
async fn whoever_gives_up_waiting_leaves_their_place() {
    let server = open(ten_places());
    for _ in 0..3 {
        let impatient = client().get(server.url("/api/v1/slow")).timeout(Duration::from_millis(50)).send().await;
        assert!(impatient.is_err());
    }
    until_in_work(&server, 0).await;
    server.stop().await;
}

#[tokio::test]
async fn an_address_that_sends_too_many_is_told_to_wait_and_others_are_not() {
    let slowly = AdmissionSettings { request_burst: 5, requests_per_second: 0.5, ..AdmissionSettings::default() };
    let server = open(with(slowly));
    let ask = async |forwarded: &str| {
        client().get(server.url("/api/v1/things/1")).header("x-forwarded-for", forwarded).send().await.unwrap()
    };
    for _ in 0..5 {
        assert_eq!(ask("192.0.2.1").await.status(), 200);
    }
    // A slow machine gives time for another one, but not for twenty.
    let mut refused = ask("192.0.2.1").await;
    for _ in 0..20 {
        if refused.status() != 200 {
            break;
        }
        refused = ask("192.0.2.1").await;
    }
    let retry_after: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert_eq!((refused.status().as_u16(), (1..=2).contains(&retry_after)), (429, true), "{retry_after}");
    assert_eq!(problem_of(refused).await.code, "too_many_requests");
    assert_eq!(ask("192.0.2.2, 192.0.2.1").await.status(), 429, "what a stranger writes in front does not count");
    assert_eq!(ask("192.0.2.1, 192.0.2.2").await.status(), 200);
    let metrics = text_of(&server.admin_url("/metrics")).await;
    let is_counted = |line: &str| line.contains("halles_door_requests") && line.contains("rate_limited");
    assert!(metrics.lines().any(is_counted), "{metrics}");
    server.stop().await;
}

#[tokio::test]
async fn a_callers_deadline_ends_the_work() {
    let server = open(settings());
    let ask = |millis: &str| client().get(server.url("/api/v1/slow")).header("x-request-deadline-ms", millis).send();
    let began = Instant::now();
    let answer = ask("150").await.unwrap();
    assert_eq!(problem_of(answer).await.code, "deadline_exceeded");
    let took = began.elapsed();
    assert!((Duration::from_millis(150)..Duration::from_secs(4)).contains(&took), "{took:?}");
    // The route panics when it is asked for what is too late already.
    let answer = ask("0").await.unwrap();
    assert_eq!((answer.status().as_u16(), problem_of(answer).await.code.as_str()), (503, "deadline_exceeded"));
    server.stop().await;
}

/// Sixty callers keep one worker busy for 180 ms in each round, three times as long as it may be late.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_cannot_keep_up_refuses_some_and_nobody_who_buys() {
    let server = open(with(AdmissionSettings::default()));
    let crowd: Vec<_> = (0..60)
        .map(|number| {
            let url = server.url(if number < 6 { "/api/v1/burn" } else { "/burn" });
            tokio::spawn(async move {
                let (client, until) = (client(), Instant::now() + Duration::from_secs(3));
                let (mut answered, mut refused) = (0_u32, 0_u32);
                while Instant::now() < until {
                    match client.get(&url).send().await.expect("an answer").status().as_u16() {
                        200 => answered += 1,
                        503 => refused += 1,
                        other => panic!("{other}"),
                    }
                }
                (answered, refused)
            })
        })
        .collect();
    let mut tallies = Vec::new();
    for caller in crowd {
        tallies.push(caller.await.expect("no panic"));
    }
    assert!(tallies[..6].iter().all(|(answered, refused)| *answered > 0 && *refused == 0), "{:?}", &tallies[..6]);
    let (answered, refused) = tallies[6..].iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    assert!(answered > 0 && refused > 0, "{answered} answered, {refused} refused");
    let status = text_of(&server.admin_url("/status")).await;
    assert!(status.contains("Moves</h2><ul><li>") && status.contains("automatic"), "the ladder has moved: {status}");
    server.stop().await;
}
