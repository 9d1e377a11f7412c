//! The states of an order, as its shopper sees them.

use reqwest::StatusCode;
use serde_json::json;

use crate::market::{Market, request_for};

#[tokio::test]
async fn the_same_key_is_the_same_order_and_another_body_is_refused() {
    let market = Market::open().await;
    let listing = market.listing(5).await;
    let first = market.order("key-of-zoe-1", &request_for(listing.id, 1)).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    let id = first.json()["id"].as_str().expect("a name").to_owned();
    assert_eq!(first.header("location"), format!("/api/v1/orders/{id}"));
    let again = market.order("key-of-zoe-1", &request_for(listing.id, 1)).await;
    assert_eq!((again.status, again.header("idempotency-replayed")), (StatusCode::OK, "true"));
    assert_eq!(again.json()["id"], id.as_str());
    let other = market.order("key-of-zoe-1", &request_for(listing.id, 2)).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.json()["code"], "idempotency_key_reused");
    assert_eq!(market.stock(listing.id).await.held(), 1);
}

#[tokio::test]
async fn without_a_worker_an_order_is_being_checked_until_one_comes() {
    let mut market = Market::open_without_worker(|settings| settings.orders.outcome_wait_ms = 20).await;
    let listing = market.listing(5).await;
    let pending = market.order("key-of-zoe-2", &request_for(listing.id, 1)).await;
    assert_eq!(pending.status, StatusCode::ACCEPTED, "{}", pending.body);
    let order = pending.json();
    assert_eq!(order["state"], "pending");
    let id = order["id"].as_str().expect("a name").to_owned();
    let page = market.get(&format!("/orders/{id}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Nous vérifions le stock") && page.body.contains("http-equiv=\"refresh\""));
    market.start_worker().await;
    market.wait_for_state(&id, "awaiting_payment").await;
    let page = market.get(&format!("/orders/{id}")).await;
    assert!(page.body.contains("Vos pièces sont réservées") && page.body.contains("Bol en grès bleu"));
    assert!(!page.body.contains("http-equiv=\"refresh\"") && !page.body.contains("camille"), "no personal data");
}

/// C2 rule 16: cancel any time, also before anybody has looked at the order.
#[tokio::test]
async fn an_order_that_is_being_checked_can_be_taken_back() {
    let mut market = Market::open_without_worker(|settings| settings.orders.outcome_wait_ms = 20).await;
    let listing = market.listing(5).await;
    let pending = market.order("key-of-second-thoughts", &request_for(listing.id, 2)).await;
    assert_eq!(pending.status, StatusCode::ACCEPTED, "{}", pending.body);
    let id = pending.json()["id"].as_str().expect("a name").to_owned();
    let page = market.get(&format!("/orders/{id}")).await;
    assert!(page.body.contains(&format!("/orders/{id}/cancel")), "{}", page.body);
    for _ in 0..2 {
        let cancelled = market.post(&format!("/orders/{id}/cancel"), &[]).await;
        assert_eq!(cancelled.header("location"), format!("/orders/{id}?after=cancelled"));
    }
    market.start_worker().await;
    // What comes behind it in the log is placed after it.
    let behind = market.order("key-of-the-next-one", &request_for(listing.id, 5)).await.json();
    market.wait_for_state(behind["id"].as_str().expect("a name"), "awaiting_payment").await;
    market.wait_for_state(&id, "cancelled").await;
    let again = market.order("key-of-second-thoughts", &request_for(listing.id, 2)).await;
    assert!(again.status == StatusCode::OK || again.status == StatusCode::ACCEPTED, "{}", again.body);
    let other = request_for(listing.id, 1);
    let reused = market.order("key-of-second-thoughts", &other).await;
    assert!(reused.status != StatusCode::CREATED, "the key belongs to the order that was taken back: {}", reused.body);
}

#[tokio::test]
async fn a_refusal_says_which_line_and_how_many_are_left() {
    let market = Market::open().await;
    let (plenty, few) = (market.listing(9).await, market.listing(2).await);
    let mut body = request_for(plenty.id, 3);
    body["lines"].as_array_mut().expect("lines").push(json!({ "listing_id": few.id.get(), "quantity": 3 }));
    let refused = market.order("key-of-zoe-3", &body).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let problem = refused.json();
    assert_eq!(problem["code"], "out_of_stock");
    let expected = json!([{ "listing_id": few.id.get(), "reason": "out_of_stock", "available": 2 }]);
    assert_eq!(problem["order"]["refusals"], expected);
    let again = market.order("key-of-zoe-3", &body).await;
    assert_eq!((again.status, &again.json()["replayed"]), (StatusCode::CONFLICT, &json!(true)));
    let page = market.get(problem["order"]["status_url"].as_str().expect("an address")).await;
    assert!(
        page.body.contains("Il n&#39;en reste que 2.") || page.body.contains("Il n'en reste que 2."),
        "{}",
        page.body
    );
    assert_eq!(market.stock(plenty.id).await.held(), 0, "all or nothing");
}

#[tokio::test]
async fn c2_rule_16_cancelling_gives_the_pieces_back_once() {
    let market = Market::open().await;
    let listing = market.listing(5).await;
    let order = market.order("key-of-zoe-4", &request_for(listing.id, 3)).await.json();
    let path = order["status_url"].as_str().expect("an address").to_owned();
    for _ in 0..2 {
        let answer = market.post(&format!("{path}/cancel"), &[]).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::SEE_OTHER, &*format!("{path}?after=cancelled"))
        );
    }
    let page = market.get(&format!("{path}?after=cancelled")).await;
    assert!(page.body.contains("Commande annulée"), "the shopper sees their own write: {}", page.body);
    let stock = market.stock(listing.id).await;
    assert_eq!((stock.held(), stock.available()), (0, 5));
}

#[tokio::test]
async fn a_hold_ends_in_time_and_gives_the_pieces_back() {
    let mut market = Market::open_without_worker(|settings| settings.orders.hold_ms = 1_000).await;
    market.start_worker().await;
    let listing = market.listing(5).await;
    let order = market.order("key-of-zoe-5", &request_for(listing.id, 5)).await.json();
    let id = order["id"].as_str().expect("a name");
    market.wait_for_state(id, "expired").await;
    assert_eq!(market.stock(listing.id).await.available(), 5);
    let page = market.get(&format!("/orders/{id}")).await;
    assert!(page.body.contains("Le temps de réservation est écoulé"));
    let cancelled = market.post(&format!("/orders/{id}/cancel"), &[]).await;
    assert_eq!(cancelled.header("location"), format!("/orders/{id}?after=cancel-failed"));
}

#[tokio::test]
async fn an_invented_order_does_not_exist() {
    let market = Market::open_without_worker(|_| {}).await;
    for invented in ["0190c7a2-1b2c-8d3e-8f40-112233445566", "not-a-name", "%00"] {
        assert_eq!(market.get(&format!("/orders/{invented}")).await.status, StatusCode::NOT_FOUND, "{invented}");
        let json = market.get(&format!("/api/v1/orders/{invented}")).await;
        assert_eq!((json.status, &json.json()["code"]), (StatusCode::NOT_FOUND, &json!("not_found")));
        let cancelled = market.post(&format!("/orders/{invented}/cancel"), &[]).await;
        assert_eq!(cancelled.status, StatusCode::NOT_FOUND, "{invented}");
    }
}
