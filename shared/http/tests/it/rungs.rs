//! The ladder, set by hand over the admin port.

use std::time::{Duration, Instant};

use halles_http::{AdmissionSettings, HttpSettings, RunningServer};
use serde_json::{Value, json};

use crate::stall::{client, open, settings};

const TOKEN: &str = "a token that nobody could guess so soon";

fn with_token() -> RunningServer {
    let admission = AdmissionSettings { rung_token: TOKEN.into(), ..AdmissionSettings::default() };
    open(HttpSettings { admission, ..settings() })
}

async fn order(server: &RunningServer, token: &str, order: &Value) -> (u16, Value) {
    let request = client().put(server.admin_url("/rung")).bearer_auth(token).json(order);
    let answer = request.send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("a document"))
}

fn rung(number: u8, seconds: u64) -> Value {
    json!({ "rung": number, "seconds": seconds, "why": "a rehearsal <1>", "by": "ann" })
}

async fn standing(server: &RunningServer) -> Value {
    client().get(server.admin_url("/rung")).send().await.expect("an answer").json().await.expect("a document")
}

async fn status_of(server: &RunningServer, path: &str) -> u16 {
    client().get(server.url(path)).send().await.expect("an answer").status().as_u16()
}

#[tokio::test]
async fn a_rung_set_by_hand_is_obeyed_seen_and_over_in_time() {
    let server = with_token();
    let (status, answer) = order(&server, TOKEN, &rung(5, 2)).await;
    assert_eq!((status, &answer["rung"], &answer["automatic"]), (200, &json!("only_checkout"), &json!("open")));
    assert_eq!(answer["by_hand"]["by"], "ann");
    assert_eq!((status_of(&server, "/").await, status_of(&server, "/api/v1/burn").await), (503, 200));

    let page = client().get(server.admin_url("/status")).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Rung 5, <b>only_checkout</b>") && page.contains("Set by ann"), "{page}");
    assert!(page.contains("a rehearsal &lt;1&gt;") && !page.contains("a rehearsal <1>"), "{page}");
    let metrics = client().get(server.admin_url("/metrics")).send().await.unwrap().text().await.unwrap();
    assert!(metrics.lines().any(|line| line.starts_with("halles_ladder_rung")), "{metrics}");

    let give_up = Instant::now() + Duration::from_secs(10);
    while status_of(&server, "/").await != 200 {
        assert!(Instant::now() < give_up, "it never expired");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let now = standing(&server).await;
    assert_eq!((&now["rung"], now.get("by_hand")), (&json!("open"), None));
    let whats: Vec<&str> = now["moves"].as_array().unwrap().iter().filter_map(|entry| entry["what"].as_str()).collect();
    assert_eq!(whats, ["expired", "set"]);
    server.stop().await;
}

#[tokio::test]
async fn letting_go_makes_it_automatic_again() {
    let server = with_token();
    order(&server, TOKEN, &rung(5, 600)).await;
    let let_go = client().delete(server.admin_url("/rung")).bearer_auth(TOKEN).json(&json!({ "by": "ben" }));
    assert_eq!(let_go.send().await.unwrap().status(), 200);
    assert_eq!(status_of(&server, "/").await, 200);
    assert_eq!(standing(&server).await["moves"][0]["by"], "ben");
    server.stop().await;
}

#[tokio::test]
async fn nobody_without_the_token_and_nothing_without_bounds() {
    let server = with_token();
    for token in ["", "a token that nobody could guess so late"] {
        assert_eq!(order(&server, token, &rung(5, 60)).await.0, 403);
    }
    let let_go = client().delete(server.admin_url("/rung")).json(&json!({ "by": "ben" }));
    assert_eq!(let_go.send().await.unwrap().status(), 403);
    for order_of in [rung(7, 60), rung(1, 0), rung(1, 86_401)] {
        assert_eq!(order(&server, TOKEN, &order_of).await.0, 422, "{order_of}");
    }
    for (why, by) in [("", "ann"), ("why", " "), ("two\nlines", "ann"), ("x".repeat(201).as_str(), "ann")] {
        let order_of = json!({ "rung": 1, "seconds": 60, "why": why, "by": by });
        assert_eq!(order(&server, TOKEN, &order_of).await.0, 422, "{order_of}");
    }
    assert_eq!(standing(&server).await["number"], 0);
    server.stop().await;

    let without_token = open(settings());
    assert_eq!(order(&without_token, "", &rung(1, 60)).await.0, 403, "no token, nobody");
    without_token.stop().await;
}
