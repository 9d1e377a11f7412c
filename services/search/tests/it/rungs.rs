//! What is given up when there is too much to do, rung by rung, set by hand.

use reqwest::StatusCode;

use crate::market::Market;

#[tokio::test]
async fn without_extras_searches_find_the_same_and_count_nothing() {
    let (market, _indexer, search) = Market::open_with_search().await;
    let bowl = market.publish("Bol à soupe bleu").await;
    search.wait_for("q=bol", &[bowl.id.get()]).await;
    assert!(!search.find("q=bol+soupe").await.categories.is_empty());
    search.set_rung(1).await;
    let lean = search.find("q=bol+bleu").await;
    assert_eq!(lean.listings.len(), 1);
    assert!(lean.categories.is_empty() && lean.properties.is_empty() && lean.prices.is_empty());
    let page = search.get("/search?q=soupe+bleu").await;
    let leads_there = page.body.contains(&format!("href=\"/l/{}/", bowl.id));
    assert!(page.status == StatusCode::OK && leads_there, "{}", page.body);
}

#[tokio::test]
async fn suggestions_are_refused_before_searches() {
    let (_market, _indexer, search) = Market::open_with_search().await;
    search.set_rung(4).await;
    for path in ["/api/v1/suggestions?q=bol", "/suggestions?q=bol&language=fr"] {
        let refused = search.get(path).await;
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds >= 5), "{path}");
    }
    assert_eq!(search.get("/api/v1/search?q=bol").await.status, StatusCode::OK);
    search.set_rung(5).await;
    assert_eq!(search.get("/api/v1/search?q=vase").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(search.admin("/readyz").await.status, StatusCode::OK, "busy is not sick");
}
