//! A committed change is on the page within a second, whichever way it travels.

use std::time::{Duration, Instant};

use halles_store::ListingContent;

use crate::market::{Market, bowl, eur};

/// The promise, and as much again for a machine that compiles beside the test.
const PROMISE: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
async fn a_new_price_travels_through_the_change_stream() {
    let market = Market::open().await;
    let _relaying = market.start_relay().await;
    the_new_price_shows(&market).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_a_new_price_is_polled_from_the_outbox() {
    let market = Market::open_with(|settings| {
        settings.changes.redis_url = "".into();
        settings.cache.redis_url = "".into();
    })
    .await;
    the_new_price_shows(&market).await;
}

async fn the_new_price_shows(market: &Market) {
    let mut listing = market.publish(bowl()).await;
    let path = format!("/l/{}/bol-a-soupe-en-gres", listing.id);
    assert!(market.page(&path).await.contains("24,50\u{a0}€"));
    // The first change may meet a relay that is still taking its place; from then on the promise holds.
    for (cents, shown, patience) in [(3_100, "31,00\u{a0}€", PROMISE * 5), (3_200, "32,00\u{a0}€", PROMISE)] {
        let content = ListingContent { price: Some(eur(cents)), ..bowl() };
        listing = market.writer.update_listing(listing.id, listing.version, &content).await.expect("changes");
        let since = Instant::now();
        market.wait_for(&path, shown).await;
        assert!(since.elapsed() < patience, "{shown} took {:?}", since.elapsed());
        assert!(market.page("/c/bols").await.contains(shown), "lists show the price of the listing's page");
    }
}
