//! The feed through a Redis that is cut off, hangs, forgets, or holds what nobody can read.

use std::time::Duration;

use halles_domain::FeedEvent;
use halles_queue::changes::{ChangeFeed, ChangesSettings};
use halles_testkit::{ChaosProxy, eventually};
use tokio::time::timeout;

use super::fixture::{Listener, Marketplace, PATIENCE};

/// A feed behind a proxy, and a relay that is not.
async fn feed_behind_proxy(marketplace: &Marketplace) -> (ChaosProxy, Listener) {
    let (proxy, through_proxy) = ChaosProxy::before(&marketplace.redis.url).await;
    let settings = marketplace.settings_through(&through_proxy);
    let feed = ChangeFeed::from_now(&settings, marketplace.reader.clone()).await.expect("a feed");
    (proxy, Listener::new(feed))
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_stream_is_cut_off_the_outbox_is_followed_and_then_the_stream_again() {
    let marketplace = Marketplace::open().await;
    let (proxy, mut listener) = feed_behind_proxy(&marketplace).await;
    let relay = marketplace.start_relay(&marketplace.settings).await;
    let before = marketplace.open_shops(3).await;
    listener.listen_for(&before).await;
    for outage in [ChaosProxy::cut, ChaosProxy::stall] {
        outage(&proxy);
        let during = marketplace.open_shops(3).await;
        listener.listen_for(&during).await;
        proxy.restore();
        let after = marketplace.open_shops(3).await;
        listener.listen_for(&after).await;
    }
    assert_eq!(listener.losses, 0, "the outbox and the stream together tell everything");
    relay.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_begins_during_an_outage_hears_everything_from_then_on() {
    let marketplace = Marketplace::open().await;
    let relay = marketplace.start_relay(&marketplace.settings).await;
    marketplace.open_shops(2).await;
    let (proxy, through_proxy) = ChaosProxy::before(&marketplace.redis.url).await;
    proxy.cut();
    let settings = marketplace.settings_through(&through_proxy);
    let feed = ChangeFeed::from_now(&settings, marketplace.reader.clone()).await.expect("a feed");
    let mut listener = Listener::new(feed);
    let during = marketplace.open_shops(2).await;
    listener.listen_for(&during).await;
    proxy.restore();
    let after = marketplace.open_shops(2).await;
    listener.listen_for(&after).await;
    assert_eq!(listener.losses, 0);
    relay.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_can_reach_nobody_says_that_it_knows_nothing() {
    let marketplace = Marketplace::open().await;
    let (redis_proxy, redis_url) = ChaosProxy::before(&marketplace.redis.url).await;
    let (replica_proxy, replica_url) = ChaosProxy::before(marketplace.replica_url()).await;
    redis_proxy.cut();
    replica_proxy.cut();
    let settings = marketplace.settings_through(&redis_url);
    let reader = marketplace.reader_through(&replica_url);
    let mut listener = Listener::new(ChangeFeed::from_now(&settings, reader).await.expect("a feed"));
    replica_proxy.restore();
    assert_eq!(listener.listen_once().await, FeedEvent::Lost);
    let shops = marketplace.open_shops(2).await;
    listener.listen_for(&shops).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_emptied_stream_has_forgotten_is_told_by_the_outbox() {
    let marketplace = Marketplace::open().await;
    let relay = marketplace.start_relay(&marketplace.settings).await;
    for has_news_afterwards in [false, true] {
        let (proxy, mut listener) = feed_behind_proxy(&marketplace).await;
        proxy.stall();
        let mut shops = marketplace.open_shops(3).await;
        marketplace.wait_for_entries(3).await;
        marketplace.meddle::<()>(redis::cmd("DEL").arg(marketplace.stream_key())).await;
        if has_news_afterwards {
            shops.append(&mut marketplace.open_shops(3).await);
        }
        proxy.restore();
        listener.listen_for(&shops).await;
        assert_eq!(listener.losses, 0);
    }
    relay.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_while_nobody_followed_is_told_to_the_next_who_does() {
    let marketplace = Marketplace::open().await;
    let relay = marketplace.start_relay(&marketplace.settings).await;
    let mut first = marketplace.feed_from_now().await;
    let known = marketplace.open_shops(3).await;
    first.listen_for(&known).await;
    // Asking for more says that these have been dealt with, which is noted once a second.
    assert!(timeout(Duration::from_secs(2), first.listen_once()).await.is_err(), "there is no more");
    drop(first);
    let missed = marketplace.open_shops(3).await;
    marketplace.wait_for_entries(6).await;
    // So long a silence that the stream has forgotten all but the last of them.
    marketplace.meddle::<()>(redis::cmd("XTRIM").arg(marketplace.stream_key()).arg("MAXLEN").arg(1)).await;
    let mut next = marketplace.feed_from_now().await;
    next.listen_for(&missed).await;
    assert_eq!((next.shops().is_disjoint(&known), next.losses), (true, 0));
    relay.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_is_too_slow_for_the_stream_hears_from_the_outbox_what_was_cut_off() {
    let marketplace = Marketplace::open().await;
    let settings = ChangesSettings { max_stream_entries: 100, batch_size: 50, ..marketplace.settings.clone() };
    let relay = marketplace.start_relay(&settings).await;
    let mut listener = marketplace.feed_from_now().await;
    let first = marketplace.open_shops(1).await;
    listener.listen_for(&first).await;
    // Nobody listens. Redis trims by whole blocks of 100 entries.
    let shops = marketplace.open_shops(450).await;
    let mut quick = marketplace.feed_from_now().await;
    let newest = shops.iter().next_back().copied().into_iter().collect();
    quick.listen_for(&newest).await;
    listener.listen_for(&shops).await;
    assert_eq!((listener.heard.len(), listener.losses), (451, 0), "each once");
    relay.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_neither_the_stream_nor_the_replica_can_tell_is_a_loss() {
    let marketplace = Marketplace::open().await;
    let relay = marketplace.start_relay(&marketplace.settings).await;
    let (replica_proxy, replica_url) = ChaosProxy::before(marketplace.replica_url()).await;
    let (redis_proxy, redis_url) = ChaosProxy::before(&marketplace.redis.url).await;
    let settings = ChangesSettings { catch_up_patience_ms: 300, ..marketplace.settings_through(&redis_url) };
    let reader = marketplace.reader_through(&replica_url);
    let mut listener = Listener::new(ChangeFeed::from_now(&settings, reader).await.expect("a feed"));
    let before = marketplace.open_shops(1).await;
    listener.listen_for(&before).await;
    replica_proxy.cut();
    redis_proxy.stall();
    let forgotten = marketplace.open_shops(2).await;
    marketplace.wait_for_entries(3).await;
    marketplace.meddle::<()>(redis::cmd("DEL").arg(marketplace.stream_key())).await;
    let after = marketplace.open_shops(2).await;
    redis_proxy.restore();
    listener.listen_for_loss().await;
    listener.listen_for(&after).await;
    assert!(listener.shops().is_disjoint(&forgotten));
    relay.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_a_loss_and_no_standstill() {
    let marketplace = Marketplace::open().await;
    let relay = marketplace.start_relay(&marketplace.settings).await;
    let mut listener = marketplace.feed_from_now().await;
    let from_the_future = marketplace.stream_key();
    marketplace.meddle::<()>(redis::cmd("XADD").arg(from_the_future).arg("*").arg("v").arg("9")).await;
    listener.listen_for_loss().await;
    let shops = marketplace.open_shops(2).await;
    listener.listen_for(&shops).await;
    relay.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_is_away_does_not_stop_the_stream() {
    let marketplace = Marketplace::open().await;
    let (replica_proxy, replica_url) = ChaosProxy::before(marketplace.replica_url()).await;
    let (redis_proxy, redis_url) = ChaosProxy::before(&marketplace.redis.url).await;
    let relay = marketplace.start_relay(&marketplace.settings).await;
    let settings = marketplace.settings_through(&redis_url);
    let reader = marketplace.reader_through(&replica_url);
    let mut listener = Listener::new(ChangeFeed::from_now(&settings, reader.clone()).await.expect("a feed"));
    let before = marketplace.open_shops(2).await;
    listener.listen_for(&before).await;
    replica_proxy.cut();
    eventually("the replica is away", PATIENCE, async || reader.ping().await.is_err()).await;
    redis_proxy.cut();
    let during = marketplace.open_shops(2).await;
    redis_proxy.restore();
    listener.listen_for(&during).await;
    assert_eq!(listener.losses, 0);
    relay.abort();
}
