//! From the commit to every instance: outbox, relay, change stream, feed, caches.

use std::time::Duration;

use halles_cache::Catalogue;
use halles_domain::ListingId;
use halles_queue::changes::{ChangeFeed, ChangesSettings, Relay};
use halles_redis::RedisSettings;
use halles_settings::Secret;
use halles_testkit::{ChaosProxy, eventually};
use tokio::task::JoinSet;

use crate::marketplace::Marketplace;

const PATIENCE: Duration = Duration::from_secs(30);

fn changes_settings(marketplace: &Marketplace, redis_url: &str) -> ChangesSettings {
    ChangesSettings {
        redis_url: Secret::new(redis_url),
        key_prefix: marketplace.redis.prefix.clone(),
        redis: RedisSettings { response_timeout_ms: 300, reconnect_pause_ms: 50, ..RedisSettings::for_log() },
        ..ChangesSettings::default()
    }
}

/// Two instances that follow the changes, and a relay.
async fn start(marketplace: &Marketplace, redis_url: &str) -> (Vec<Catalogue>, JoinSet<()>) {
    let settings = changes_settings(marketplace, redis_url);
    let mut tasks = JoinSet::new();
    let mut instances = Vec::new();
    for _ in 0..2 {
        let catalogue = marketplace.catalogue().await;
        let mut feed = ChangeFeed::from_now(&settings, marketplace.reader()).await.expect("a feed");
        instances.push(catalogue.clone());
        tasks.spawn(async move {
            loop {
                let event = feed.next().await;
                catalogue.apply(&event).await;
            }
        });
    }
    let relay = Relay::connect(marketplace.writer.clone(), &settings).await.expect("a relay");
    tasks.spawn(async move {
        relay.run().await;
    });
    (instances, tasks)
}

async fn price_in(catalogue: &Catalogue, id: ListingId) -> i64 {
    let listing = catalogue.listing(id).await.expect("an answer").value.expect("a listing");
    listing.price.expect("a price").cents()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_seen_by_every_instance() {
    let marketplace = Marketplace::open().await;
    let shop = marketplace.open_shop("chez-zoe").await;
    let mut bowl = marketplace.list_bowls(&shop, 1).await.remove(0);
    marketplace.shown().await;
    let (instances, _tasks) = start(&marketplace, &marketplace.redis.url).await;
    for cents in [100, 200, 300] {
        if cents > 100 {
            bowl = marketplace.change(&bowl, &marketplace.bowl(cents)).await;
        }
        for catalogue in &instances {
            eventually("the new price is seen", PATIENCE, async || price_in(catalogue, bowl.id).await == cents).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_shop_and_a_new_category_are_seen_by_every_instance() {
    let marketplace = Marketplace::open().await;
    marketplace.shown().await;
    let (instances, _tasks) = start(&marketplace, &marketplace.redis.url).await;
    let slug = "chez-zoe".parse().expect("a slug");
    for catalogue in &instances {
        assert_eq!(catalogue.seller_by_slug(&slug).await.expect("an answer").value, None);
        assert_eq!(catalogue.category_tree().await.expect("an answer").value.iter().count(), 1);
    }
    marketplace.open_shop("chez-zoe").await;
    let more = halles_domain::CategoryTree::new(vec![]).expect("a tree");
    marketplace.writer.replace_categories(&more).await.expect("no categories");
    for catalogue in &instances {
        eventually("the shop is seen", PATIENCE, async || {
            catalogue.seller_by_slug(&slug).await.expect("an answer").value.is_some()
        })
        .await;
        eventually("the tree is seen", PATIENCE, async || {
            catalogue.category_tree().await.expect("an answer").value.iter().count() == 0
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_keep_coming_and_changes_are_seen_while_redis_is_cut_off_and_after() {
    let marketplace = Marketplace::open().await;
    let shop = marketplace.open_shop("chez-zoe").await;
    let mut bowl = marketplace.list_bowls(&shop, 1).await.remove(0);
    marketplace.shown().await;
    let (proxy, url) = ChaosProxy::before(&marketplace.redis.url).await;
    let settings = halles_cache::CacheSettings { redis_url: Secret::new(url.as_str()), ..marketplace.settings() };
    let catalogue = Catalogue::connect(marketplace.reader(), &settings).await.expect("a catalogue");
    let (_others, mut tasks) = start(&marketplace, &url).await;
    let mut feed =
        ChangeFeed::from_now(&changes_settings(&marketplace, &url), marketplace.reader()).await.expect("a feed");
    tasks.spawn({
        let catalogue = catalogue.clone();
        async move {
            loop {
                let event = feed.next().await;
                catalogue.apply(&event).await;
            }
        }
    });
    assert_eq!(price_in(&catalogue, bowl.id).await, 100);
    for (cents, change_weather) in
        [(200, ChaosProxy::cut as fn(&ChaosProxy)), (300, ChaosProxy::restore), (400, ChaosProxy::stall)]
    {
        change_weather(&proxy);
        bowl = marketplace.change(&bowl, &marketplace.bowl(cents)).await;
        eventually("the new price is seen", PATIENCE, async || price_in(&catalogue, bowl.id).await == cents).await;
    }
    proxy.restore();
    bowl = marketplace.change(&bowl, &marketplace.bowl(500)).await;
    eventually("the new price is seen", PATIENCE, async || price_in(&catalogue, bowl.id).await == 500).await;
    // What L2 holds is as new: an instance that has just started reads nothing older.
    eventually("L2 has nothing older", PATIENCE, async || {
        price_in(&marketplace.catalogue().await, bowl.id).await == 500
    })
    .await;
}
