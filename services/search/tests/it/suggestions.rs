//! What is suggested while somebody types, over HTTP.

use std::time::Duration;

use halles_api::search::SuggestionList;
use halles_testkit::eventually;
use reqwest::StatusCode;

use crate::market::{Market, PATIENCE, RunningSearch, content};

async fn suggestions(search: &RunningSearch, typed: &str) -> SuggestionList {
    let answer = search.get(&format!("/api/v1/suggestions?q={typed}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{typed}: {}", answer.body);
    serde_json::from_str(&answer.body).expect("a list of suggestions")
}

async fn wait_for_searches(search: &RunningSearch, typed: &str, expected: &[&str]) {
    eventually(&format!("{typed} suggests {expected:?}"), PATIENCE, async || {
        suggestions(search, typed).await.searches == expected
    })
    .await;
}

#[tokio::test]
async fn searches_categories_and_listings_are_suggested_until_they_leave() {
    let (market, _indexer, search) = Market::open_with_search().await;
    let bowl = market.publish("Bol céladon <b>").await;
    wait_for_searches(&search, "bol", &["bol céladon"]).await;
    let suggested = suggestions(&search, "BOL%20C").await;
    assert_eq!(suggested.listings.iter().map(|listing| listing.id).collect::<Vec<_>>(), [bowl.id.get()]);
    assert_eq!(suggestions(&search, "vais").await.categories[0].slug, "vaisselle");
    assert_eq!(suggestions(&search, "celadom").await.searches, ["céladon"], "one letter is forgiven");

    let page = search.get("/suggestions?q=bol&language=en").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.header("content-type").starts_with("text/html"));
    for expected in ["role=\"option\"", "/search?q=bol+c%C3%A9ladon", "Bol céladon &lt;b&gt;", "suggestions</p>"] {
        assert!(page.body.contains(expected), "{expected}: {}", page.body);
    }

    let mut gone = content("Bol céladon");
    gone.on_hand = 0;
    market.change(&bowl, gone).await;
    wait_for_searches(&search, "bol", &[]).await;
    assert!(suggestions(&search, "bol").await.listings.is_empty());
}

#[tokio::test]
async fn what_many_search_for_is_suggested_first() {
    let market = Market::open().await;
    let _indexer = market.start_indexer("indexer").await;
    let search = market.start_search_with("search", |settings| settings.suggestions.shared_by = 2).await;
    search.wait_until_ready().await;
    market.publish("Tasse rouge").await;
    market.publish("Tasse bleue en grès").await;
    wait_for_searches(&search, "ta", &["tasse", "tasse bleue", "tasse bleue en grès", "tasse rouge"]).await;
    for neighbour in ["192.0.2.1", "192.0.2.2"] {
        for words in ["tasse%20en%20gr%C3%A8s", "tasse%20en%20or"] {
            let headers = [("x-forwarded-for", neighbour)];
            assert_eq!(search.get_with(&format!("/search?q={words}"), &headers).await.status, StatusCode::OK);
        }
    }
    // The list from before stays ready until something changes.
    market.publish("Assiette").await;
    eventually("what many search for comes first", PATIENCE, async || {
        suggestions(&search, "ta").await.searches.first().is_some_and(|first| first == "tasse en grès")
    })
    .await;
    let searches = suggestions(&search, "ta").await.searches;
    assert!(!searches.contains(&"tasse en or".to_owned()), "there is none: {searches:?}");
}

#[tokio::test]
async fn hostile_beginnings_get_a_bounded_answer() {
    let (market, _indexer, search) = Market::open_with_search().await;
    market.publish("Tasse").await;
    wait_for_searches(&search, "ta", &["tasse"]).await;
    for path in ["/suggestions", "/api/v1/suggestions"] {
        let long = format!("{path}?q={}", "x".repeat(10_000));
        assert_eq!(search.get(&long).await.status, StatusCode::BAD_REQUEST, "{path}");
        for q in ["", "%00", "a+b+c+d+e+f+g+h+i+j", "%22%3E%3Cscript%3E", "*", &"x".repeat(200), "%1f"] {
            let started = std::time::Instant::now();
            let answer = search.get(&format!("{path}?q={q}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}?q={q}");
            assert!(!answer.body.contains("<script>") && started.elapsed() < Duration::from_secs(5));
        }
    }
}

#[tokio::test]
async fn without_an_index_nothing_is_suggested() {
    let market = Market::open().await;
    let search = market.start_search("search").await;
    let answer = search.get("/api/v1/suggestions?q=ta").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!answer.header("retry-after").is_empty());
}
