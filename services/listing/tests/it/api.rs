//! The API's answers, as they are promised to programs.

use halles_domain::ListingStatus;
use halles_store::ListingContent;
use insta::assert_json_snapshot;
use reqwest::StatusCode;
use serde_json::Value;

use crate::market::{Market, bowl, priced, titled};

#[tokio::test]
async fn answers_keep_their_shape() {
    let market = Market::open().await;
    let listing = market.publish(bowl()).await;
    market.wait_for("/api/v1/listings", "Bol").await;
    let moving = [(".updated_at", "[time]"), (".shop.created_at", "[time]")];
    let settings = || {
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_snapshot_path("snapshots");
        settings
    };
    let mut body = market.json(&format!("/api/v1/listings/{}", listing.id)).await;
    for (path, value) in moving {
        *body.pointer_mut(&path.replace('.', "/")).expect(path) = Value::from(value);
    }
    let mut shop = market.json("/api/v1/shops/l-atelier-du-port").await;
    shop["created_at"] = "[time]".into();
    let newest = market.json("/api/v1/listings?sort=newest&limit=5").await;
    let categories = market.json("/api/v1/categories").await;
    let shelf = market.json("/api/v1/categories/ceramique/listings").await;
    let problem = without_request_id(market.get("/api/v1/listings/999999").await.body.as_str());
    settings().bind(|| {
        assert_json_snapshot!("listing", body);
        assert_json_snapshot!("shop", shop);
        assert_json_snapshot!("newest", newest);
        assert_json_snapshot!("categories", categories);
        assert_json_snapshot!("category_listings", shelf);
        assert_json_snapshot!("not_found", problem);
    });
}

fn without_request_id(body: &str) -> Value {
    let mut problem: Value = serde_json::from_str(body).expect("JSON");
    assert!(problem["request_id"].is_string());
    problem["request_id"] = "[request]".into();
    problem
}

#[tokio::test]
async fn cursors_walk_through_everything_once() {
    let market = Market::open().await;
    for cents in [300, 100, 300, 200, 300] {
        market.publish_unseen(priced(cents)).await;
    }
    market.database.wait_for_replica().await;
    for (base, expected) in [
        ("/api/v1/categories/bols/listings?sort=price_asc&limit=2", vec![100, 200, 300, 300, 300]),
        ("/api/v1/categories/bols/listings?min_price_cents=200&max_price_cents=250&limit=2", vec![200]),
        ("/api/v1/shops/l-atelier-du-port/listings?limit=2", vec![300, 200, 300, 100, 300]),
    ] {
        let mut prices = Vec::new();
        let mut after = String::new();
        loop {
            let page = market.json(&format!("{base}&after={after}")).await;
            let listings = page["listings"].as_array().expect("listings");
            prices.extend(listings.iter().map(|listing| listing["price_cents"].as_i64().expect("a price")));
            let Some(next) = page["next"].as_str() else { break };
            after = next.to_owned();
        }
        assert_eq!(prices, expected, "{base}");
    }
}

#[tokio::test]
async fn what_is_taken_down_says_whether_for_good() {
    let market = Market::open().await;
    for (status, answer, code) in [
        (ListingStatus::Paused, StatusCode::NOT_FOUND, "listing_paused"),
        (ListingStatus::Closed, StatusCode::GONE, "listing_closed"),
        (ListingStatus::Draft, StatusCode::NOT_FOUND, "not_found"),
    ] {
        let listing = market.publish(ListingContent { status, ..titled("Retiré") }).await;
        let found = market.get(&format!("/api/v1/listings/{}", listing.id)).await;
        assert_eq!(found.status, answer);
        assert!(found.body.contains(code), "{}", found.body);
    }
}

#[tokio::test]
async fn the_description_is_openapi_and_can_be_browsed() {
    let market = Market::open().await;
    let document = market.json("/api/v1/openapi/listing.json").await;
    assert!(document["openapi"].as_str().expect("a version").starts_with("3.1"));
    let paths: Vec<&String> = document["paths"].as_object().expect("paths").keys().collect();
    assert_eq!(paths.len(), 6, "{paths:?}");
    for path in paths {
        let answers = &document["paths"][path]["get"]["responses"];
        assert!(answers["200"]["content"]["application/json"]["schema"]["$ref"].is_string(), "{path}");
    }
    assert_eq!(market.get("/api/docs").await.header("location"), "/api/docs/");
    let reader = market.get("/api/docs/").await;
    assert!(
        reader.body.contains("swagger-ui") && reader.header("content-security-policy").contains("script-src 'self'")
    );
    let start = market.page("/api/docs/swagger-initializer.js").await;
    assert!(start.contains("StandaloneLayout"), "the layout that can choose between documents: {start}");
    for service in ["listing", "search", "order"] {
        assert!(start.contains(&format!("/api/v1/openapi/{service}.json")), "{start}");
    }
    assert_eq!(market.get("/api/docs/nothing.js").await.status, StatusCode::NOT_FOUND);
}
