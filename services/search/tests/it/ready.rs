//! Results as they are kept ready: every encoding, every visitor, and no longer than they are true.

use halles_domain::Language;
use halles_http::{Signer, SigningSettings};
use halles_pages::basket_link;
use halles_store::ListingContent;
use halles_testkit::eventually;
use jiff::Timestamp;
use reqwest::StatusCode;

use crate::market::{Market, PATIENCE, SECRET, content, euros};

#[tokio::test]
async fn the_page_is_the_same_in_every_encoding_but_for_the_basket() {
    let (market, _indexer, search) = Market::open_with_search().await;
    let bowl = market.publish("Bol raku").await;
    search.wait_for("q=raku", &[bowl.id.get()]).await;
    let signer = Signer::new(&SigningSettings { secret: SECRET.into(), ..SigningSettings::default() });
    for (accepted, language) in [("fr", Language::Fr), ("en", Language::En)] {
        let empty = search.get_with("/search?q=raku", &[("accept-language", accepted)]).await.body;
        for (encodings, encoding, with_basket) in [("gzip", "gzip", "gzip"), ("gzip, br", "br", "gzip")] {
            let headers = [("accept-language", accepted), ("accept-encoding", encodings)];
            let answer = search.get_with("/search?q=raku", &headers).await;
            assert_eq!((answer.header("content-encoding"), &answer.body), (encoding, &empty));
            assert!(answer.header("cache-control").starts_with("public, max-age=0, s-maxage=1"));
            for pieces in [1, 12, 100] {
                let cookie = format!("basket={}", signer.seal("basket v1", &format!("1x{pieces}"), Timestamp::now()));
                let headers = [headers[0], headers[1], ("cookie", cookie.as_str())];
                let answer = search.get_with("/search?q=raku", &headers).await;
                assert_eq!(answer.header("content-encoding"), with_basket);
                assert_eq!(answer.header("cache-control"), "private, no-cache");
                let own = empty.replace(&basket_link(language, 0), &basket_link(language, pieces));
                assert_eq!(answer.body, own, "{pieces} pieces");
            }
        }
    }
}

#[tokio::test]
async fn what_means_the_same_is_one_answer_until_a_listing_changes() {
    let (market, _indexer, search) = Market::open_with_search().await;
    let bowl = market.publish("Bol raku").await;
    search.wait_for("q=raku", &[bowl.id.get()]).await;
    for (one, other) in [
        ("/search?q=raku&min=5", "/search?utm_source=x&min=5,00&q=%20raku%20&page=1&sort=relevance"),
        ("/api/v1/search?q=raku&min_price_cents=500", "/api/v1/search?min_price_cents=500&q=raku&page=1"),
    ] {
        // The index may move on at any moment, and with it the answers.
        eventually(&format!("{other} is ready"), PATIENCE, async || {
            let (one, other) = (search.get_with(one, &[]).await, search.get_with(other, &[]).await);
            assert_eq!((one.status, other.status), (StatusCode::OK, StatusCode::OK));
            other.header("cache-status").contains("detail=page") && one.header("etag") == other.header("etag")
        })
        .await;
        let known = search.get_with(one, &[]).await.header("etag").to_owned();
        let again = search.get_with(one, &[("if-none-match", &known)]).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{one}");
    }
    market.change(&bowl, ListingContent { price: Some(euros(77)), ..content("Bol raku") }).await;
    eventually("the new price is on the page and in the document", PATIENCE, async || {
        let page = search.get("/search?q=raku&min=5").await.body;
        let document = search.get("/api/v1/search?q=raku&min_price_cents=500").await.body;
        page.contains("77,00") && document.contains("7700")
    })
    .await;
}

#[tokio::test]
async fn an_instance_is_ready_when_the_most_wanted_results_are() {
    let (market, indexer, search) = Market::open_with_search().await;
    let bowl = market.publish("Bol raku").await;
    search.wait_for("q=raku", &[bowl.id.get()]).await;
    indexer.stop().await;
    // What an instance made ready is gone when a late change of a part comes in; the next instance finds quiet.
    let mut started = 0;
    eventually("the first request finds its answer ready", PATIENCE, async || {
        started += 1;
        let warm = market
            .start_search_with(&format!("warm-{started}"), |settings| {
                settings.search.warm_up.limit_ms = 30_000;
                settings.search.warm_up.searches = vec!["raku".to_owned()];
            })
            .await;
        warm.wait_until_ready().await;
        for (path, language) in
            [("/search", "fr"), ("/search", "en"), ("/search?q=raku", "fr"), ("/search?q=raku", "en")]
        {
            let answer = warm.get_with(path, &[("accept-language", language)]).await;
            if !answer.header("cache-status").contains("detail=page") {
                return false;
            }
        }
        true
    })
    .await;
}
