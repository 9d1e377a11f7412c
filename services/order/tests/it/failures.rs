//! What breaks, and what shoppers notice of it.

use std::time::Duration;

use halles_queue::order_log::{Consumer, OrderLog};
use halles_store::PlacementRules;
use halles_testkit::{ChaosProxy, TestRedis, eventually};
use reqwest::StatusCode;
use serde_json::json;

use crate::market::{Market, PATIENCE, log_settings, request_for};

/// A market whose service reaches the log through a wire that can be cut.
async fn behind_a_wire() -> (Market, ChaosProxy) {
    let (proxy, url) = ChaosProxy::before(&TestRedis::log().url).await;
    let market = Market::open_without_worker(|settings| {
        settings.order_log.redis_url = url.into();
        settings.order_log.redis.response_timeout_ms = 200;
        settings.orders.outcome_wait_ms = 500;
    })
    .await;
    (market, proxy)
}

#[tokio::test]
async fn without_the_log_the_service_places_by_itself() {
    let (market, wire) = behind_a_wire().await;
    let listing = market.listing(5).await;
    wire.cut();
    let order = market.order("key-without-log-1", &request_for(listing.id, 2)).await;
    assert_eq!(order.status, StatusCode::CREATED, "{}", order.body);
    let page = market.get(order.json()["status_url"].as_str().expect("an address")).await;
    assert!(page.body.contains("Vos pièces sont réservées"), "even before the replica knows it");
    let again = market.order("key-without-log-1", &request_for(listing.id, 2)).await;
    assert_eq!((again.status, again.header("idempotency-replayed")), (StatusCode::OK, "true"));
    assert_eq!(market.stock(listing.id).await.held(), 2);
}

#[tokio::test]
async fn a_log_that_hangs_is_as_good_as_none() {
    let (market, wire) = behind_a_wire().await;
    let listing = market.listing(5).await;
    wire.stall();
    let order = market.order("key-hanging-log-1", &request_for(listing.id, 1)).await;
    assert_eq!(order.status, StatusCode::CREATED, "{}", order.body);
}

/// The append went through and its answer did not: the entry in the log and the order placed without it are one.
#[tokio::test]
async fn both_ways_at_once_are_one_order() {
    let (mut market, wire) = behind_a_wire().await;
    let listing = market.listing(5).await;
    let pending = market.order("key-of-two-ways-1", &request_for(listing.id, 2)).await;
    assert_eq!(pending.status, StatusCode::ACCEPTED, "the entry is in the log");
    wire.cut();
    let placed = market.order("key-of-two-ways-1", &request_for(listing.id, 2)).await;
    assert_eq!(placed.status, StatusCode::CREATED, "{}", placed.body);
    assert_eq!(placed.json()["id"], pending.json()["id"]);
    market.start_worker().await;
    let log = OrderLog::connect(&log_settings(&market.log)).await.expect("the log");
    eventually("the log is drained", PATIENCE, async || log.depth().await.expect("readable").waiting == 0).await;
    assert_eq!(market.stock(listing.id).await.held(), 2);
}

#[tokio::test]
async fn c2_rule_02_without_log_and_primary_nothing_is_taken_and_nothing_is_lost() {
    let (log_wire, log_url) = ChaosProxy::before(&TestRedis::log().url).await;
    let mut primary_wire = None;
    let mut market = {
        let database_address = std::env::var("HALLES_TEST_PRIMARY").expect("a server; run with `cargo dev test`");
        let (wire, through) = ChaosProxy::before(&database_address).await;
        let port = url_port(&through);
        primary_wire.replace(wire);
        Market::open_without_worker(|settings| {
            settings.order_log.redis_url = log_url.into();
            let direct = settings.store.primary_url.expose().to_owned();
            settings.store.primary_url =
                direct.replace(&format!(":{}/", url_port(&direct)), &format!(":{port}/")).into();
            settings.store.fallback_max_concurrent = 1;
        })
        .await
    };
    let primary_wire = primary_wire.expect("a wire");
    let listing = market.listing(5).await;
    log_wire.cut();
    primary_wire.cut();
    let refused = market.order("key-of-bad-weather", &request_for(listing.id, 1)).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.body);
    assert_eq!((refused.header("retry-after"), &refused.json()["code"]), ("3", &"unavailable".into()));

    // The form comes back whole, with its key; what was put into the basket stays.
    market.post("/basket/lines", &[("listing_id", &listing.id.to_string()), ("quantity", "2")]).await;
    let key = market.get("/checkout").await.hidden("idempotency_key");
    let lines = format!("{}:2", listing.id);
    let form = [
        ("idempotency_key", key.as_str()),
        ("lines", &lines),
        ("name", "Zoé"),
        ("email", "zoe@example.org"),
        ("street", "1 rue X"),
        ("postcode", "69001"),
        ("town", "Lyon"),
        ("country", "FR"),
    ];
    let page = market.post("/checkout", &form).await;
    assert_eq!((page.status, page.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "3"));
    assert_eq!(page.hidden("idempotency_key"), key);
    assert!(page.body.contains("zoe@example.org") && page.headers.get("set-cookie").is_none());

    log_wire.restore();
    primary_wire.restore();
    market.start_worker().await;
    eventually("the same form is taken", PATIENCE, async || {
        market.post("/checkout", &form).await.status == StatusCode::SEE_OTHER
    })
    .await;
    eventually("two pieces are held, once", PATIENCE, async || market.stock(listing.id).await.held() == 2).await;
}

