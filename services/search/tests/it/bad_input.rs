//! Queries that nobody asks in good faith.

use reqwest::StatusCode;

use crate::market::Market;

#[tokio::test]
async fn every_hostile_query_gets_a_bounded_answer() {
    let (market, _indexer, search) = Market::open_with_search().await;
    let cup = market.publish("Tasse").await;
    search.wait_for("q=tasse", &[cup.id.get()]).await;

    let long = "x".repeat(10_000);
    let refused = [
        format!("q={long}"),
        format!("q={}", "mot+".repeat(500)),
        "q=tasse&page=999999".to_owned(),
        "q=tasse&page=0".to_owned(),
        "q=tasse&page=-1".to_owned(),
        "q=tasse&sort=DROP+TABLE".to_owned(),
        "q=tasse&category=%00".to_owned(),
        "q=tasse&category=nowhere".to_owned(),
        format!("q=tasse&category={long}"),
    ];
    for parameters in &refused {
        for path in ["/search", "/api/v1/search"] {
            let answer = search.get(&format!("{path}?{parameters}")).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}?{}", &parameters[..parameters.len().min(80)]);
        }
    }
    for (path, parameters) in [
        ("/search", "min=abc"),
        ("/search", "min=9&max=3"),
        ("/api/v1/search", "min_price_cents=abc"),
        ("/api/v1/search", "min_price_cents=-1"),
        ("/api/v1/search", "min_price_cents=9&max_price_cents=3"),
        ("/api/v1/search", "colour=blue"),
    ] {
        assert_eq!(search.get(&format!("{path}?{parameters}")).await.status, StatusCode::BAD_REQUEST, "{parameters}");
    }
    for q in [
        "%00tasse%00",
        "title%3Atasse%5E1000+OR+*%3A*",
        "%22tasse",
        "tasse~9",
        "(((",
        "-tasse",
        "%F0%9F%92%A5",
        "%E2%80%AEessat",
    ] {
        for path in ["/search", "/api/v1/search"] {
            assert_eq!(search.get(&format!("{path}?q={q}")).await.status, StatusCode::OK, "{path}?q={q}");
        }
    }
    assert_eq!(search.ids("q=%00tasse%00").await, [cup.id.get()]);
}

#[tokio::test]
async fn a_refusal_names_the_field() {
    let (_market, _indexer, search) = Market::open_with_search().await;
    let answer = search.get("/api/v1/search?q=tasse&page=999999").await;
    let problem: serde_json::Value = serde_json::from_str(&answer.body).expect("a problem");
    assert_eq!((&problem["code"], &problem["errors"][0]["field"]), (&"invalid".into(), &"page".into()));
    let page = search.get_en("/search?q=tasse&page=999999").await;
    assert!(page.body.contains("page: must be between 1 and 40"), "{}", page.body);
}
