//! The stream in a Redis Cluster: one key, so one node, which may die.

use halles_queue::changes::{ChangeFeed, ChangesSettings};
use halles_testkit::RedisCluster;

use super::fixture::{Listener, Marketplace};

#[tokio::test(flavor = "multi_thread")]
async fn the_stream_is_followed_and_while_its_node_is_dead_the_outbox() {
    let mut cluster = RedisCluster::start().await;
    let marketplace = Marketplace::open().await;
    let mut settings: ChangesSettings = marketplace.settings_through(&cluster.addresses());
    settings.redis.cluster = true;
    let feed = ChangeFeed::from_now(&settings, marketplace.reader.clone()).await.expect("a feed");
    let mut listener = Listener::new(feed);
    let relay = marketplace.start_relay(&settings).await;
    let mut shops = marketplace.open_shops(5).await;
    listener.listen_for(&shops).await;
    let length = redis::cmd("XLEN").arg(marketplace.stream_key()).clone();
    let slot = redis::cmd("CLUSTER").arg("KEYSLOT").arg(marketplace.stream_key()).clone();
    let holder = cluster.holder_of(cluster.ask(0, &slot).await.expect("a slot"));
    assert_eq!(cluster.ask::<u64>(holder, &length).await.expect("a length"), 5, "told through the stream");

    cluster.kill(holder);
    shops.append(&mut marketplace.open_shops(5).await);
    listener.listen_for(&shops).await;

    // It comes back empty, and the relay goes on where it was.
    cluster.revive(holder).await;
    shops.append(&mut marketplace.open_shops(5).await);
    listener.listen_for(&shops).await;
    assert_eq!(listener.losses, 0, "the outbox and the stream together tell everything");
    relay.abort();
}
