//! What no honest shopper sends: always a clear 4xx, never a panic, never an order.

use halles_domain::ListingId;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::market::{Market, contact, request_for, send};

#[tokio::test]
async fn nonsense_is_refused_with_the_field_that_is_wrong() {
    let market = Market::open_without_worker(|_| {}).await;
    let id = market.listing(5).await.id;
    let with = |field: &str, value: Value| {
        let mut body = request_for(id, 1);
        *body.pointer_mut(field).expect("a field") = value;
        body
    };
    let thousand: Vec<Value> = (1..=1_000).map(|id| json!({ "listing_id": id, "quantity": 1 })).collect();
    for (body, status, field) in [
        (with("/contact/name", "x".repeat(50_000).into()), 422, "name"),
        (with("/contact/email", "nobody".into()), 422, "email"),
        (with("/contact/town", "\u{0}\u{7}".into()), 422, "town"),
        (with("/lines", json!([])), 422, "lines"),
        (with("/lines", thousand.into()), 422, "lines"),
        (with("/lines/0/quantity", 0.into()), 422, "quantity"),
        (with("/lines/0/quantity", 1_000.into()), 422, "quantity"),
        (with("/lines/0/listing_id", (-1).into()), 422, "listing_id"),
        (with("/language", "tlh".into()), 422, "language"),
        (with("/lines/0/quantity", (-1).into()), 400, "body"),
        (with("/lines/0/quantity", 1.5.into()), 400, "body"),
        (json!({ "lines": [], "contact": contact(), "admin": true }), 400, "admin"),
        (json!([]), 400, ""),
    ] {
        let answer = market.order("key-of-a-villain", &body).await;
        let problem = answer.json();
        assert_eq!(answer.status.as_u16(), status, "{problem}");
        let fields: Vec<&str> =
            problem["errors"].as_array().expect("errors").iter().filter_map(|error| error["field"].as_str()).collect();
        assert!(field.is_empty() || fields.contains(&field), "{field} in {problem}");
    }
    assert_eq!(market.stock(id).await.held(), 0);
}

#[tokio::test]
async fn keys_and_bodies_have_bounds() {
    let market = Market::open_without_worker(|_| {}).await;
    let body = request_for(ListingId::new(1), 1);
    for key in ["short", "with a blank", &"x".repeat(201)] {
        let answer = market.order(key, &body).await;
        assert_eq!((answer.status, &answer.json()["code"]), (StatusCode::BAD_REQUEST, &json!("invalid")), "{key}");
    }
    let without_key = send(market.client.post(market.url("/api/v1/orders")).json(&body)).await;
    assert_eq!(without_key.json()["code"], "idempotency_key_missing");
    let huge = send(
        market
            .client
            .post(market.url("/api/v1/orders"))
            .header("Idempotency-Key", "key-of-a-giant")
            .body(vec![b' '; 1 << 20]),
    )
    .await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn forms_take_nonsense_calmly() {
    let market = Market::open_without_worker(|_| {}).await;
    let id = market.listing(5).await.id.to_string();
    let long = "x".repeat(50_000);
    for (path, form) in [
        ("/basket/lines", vec![("listing_id", "-1")]),
        ("/basket/lines", vec![("listing_id", "x")]),
        ("/basket/lines", vec![("listing_id", id.as_str()), ("quantity", "-1")]),
        ("/basket/lines", vec![("listing_id", id.as_str()), ("quantity", "0")]),
        ("/basket/lines", vec![]),
        ("/basket/lines/1", vec![("quantity", "99999999999999999999")]),
        ("/basket/lines/abc", vec![("quantity", "1")]),
        ("/checkout", vec![("idempotency_key", "key-of-a-villain"), ("lines", "1:1"), ("name", long.as_str())]),
    ] {
        let answer = market.post(path, &form).await;
        assert!(answer.status.is_client_error(), "{path} {form:?}: {}", answer.status);
        assert!(answer.body.contains("<!DOCTYPE html>"), "people get a page: {}", answer.body);
    }
    let too_many = market.post("/basket/lines", &[("listing_id", &id), ("quantity", "1000")]).await;
    assert_eq!(too_many.header("location"), "/basket?notice=too-many");
}

#[tokio::test]
async fn a_forged_basket_is_an_empty_one() {
    let market = Market::open_without_worker(|_| {}).await;
    for forged in ["", "1x1.9999999999.AAAA", "🧺", &"x".repeat(4_000)] {
        let request = market.client.get(market.url("/basket")).header("cookie", format!("basket={forged}"));
        let page = send(request).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("Votre panier est vide"));
    }
}
