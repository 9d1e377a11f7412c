//! What the page and the API show of what was found.

use halles_api::search::SearchMatch;
use halles_store::ListingContent;
use reqwest::StatusCode;

use crate::market::{JEWELLERY, Market, content, euros};

#[tokio::test]
async fn the_page_and_the_api_show_the_same_and_count_the_rest() {
    let market = Market::open().await;
    let bowl = market.publish("Bol bleu en grès").await;
    let ring = ListingContent { category_id: JEWELLERY, price: Some(euros(60)), ..content("Bague bleue") };
    let ring = market.publish_as(ring).await;
    market.publish("Assiette rouge").await;
    market.database.wait_for_replica().await;
    let _indexer = market.start_indexer("indexer").await;
    let search = market.start_search("search").await;
    search.wait_until_ready().await;

    let found = search.find("q=bleu&sort=price_asc").await;
    let ids: Vec<i64> = found.listings.iter().map(|listing| listing.id).collect();
    assert_eq!(ids, [bowl.id.get(), ring.id.get()]);
    assert_eq!((found.total, found.page, found.pages, found.matched), (2, 1, 1, SearchMatch::AllWords));
    let counts: Vec<(&str, u64)> =
        found.categories.iter().map(|category| (category.slug.as_str(), category.count)).collect();
    assert_eq!(counts, [("ceramique", 1), ("bijoux", 1)]);
    assert_eq!(found.prices.iter().map(|band| band.count).sum::<u64>(), 2);

    let narrowed = search.find("q=bleu&category=ceramique&min_price_cents=1000&max_price_cents=2000").await;
    assert_eq!(narrowed.total, 1);
    assert_eq!(narrowed.categories[0].slug, "vaisselle");

    let page = search.get_en("/search?q=bleu").await;
    assert_eq!(page.status, StatusCode::OK);
    for expected in [
        "2 creations found",
        "Bol <mark>bleu</mark> en grès",
        "Bague <mark>bleue</mark>",
        "category=bijoux",
        "value=\"bleu\"",
    ] {
        assert!(page.body.contains(expected), "{expected}: {}", page.body);
    }
    let both_filters = search.get("/search?q=bleu&category=bijoux&min=50&max=70,50").await;
    assert!(both_filters.body.contains("Bague <mark>") && !both_filters.body.contains("Bol <mark>"));
}

#[tokio::test]
async fn nothing_found_is_a_kind_page_with_ways_on() {
    let (_market, _indexer, search) = Market::open_with_search().await;
    let page = search.get_en("/search?q=licorne").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("We found nothing") && page.body.contains("/c/ceramique"), "{}", page.body);
    let everything = search.get("/search").await;
    assert_eq!(everything.status, StatusCode::OK);
}

#[tokio::test]
async fn pages_follow_each_other() {
    let market = Market::open().await;
    for number in 0..5 {
        market.publish(&format!("Tasse {number}")).await;
    }
    market.database.wait_for_replica().await;
    let _indexer = market.start_indexer("indexer").await;
    let search = market.start_search_with("search", |settings| settings.search.page_size = 2).await;
    search.wait_until_ready().await;
    let mut seen = Vec::new();
    for page in 1..=3 {
        seen.extend(search.ids(&format!("q=tasse&sort=newest&page={page}")).await);
    }
    let mut newest_first = seen.clone();
    newest_first.sort_unstable_by(|one, other| other.cmp(one));
    newest_first.dedup();
    assert_eq!((seen.len(), &seen), (5, &newest_first));
    let first = search.get_en("/search?q=tasse").await.body;
    assert!(first.contains("Page 1 of 3") && first.contains("page=2\" rel=\"next\""), "{first}");
    assert!(search.get_en("/search?q=tasse&page=4").await.body.contains("You have seen it all"));
}

#[tokio::test]
async fn the_api_describes_itself() {
    let (_market, _indexer, search) = Market::open_with_search().await;
    let document: serde_json::Value =
        serde_json::from_str(&search.get("/api/v1/openapi/search.json").await.body).expect("JSON");
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    let parameters = document["paths"]["/api/v1/search"]["get"]["parameters"].as_array().expect("parameters");
    let names: Vec<&str> = parameters.iter().filter_map(|parameter| parameter["name"].as_str()).collect();
    for expected in ["q", "category", "facet", "shop", "available", "currency", "sort", "page", "after", "limit"] {
        assert!(names.contains(&expected), "{expected}: {names:?}");
    }
    assert!(search.admin("/metrics").await.body.contains("search_generation"));
}