pub fn url_port(url: &str) -> u16 {
    let (_, rest) = url.rsplit_once('@').unwrap_or(("", url));
    let port: String = rest.rsplit(':').next().expect("a port").chars().take_while(char::is_ascii_digit).collect();
    port.parse().expect("a port")
}

/// A worker that placed a batch and died before it could tell: the next one finds a replay.
#[tokio::test]
async fn a_worker_killed_between_placing_and_telling_leaves_no_duplicate() {
    let mut market = Market::open_without_worker(|settings| settings.orders.outcome_wait_ms = 20).await;
    let listing = market.listing(5).await;
    let pending = market.order("key-of-the-killed", &request_for(listing.id, 2)).await;
    assert_eq!(pending.status, StatusCode::ACCEPTED);
    let mut doomed = Consumer::connect(&log_settings(&market.log)).await.expect("a consumer");
    let mut batch = Vec::new();
    eventually("the request is taken", PATIENCE, async || {
        batch = doomed.take().await.expect("readable");
        !batch.is_empty()
    })
    .await;
    let rules = PlacementRules::holding(Duration::from_secs(600));
    market.writer.place_batch(std::slice::from_ref(&batch[0].request), &rules).await.expect("placed");
    drop(doomed);

    market.start_worker().await;
    let log = OrderLog::connect(&log_settings(&market.log)).await.expect("the log");
    eventually("the log is drained", PATIENCE, async || log.depth().await.expect("readable").waiting == 0).await;
    let id = pending.json()["id"].as_str().expect("a name").to_owned();
    market.wait_for_state(&id, "awaiting_payment").await;
    assert_eq!(market.stock(listing.id).await.held(), 2);
}

#[tokio::test]
async fn c2_rule_15_a_worker_killed_in_a_crowd_loses_and_doubles_nothing() {
    let mut market = Market::open_without_worker(|settings| settings.orders.outcome_wait_ms = 20).await;
    let listing = market.listing(500).await;
    for number in 0..100 {
        let answer = market.order(&format!("key-of-a-crowd-{number}"), &request_for(listing.id, 1)).await;
        // A worker that happens to live may be quick enough.
        assert!(matches!(answer.status, StatusCode::ACCEPTED | StatusCode::CREATED), "{}", answer.status);
        // Each worker in turn is killed wherever it happens to be.
        if number % 20 == 10 {
            market.start_worker().await;
        }
        if number % 20 == 15 {
            market.kill_worker().await;
        }
    }
    market.start_worker().await;
    let log = OrderLog::connect(&log_settings(&market.log)).await.expect("the log");
    eventually("the log is drained", PATIENCE, async || log.depth().await.expect("readable").waiting == 0).await;
    assert_eq!(market.stock(listing.id).await.held(), 100);
    market.stop_worker().await;
}

#[tokio::test]
async fn a_full_log_refuses_early_and_says_when_to_come_back() {
    let market = Market::open_without_worker(|settings| {
        settings.order_log.max_depth = 1;
        settings.orders.outcome_wait_ms = 20;
    })
    .await;
    let listing = market.listing(5).await;
    assert_eq!(market.order("key-of-the-first", &request_for(listing.id, 1)).await.status, StatusCode::ACCEPTED);
    let refused = market.order("key-of-the-second", &request_for(listing.id, 1)).await;
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "3"));
    assert_eq!(refused.json()["code"], "too_many_orders");
}

/// C2 rule 12: who is noted is told the place and the time; who could not be served in the promised time is told so.
#[tokio::test]
async fn c2_rule_12_a_noted_order_is_told_its_place_and_nobody_is_promised_too_long_a_wait() {
    let mut market = Market::open_without_worker(|settings| {
        settings.orders.outcome_wait_ms = 20;
        settings.order_log.max_wait_ms = 1;
    })
    .await;
    let listing = market.listing(50).await;
    let first = market.order("key-of-the-first", &request_for(listing.id, 1)).await;
    assert_eq!(first.status, StatusCode::ACCEPTED, "{}", first.body);
    assert_eq!(first.json()["queue"], json!({ "place": 1, "expected_seconds": null }), "nobody works on the log yet");
    market.start_worker().await;
    market.wait_for_state(first.json()["id"].as_str().expect("a name"), "awaiting_payment").await;
    market.stop_worker().await;
    // Placing one order takes longer than a millisecond, so a second one behind this one is more than may be promised.
    let second = market.order("key-of-the-second", &request_for(listing.id, 1)).await.json();
    assert_eq!(second["queue"]["place"], 1, "{second}");
    assert!(second["queue"]["expected_seconds"].as_u64().is_some_and(|seconds| seconds >= 1), "{second}");
    let refused = market.order("key-of-the-third", &request_for(listing.id, 1)).await;
    assert_eq!((refused.status, &refused.json()["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("too_many_orders")));
    assert_eq!(refused.header("retry-after"), "3");
}

#[tokio::test]
async fn readiness_shows_what_is_there() {
    let market = Market::open().await;
    eventually("all that is asked about is there", PATIENCE, async || {
        let report = market.admin("/readyz").await;
        let probes = report.json()["probes"].clone();
        let fine = probes.as_array().expect("probes").iter().filter(|probe| probe["fine"] == true).count();
        (report.status, fine) == (StatusCode::OK, 3)
    })
    .await;
}
