//! What answers say beside their bodies.

use reqwest::StatusCode;

use crate::market::{Market, bowl};

#[tokio::test]
async fn a_page_tells_where_it_came_from_and_whose_it_is() {
    let market = Market::open().await;
    let listing = market.publish(bowl()).await;
    let path = format!("/l/{}/bol-a-soupe-en-gres", listing.id);
    let first = market.get(&path).await;
    assert!(first.header("cache-status").contains("fwd=miss"), "{}", first.header("cache-status"));
    let second = market.get(&path).await;
    assert!(second.header("cache-status").contains("hit"), "{}", second.header("cache-status"));
    assert!(second.header("cache-status").contains("ttl=") && second.header("cache-status").contains("detail=page"));
    let control = "public, max-age=0, s-maxage=1, stale-while-revalidate=1, stale-if-error=3600";
    assert_eq!((second.header("cache-control"), second.header("age")), (control, "0"));
    assert!(second.header("vary").contains("Cookie") && second.header("vary").contains("Accept-Language"));
    assert!(second.header("content-security-policy").starts_with("default-src 'none'"));
    assert_eq!(second.header("x-content-type-options"), "nosniff");
    let again = market.get_with(&path, &[("if-none-match", second.header("etag"))]).await;
    assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    let in_english = [("if-none-match", second.header("etag")), ("accept-language", "en")];
    assert_eq!(market.get_with(&path, &in_english).await.status, StatusCode::OK, "another language is another page");
}

#[tokio::test]
async fn the_stylesheet_may_be_kept_for_ever() {
    let market = Market::open().await;
    let home = market.page("/").await;
    let (_, rest) = home.split_once("<link rel=\"stylesheet\" href=\"").expect("a stylesheet");
    let stylesheet = market.get(rest.split_once('"').expect("an address").0).await;
    assert_eq!(stylesheet.status, StatusCode::OK);
    assert_eq!(stylesheet.header("content-type"), "text/css; charset=utf-8");
    assert!(stylesheet.header("cache-control").contains("immutable"));
    for path in ["/assets/favicon.svg", "/favicon.ico", "/robots.txt"] {
        assert_eq!(market.get(path).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn the_stylesheet_of_another_release_is_ours_for_a_moment() {
    let market = Market::open().await;
    let stylesheet = market.get("/assets/style-00000000000000ab.css").await;
    assert_eq!(stylesheet.status, StatusCode::OK);
    assert_eq!(stylesheet.header("cache-control"), "public, max-age=10");
}

#[tokio::test]
async fn the_language_is_remembered() {
    let market = Market::open().await;
    let switch = market.get("/language?to=en&back=%2Fc%2Fbols%3Fmin%3D3").await;
    assert_eq!(switch.status, StatusCode::SEE_OTHER);
    assert_eq!(switch.header("location"), "/c/bols?min=3");
    assert!(switch.header("set-cookie").starts_with("language=en"));
    let page = market.get_with("/", &[("cookie", "language=en"), ("accept-language", "fr")]).await;
    assert!(page.body.contains("<html lang=\"en\">"));
}
