//! What is given up when there is too much to do, rung by rung, set by hand.

use std::time::{Duration, Instant};

use reqwest::StatusCode;

use crate::market::{Market, RUNG_TOKEN, request_for};

async fn open() -> Market {
    Market::open_without_worker(|settings| {
        settings.http.admission.rung_token = RUNG_TOKEN.into();
        // So long that nobody can mistake it for the other.
        settings.orders.outcome_wait_ms = 4_000;
    })
    .await
}

#[tokio::test]
async fn c2_rule_14_on_the_rung_for_it_nobody_waits_for_an_outcome_and_orders_are_placed_all_the_same() {
    let mut market = open().await;
    let listing = market.listing(1).await;
    market.set_rung(3).await;
    let began = Instant::now();
    let noted = market.order("key-of-a-hurried-order", &request_for(listing.id, 1)).await;
    assert_eq!(noted.status, StatusCode::ACCEPTED);
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    let id = noted.json()["id"].as_str().expect("a name").to_owned();
    market.start_worker().await;
    market.wait_for_state(&id, "awaiting_payment").await;
}

#[tokio::test]
async fn when_only_checkout_is_left_it_is_left_and_status_pages_wait() {
    let mut market = open().await;
    market.start_worker().await;
    let listing = market.listing(5).await;
    market.set_rung(5).await;
    // Nobody waits for an outcome any more, so either answer is right.
    let taken = market.order("key-of-an-order-in-the-storm", &request_for(listing.id, 1)).await;
    assert!([StatusCode::CREATED, StatusCode::ACCEPTED].contains(&taken.status), "{}", taken.body);
    assert_eq!(market.get("/basket").await.status, StatusCode::OK);
    let (id, page) = (taken.json()["id"].clone(), taken.json()["status_url"].clone());
    let (id, page) = (id.as_str().expect("a name"), page.as_str().expect("an address"));
    for path in [page, "/api/v1/orders/018f0000-0000-7000-8000-000000000000"] {
        let refused = market.get(path).await;
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(refused.headers.contains_key("retry-after"), "{path}");
    }
    market.set_rung(0).await;
    market.wait_for_state(id, "awaiting_payment").await;
    assert_eq!(market.get(page).await.status, StatusCode::OK);
}
