//! What is given up when there is too much to do, rung by rung, set by hand.

use std::time::{Duration, Instant};

use halles_store::ListingContent;
use reqwest::StatusCode;

use crate::market::{Market, PATIENCE, bowl, eur, titled};

#[tokio::test]
async fn without_extras_a_listing_stands_alone_on_its_page() {
    let market = Market::open().await;
    let first = market.address_of(titled("Vase de la même boutique")).await;
    let second = market.address_of(bowl()).await;
    assert!(market.page(&second).await.contains("Vase de la même boutique"), "usually others of the shop are shown");
    market.set_rung(1).await;
    let alone = market.page(&first).await;
    assert!(alone.contains("Vase de la même boutique") && !alone.contains("Bol à soupe en grès"), "{alone}");
}

#[tokio::test]
async fn on_the_rung_for_it_lists_are_shown_for_longer_and_changes_at_once_all_the_same() {
    let market = Market::open().await;
    let _relay = market.start_relay().await;
    let address = market.page_of(bowl()).await;
    market.page("/").await;
    market.set_rung(2).await;
    let began = Instant::now();
    // Without the rung a list is made anew within the second.
    while began.elapsed() < Duration::from_millis(1_500) {
        market.page("/").await;
    }
    let overdue = market.get("/").await;
    assert!(overdue.header("cache-status").contains("page-overdue"), "{:?}", overdue.headers);
    assert!(overdue.header("age").parse::<u64>().is_ok_and(|age| (1..=12).contains(&age)), "{:?}", overdue.headers);

    let id: i64 = address.split('/').nth(2).and_then(|id| id.parse().ok()).expect("a number");
    let listing = market.listing(id).await;
    let dearer = ListingContent { price: Some(eur(9_876)), ..bowl() };
    market.writer.update_listing(listing.id, listing.version, &dearer).await.expect("a change");
    market.wait_for(&address, "98,76").await;
}

#[tokio::test]
async fn crawlers_are_refused_before_people_and_what_is_ready_is_given_to_everybody() {
    let market = Market::open().await;
    let ready = market.page_of(bowl()).await;
    // Two workers; each remembers the way for itself.
    for _ in 0..20 {
        market.page(&ready).await;
    }
    market.set_rung(4).await;
    let crawler = [("user-agent", "Mozilla/5.0 (compatible; Examplebot/1.0)")];
    let refused = market.get_with("/s/l-atelier-du-port", &crawler).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds >= 60));
    assert_eq!(market.get("/c/bols").await.status, StatusCode::OK);

    market.set_rung(5).await;
    let refused = market.get("/c/vases").await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        refused.body.contains("<main") && !refused.header("retry-after").is_empty(),
        "people get a page of the shop"
    );
    let began = Instant::now();
    let mut given = 0;
    while given < 10 {
        assert!(began.elapsed() < PATIENCE);
        given += usize::from(market.get(&ready).await.status == StatusCode::OK);
    }
    assert_eq!(market.admin("/livez").await.status, StatusCode::OK);
}
