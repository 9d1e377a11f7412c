//! The relay publishes everything, in order, whoever is killed.

use std::collections::BTreeSet;

use halles_domain::ChangePosition;
use halles_queue::changes::ChangeFeed;
use halles_testkit::{ChaosProxy, eventually};

use super::fixture::{Listener, Marketplace, PATIENCE};

#[tokio::test(flavor = "multi_thread")]
async fn every_change_is_heard_in_the_order_of_the_outbox() {
    let marketplace = Marketplace::open().await;
    let mut listener = marketplace.feed_from_now().await;
    let relay = marketplace.start_relay(&marketplace.settings).await;
    // Writers at the same time, so that transactions end in another order than they began.
    let opened = tokio::join!(
        marketplace.open_shops(20),
        marketplace.open_shops(20),
        marketplace.open_shops(20),
        marketplace.open_shops(20)
    );
    let shops: BTreeSet<_> = [opened.0, opened.1, opened.2, opened.3].into_iter().flatten().collect();
    listener.listen_for(&shops).await;
    let positions: Vec<ChangePosition> = listener.heard.iter().map(|change| change.position).collect();
    assert!(positions.is_sorted(), "{positions:?}");
    assert_eq!((shops.len(), listener.heard.len(), listener.losses), (80, 80, 0));
    relay.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_is_killed_at_any_moment_loses_nothing() {
    let marketplace = Marketplace::open().await;
    let mut listener = marketplace.feed_from_now().await;
    let mut shops = BTreeSet::new();
    for round in 0..8 {
        let relay = marketplace.start_relay(&marketplace.settings).await;
        shops.append(&mut marketplace.open_shops(5).await);
        if round % 2 == 0 {
            // Killed in the midst of its work; in the other rounds perhaps before it could begin.
            listener.listen_once().await;
        }
        relay.abort();
    }
    let relay = marketplace.start_relay(&marketplace.settings).await;
    listener.listen_for(&shops).await;
    assert_eq!(listener.losses, 0);
    relay.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_relays_one_works_and_the_other_takes_over() {
    let marketplace = Marketplace::open().await;
    let mut listener = marketplace.feed_from_now().await;
    let first = marketplace.start_relay(&marketplace.settings).await;
    let mut shops = marketplace.open_shops(1).await;
    listener.listen_for(&shops).await;
    let second = marketplace.start_relay(&marketplace.settings).await;
    shops.append(&mut marketplace.open_shops(10).await);
    listener.listen_for(&shops).await;
    assert_eq!(listener.heard.len(), 11, "nothing was published twice");
    first.abort();
    shops.append(&mut marketplace.open_shops(10).await);
    listener.listen_for(&shops).await;
    second.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn while_redis_is_away_the_relay_keeps_its_place() {
    let marketplace = Marketplace::open().await;
    let (proxy, through_proxy) = ChaosProxy::before(&marketplace.redis.url).await;
    let mut listener = marketplace.feed_from_now().await;
    let relay = marketplace.start_relay(&marketplace.settings_through(&through_proxy)).await;
    let mut shops = marketplace.open_shops(3).await;
    listener.listen_for(&shops).await;
    proxy.cut();
    shops.append(&mut marketplace.open_shops(3).await);
    proxy.restore();
    listener.listen_for(&shops).await;
    assert_eq!(listener.losses, 0);
    relay.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_can_begin_at_a_place_in_the_outbox() {
    let marketplace = Marketplace::open().await;
    // Published before the feed was thought of, published now, and not published yet.
    let mut shops = marketplace.open_shops(5).await;
    let relay = marketplace.start_relay(&marketplace.settings).await;
    marketplace.wait_for_entries(5).await;
    let start = ChangePosition::default();
    let feed = ChangeFeed::from_position(&marketplace.settings, marketplace.reader.clone(), start).await;
    let mut listener = Listener::new(feed.expect("a feed"));
    shops.append(&mut marketplace.open_shops(5).await);
    listener.listen_for(&shops).await;
    shops.append(&mut marketplace.open_shops(5).await);
    listener.listen_for(&shops).await;
    assert_eq!(listener.losses, 0);
    // And a feed that knows the last of them is not told them again.
    let last = listener.heard.iter().map(|change| change.position).max().expect("some");
    let feed = ChangeFeed::from_position(&marketplace.settings, marketplace.reader.clone(), last).await;
    let mut resumed = Listener::new(feed.expect("a feed"));
    let news = marketplace.open_shops(1).await;
    resumed.listen_for(&news).await;
    assert_eq!(resumed.shops(), news);
    relay.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_redis_everybody_polls_the_outbox() {
    let marketplace = Marketplace::open().await;
    let settings = marketplace.settings_through("");
    let feed = ChangeFeed::from_now(&settings, marketplace.reader.clone()).await.expect("a feed");
    let mut listener = Listener::new(feed);
    let relay = marketplace.start_relay(&settings).await;
    let shops = marketplace.open_shops(5).await;
    listener.listen_for(&shops).await;
    assert_eq!((listener.shops(), listener.losses), (shops, 0));
    let lock_is_taken = async || marketplace.writer.try_relay_lock().await.expect("an answer").is_none();
    eventually("the relay tidies all the same", PATIENCE, lock_is_taken).await;
    relay.abort();
}
