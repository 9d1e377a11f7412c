//! What shoppers notice when something that we need is away.

use std::sync::Arc;

use halles_testkit::{ChaosProxy, TestDatabase, TestRedis, eventually};
use reqwest::StatusCode;

use crate::market::{Market, PATIENCE, bowl, titled};

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_pages_keep_coming() {
    let redis = TestRedis::cache();
    let (proxy, url) = ChaosProxy::before(&redis.url).await;
    let market = Market::open_with(|settings| {
        settings.cache.redis_url = url.as_str().into();
        settings.changes.redis_url = url.as_str().into();
    })
    .await;
    let known = market.publish(bowl()).await;
    let known = format!("/l/{}/bol-a-soupe-en-gres", known.id);
    market.page(&known).await;
    proxy.cut();
    let unknown = market.publish(titled("Jamais vu")).await;
    for path in [known.as_str(), &format!("/l/{}/jamais-vu", unknown.id), "/", "/c/bols", "/s/l-atelier-du-port"] {
        for _ in 0..5 {
            assert_eq!(market.get(path).await.status, StatusCode::OK, "{path}");
        }
    }
    assert_eq!(market.admin("/readyz").await.status, StatusCode::OK, "Redis is no reason to leave the balancer");
    proxy.restore();
    assert_eq!(market.get(&known).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_replica_the_primary_helps_out() {
    let database = Arc::new(TestDatabase::create().await);
    let (proxy, url) = ChaosProxy::before(&database.replica_url).await;
    let market = market_on(&database, &url, true).await;
    let known = market.page_of(bowl()).await;
    let unknown = market.address_of(titled("Jamais vu")).await;
    proxy.cut();
    assert_eq!(market.get(&known).await.status, StatusCode::OK, "in memory");
    eventually("an unknown page comes from the primary", PATIENCE, async || {
        market.get(&unknown).await.status == StatusCode::OK
    })
    .await;
    assert!(market.admin("/metrics").await.body.contains("fallback"), "falling back is counted");
    assert_eq!(market.admin("/readyz").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_database_memory_serves_and_the_rest_says_when_to_come_back() {
    let database = Arc::new(TestDatabase::create().await);
    let (proxy, url) = ChaosProxy::before(&database.replica_url).await;
    let market = market_on(&database, &url, false).await;
    let known = market.page_of(bowl()).await;
    let unknown = market.address_of(titled("Jamais vu")).await;
    eventually("the instance is ready", PATIENCE, async || market.admin("/readyz").await.status == StatusCode::OK)
        .await;
    proxy.cut();
    let page = market.get(&known).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let refused = market.get(&unknown).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!refused.header("retry-after").is_empty());
    assert!(refused.body.contains("Il y a foule sous les halles"), "{}", refused.body);
    assert_eq!(market.get("/nothing/here").await.status, StatusCode::NOT_FOUND, "helps as far as it can");
    assert_eq!(market.admin("/readyz").await.status, StatusCode::OK, "it can still answer from memory");
    proxy.restore();
    eventually("everything is back", PATIENCE, async || market.get(&unknown).await.status == StatusCode::OK).await;
}

/// A market of which the service reads through `replica_url`, with or without the primary behind it. Without Redis,
/// so that memory is all there is.
async fn market_on(database: &Arc<TestDatabase>, replica_url: &str, has_primary: bool) -> Market {
    Market::open_on(database, |settings| {
        settings.store.replica_url = replica_url.into();
        if !has_primary {
            settings.store.primary_url = "".into();
        }
        settings.cache.redis_url = "".into();
        settings.changes.redis_url = "".into();
    })
    .await
}
