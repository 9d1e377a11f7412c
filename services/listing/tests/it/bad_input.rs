//! What makes no sense is refused clearly, and never with a 5xx.

use reqwest::StatusCode;

use crate::market::{Market, bowl};

#[tokio::test]
async fn pages_refuse_nonsense() {
    let market = Market::open().await;
    market.publish(bowl()).await;
    let overlong = "x".repeat(3_000);
    let not_found = [
        "/l/abc",
        "/l/0",
        "/l/-1",
        "/l/99999999999999999999",
        "/l/1'%20OR%201=1",
        "/c/nope",
        "/c/NOPE",
        "/c/%F0%9F%92%A9",
        "/s/nobody",
        "/s/..%2F..",
        "/photos/abc.svg",
        "/photos/1.png",
        "/photos/category/É.svg",
        "/assets/x.css",
        "/nothing/at/all",
        &format!("/c/{overlong}"),
        "/wp-login.php",
    ];
    for path in not_found {
        let answer = market.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {}", answer.body);
        assert!(answer.body.contains("<html"), "{path}: {}", answer.body);
    }
    let refused = [
        "/c/bols?min=abc",
        "/c/bols?max=-1",
        "/c/bols?min=1e9",
        "/c/bols?sort=cheapest",
        "/c/bols?after=garbage",
        "/c/bols?sort=price_asc&after=n7",
        "/c/bols?min=9&max=3",
        &format!("/c/bols?after={overlong}"),
        "/s/l-atelier-du-port?after=p100-1",
        "/s/l-atelier-du-port?after=%00",
        "/language?to=tlh&back=/",
        "/language?to=en&back=https://evil.example",
        "/language?to=en&back=//evil.example",
    ];
    for path in refused {
        let answer = market.get(path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}: {}", answer.body);
        assert!(answer.body.contains("Nous n'avons pas compris"), "{path}: {}", answer.body);
    }
    let nowhere = market.get_en("/nothing/at/all").await.body;
    assert!(nowhere.contains("href=\"/c/ceramique\"") && nowhere.contains("role=\"search\""), "ways on: {nowhere}");
    let english = market.get_en("/c/bols?min=abc").await.body;
    assert!(english.contains("We did not understand that") && english.contains("min: must be a price"));
}

#[tokio::test]
async fn the_api_refuses_nonsense_with_a_problem() {
    let market = Market::open().await;
    let cases = [
        ("/api/v1/listings/abc", 400, "listing_id"),
        ("/api/v1/listings/999", 404, ""),
        ("/api/v1/listings?limit=0", 400, "limit"),
        ("/api/v1/listings?limit=101", 400, "limit"),
        ("/api/v1/listings?limit=x", 400, ""),
        ("/api/v1/listings?sort=price_asc", 400, "sort"),
        ("/api/v1/listings?nonsense=1", 400, ""),
        ("/api/v1/categories/nope/listings", 404, ""),
        ("/api/v1/categories/bols/listings?min_price_cents=-1", 400, "min_price_cents"),
        ("/api/v1/categories/bols/listings?min_price_cents=99999999999999999999", 400, ""),
        ("/api/v1/categories/bols/listings?min_price_cents=2&max_price_cents=1", 400, "min_price_cents"),
        ("/api/v1/categories/bols/listings?after=garbage", 400, "after"),
        ("/api/v1/shops/nobody", 404, ""),
        ("/api/v1/shops/NOBODY/listings", 404, ""),
        ("/api/v1/nothing", 404, ""),
    ];
    for (path, status, field) in cases {
        let answer = market.get(path).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.body);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
        let problem: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
        assert_eq!(problem["status"], status, "{path}");
        if !field.is_empty() {
            assert_eq!(problem["errors"][0]["field"], field, "{path}: {problem}");
        }
    }
}
