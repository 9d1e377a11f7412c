//! An instance is ready when its most wanted pages are, or when it has tried for long enough.

use std::sync::Arc;

use halles_testkit::{ChaosProxy, TestDatabase, eventually};
use reqwest::StatusCode;

use crate::market::{Market, PATIENCE, bowl, titled};

#[tokio::test(flavor = "multi_thread")]
async fn a_cold_instance_is_not_ready_and_a_ready_one_is_warm() {
    let database = Arc::new(TestDatabase::create().await);
    let (proxy, url) = ChaosProxy::before(&database.replica_url).await;
    let market = Market::open_on(&database, |settings| {
        settings.store.replica_url = url.as_str().into();
        settings.store.primary_url = "".into();
        settings.http.probe_interval_ms = 50;
    })
    .await;
    let featured = market.publish(titled("À la une")).await;
    let wanted = market.publish(bowl()).await;
    market.writer.set_featured(&[featured.id]).await.expect("featured");
    market.database.wait_for_replica().await;
    proxy.cut();
    let mut settings = market.settings.clone();
    settings.cache.redis_url = "".into();
    settings.changes.redis_url = "".into();
    settings.listing.warm_up.limit_ms = 30_000;
    settings.listing.warm_up.listings = vec![wanted.id];
    settings.listing.warm_up.categories = vec!["vases".parse().expect("a slug")];
    let cold = market.another_instance_with(settings).await;
    eventually("the cold instance was asked", PATIENCE, async || cold.readiness().await.1.contains("still warming up"))
        .await;
    assert_eq!(cold.readiness().await.0, StatusCode::SERVICE_UNAVAILABLE);
    proxy.restore();
    eventually("it is ready", PATIENCE, async || cold.readiness().await.0 == StatusCode::OK).await;
    proxy.cut();
    let (featured, wanted) = (halles_pages::address::listing(&featured), halles_pages::address::listing(&wanted));
    for path in ["/", "/c/ceramique", "/c/jouets", "/c/vases", &featured, &wanted] {
        for language in ["fr", "en"] {
            let answer = cold.get_with(path, &[("accept-language", language), ("accept-encoding", "br")]).await;
            assert_eq!(answer.status, StatusCode::OK, "{path} in {language}: {}", answer.body);
        }
    }
    for path in [&featured, &wanted] {
        let answer = cold.get_with(path, &[]).await;
        // On a machine that is busy with other tests, one of the page's extras may have come too late to be in it.
        let came = answer.header("cache-status");
        assert!(came.contains("detail=page") || came.contains("fwd=stale"), "{came}");
    }
    let listed = cold.get_with("/", &[]).await;
    eventually("lists outlive the database, and say so", PATIENCE, async || {
        let home = cold.get_with("/", &[]).await;
        home.status == StatusCode::OK && home.header("cache-status").contains("fwd=stale") && home.header("age") != "0"
    })
    .await;
    assert_eq!(cold.get_with("/", &[]).await.body, listed.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warm_up_out_of_time_holds_nobody_back() {
    let market = Market::open_with(|settings| settings.http.probe_interval_ms = 50).await;
    let mut settings = market.settings.clone();
    settings.listing.warm_up.limit_ms = 1;
    // More than a millisecond's work.
    settings.listing.warm_up.listings = (1..=1_000).map(halles_domain::ListingId::new).collect();
    let instance = market.another_instance_with(settings).await;
    eventually("it is ready", PATIENCE, async || instance.readiness().await.0 == StatusCode::OK).await;
}
