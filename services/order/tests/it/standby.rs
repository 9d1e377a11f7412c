//! Two workers: one leads, the other is ready.

use std::time::{Duration, Instant};

use halles_order_worker::OrderWorkerSettings;
use halles_queue::order_log::OrderLogSettings;
use reqwest::StatusCode;

use crate::market::{Market, request_for};

/// The lead and its pauses as they are by default; tests are otherwise less patient.
fn as_in_life(settings: &mut OrderWorkerSettings) {
    let usual = OrderLogSettings::default();
    settings.order_log.leader_ttl_ms = usual.leader_ttl_ms;
    settings.order_log.block_ms = usual.block_ms;
    settings.orders.standby_pause_ms = OrderWorkerSettings::default().orders.standby_pause_ms;
}

/// Law 8: a leader that dies without a word is replaced within five seconds, and nothing is lost or doubled.
#[tokio::test(flavor = "multi_thread")]
async fn a_standby_takes_over_within_five_seconds() {
    let market = Market::open_without_worker(|_| {}).await;
    let listing = market.listing(100).await;
    let leader = market.spawn_worker(as_in_life).await;
    assert_eq!(market.order("key-of-before", &request_for(listing.id, 1)).await.status, StatusCode::CREATED);
    let standby = market.spawn_worker(as_in_life).await;
    leader.task.abort();
    let died = Instant::now();
    let order = market.order("key-of-after", &request_for(listing.id, 1)).await;
    let took = died.elapsed();
    assert_eq!(order.status, StatusCode::CREATED, "{}", order.body);
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert_eq!(market.stock(listing.id).await.held(), 2);
    standby.shutdown.request();
    standby.task.await.expect("no panic").expect("a clean end");
}

/// A leader that ends as it should leaves the lead to the standby at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_is_stopped_hands_over_at_once() {
    let market = Market::open_without_worker(|_| {}).await;
    let listing = market.listing(100).await;
    let leader = market.spawn_worker(as_in_life).await;
    assert_eq!(market.order("key-of-before", &request_for(listing.id, 1)).await.status, StatusCode::CREATED);
    let standby = market.spawn_worker(as_in_life).await;
    leader.shutdown.request();
    leader.task.await.expect("no panic").expect("a clean end");
    let handed_over = Instant::now();
    let order = market.order("key-of-after", &request_for(listing.id, 1)).await;
    assert_eq!(order.status, StatusCode::CREATED, "{}", order.body);
    let took = handed_over.elapsed();
    let lead = Duration::from_millis(OrderLogSettings::default().leader_ttl_ms);
    assert!(took < lead, "it waited for the lead to run out: {took:?}");
    standby.shutdown.request();
    standby.task.await.expect("no panic").expect("a clean end");
}
