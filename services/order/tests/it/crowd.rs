//! Many at once: nothing is oversold, everybody is answered, and one intent is one order.

use std::collections::HashSet;

use reqwest::StatusCode;
use tokio::task::JoinSet;

use crate::market::{Answer, Market, request_for, send};

/// Sends every order at once and collects the answers.
async fn all_at_once(market: &Market, orders: impl Iterator<Item = (String, serde_json::Value)>) -> Vec<Answer> {
    let mut tasks = JoinSet::new();
    for (key, body) in orders {
        let request = market.client.post(market.url("/api/v1/orders")).header("Idempotency-Key", key).json(&body);
        tasks.spawn(send(request));
    }
    tasks.join_all().await
}

#[tokio::test]
async fn of_200_orders_for_50_pieces_exactly_50_are_held() {
    let market = Market::open().await;
    let listing = market.listing(50).await;
    let orders = (0..200).map(|number| (format!("shopper-number-{number}"), request_for(listing.id, 1)));
    let answers = all_at_once(&market, orders).await;
    let count = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((count(StatusCode::CREATED), count(StatusCode::CONFLICT)), (50, 150));
    for refused in answers.iter().filter(|answer| answer.status == StatusCode::CONFLICT) {
        let problem = refused.json();
        assert_eq!(problem["code"], "out_of_stock");
        assert_eq!(problem["order"]["refusals"][0]["available"], 0);
    }
    let names: HashSet<String> = answers
        .iter()
        .filter(|answer| answer.status == StatusCode::CREATED)
        .map(|answer| answer.json()["id"].to_string())
        .collect();
    assert_eq!(names.len(), 50);
    let stock = market.stock(listing.id).await;
    assert_eq!((stock.held(), stock.available()), (50, 0));
}

#[tokio::test]
async fn c2_rule_06_one_key_sent_20_times_at_once_is_one_order() {
    let market = Market::open().await;
    let listing = market.listing(50).await;
    let orders = (0..20).map(|_| ("the-very-same-key".to_owned(), request_for(listing.id, 2)));
    let answers = all_at_once(&market, orders).await;
    let names: HashSet<String> = answers.iter().map(|answer| answer.json()["id"].to_string()).collect();
    assert_eq!(names.len(), 1, "{answers:?}");
    let first = answers.iter().filter(|answer| answer.status == StatusCode::CREATED).count();
    let replayed = answers.iter().filter(|answer| answer.status == StatusCode::OK);
    assert!(replayed.clone().all(|answer| answer.header("idempotency-replayed") == "true"));
    assert_eq!((first, replayed.count()), (1, 19));
    assert_eq!(market.stock(listing.id).await.held(), 2);
}
