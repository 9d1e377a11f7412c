//! Pages and documents as they are kept ready: every encoding, every visitor, and no longer than they are true.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use halles_domain::{CategoryId, Language};
use halles_pages::basket_link;
use halles_store::ListingContent;
use halles_testkit::eventually;
use reqwest::StatusCode;

use crate::market::{Answer, Market, PATIENCE, TOYS, bowl, eur, titled};
use crate::turnstile::{Turnstile, count_redis_commands};

const LANGUAGES: [(&str, Language); 2] = [("fr", Language::Fr), ("en", Language::En)];

#[tokio::test]
async fn every_page_is_the_same_in_every_encoding_but_for_the_basket() {
    let market = Market::open().await;
    let listing = market.address_of(bowl()).await;
    for path in ["/", "/c/bols", "/s/l-atelier-du-port", listing.as_str()] {
        let mut tags = HashSet::new();
        for (accepted, language) in LANGUAGES {
            let empty = market.get_with(path, &[("accept-language", accepted)]).await.body;
            let without_basket = empty.replace(&basket_link(language, 0), "[basket]");
            assert_ne!(empty, without_basket);
            for (encodings, encoding, with_basket) in
                [("identity", "", ""), ("gzip", "gzip", "gzip"), ("gzip, deflate, br, zstd", "br", "gzip")]
            {
                let headers = [("accept-language", accepted), ("accept-encoding", encodings)];
                let answer = market.get_with(path, &headers).await;
                assert_eq!((answer.status, answer.header("content-encoding")), (StatusCode::OK, encoding), "{path}");
                assert_eq!(answer.body, empty, "{path} in {encodings}");
                assert!(answer.header("cache-control").starts_with("public, max-age=0, s-maxage=1"));
                tags.insert(answer.header("etag").to_owned());
                for pieces in [1, 12, 100] {
                    let cookie = market.basket_cookie(pieces);
                    let headers = [headers[0], headers[1], ("cookie", cookie.as_str())];
                    let answer = market.get_with(path, &headers).await;
                    assert_eq!(answer.header("content-encoding"), with_basket);
                    let link = basket_link(language, pieces);
                    assert_eq!(answer.body.replace(&link, "[basket]"), without_basket, "{path} with {pieces}");
                    assert!(answer.body.contains(&link));
                    assert_eq!(answer.header("cache-control"), "private, no-cache");
                    tags.insert(answer.header("etag").to_owned());
                }
            }
        }
        assert_eq!(tags.len(), 2 * (3 + 2 * 3), "{path}: every form has a tag of its own");
    }
}

#[tokio::test]
async fn whoever_has_it_gets_a_304_with_the_same_terms() {
    let market = Market::open().await;
    let path = market.page_of(bowl()).await;
    let cookie = market.basket_cookie(12);
    for headers in [vec![("accept-encoding", "gzip, br")], vec![("accept-encoding", "gzip"), ("cookie", &cookie)]] {
        let first = market.get_with(&path, &headers).await;
        let known = format!("W/\"older\", {}", first.header("etag"));
        let again = market.get_with(&path, &[headers.clone(), vec![("if-none-match", &known)]].concat()).await;
        assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
        for name in ["etag", "cache-control", "vary", "age"] {
            assert_eq!(again.header(name), first.header(name), "{name}");
        }
    }
    let with_another_basket = market.basket_cookie(13);
    let first = market.get_with(&path, &[("cookie", &cookie)]).await;
    let headers = [("cookie", with_another_basket.as_str()), ("if-none-match", first.header("etag"))];
    assert_eq!(market.get_with(&path, &headers).await.status, StatusCode::OK, "another basket is another page");
    let head = market.service.head(&path).await;
    assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""));
    assert_eq!(head.header("etag"), market.get(&path).await.header("etag"));
}

#[tokio::test]
async fn what_is_not_ours_in_an_address_makes_no_other_page() {
    let market = Market::open().await;
    let listing = market.page_of(bowl()).await;
    market.page("/c/bols?min=10&max=30").await;
    for (one, other) in [
        (listing.clone(), format!("{listing}?utm_source=newsletter&fbclid=1")),
        ("/c/bols?min=10&max=30".to_owned(), "/c/bols?max=30.00&gclid=x&min=%2010,0&sort=newest".to_owned()),
    ] {
        let (one, other) = (market.get(&one).await, market.get(&other).await);
        assert!(other.header("cache-status").contains("detail=page"), "{}", other.header("cache-status"));
        assert_eq!(one.header("etag"), other.header("etag"));
    }
    let page = market.page("/c/bols?utm_source=x&max=30,50&sort=price_asc").await;
    assert!(page.contains("back=%2Fc%2Fbols%3Fmax%3D30.50%26sort%3Dprice_asc"), "the way back is the page's address");
    assert!(!page.contains("utm_source"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_reaches_pages_and_documents_of_every_instance() {
    let market = Market::open().await;
    let _relaying = market.start_relay().await;
    let second = market.another_instance().await;
    let mut listing = market.publish(bowl()).await;
    let page = halles_pages::address::listing(&listing);
    let document = format!("/api/v1/listings/{}", listing.id);
    // The first change may meet a relay that is still taking its place.
    for (cents, patience) in [(2_600, PATIENCE), (2_700, Duration::from_secs(2))] {
        let mut before = Vec::new();
        for path in [&page, &document] {
            let answers = [market.get(path).await, second.get_with(path, &[]).await];
            let tag = answers[0].header("etag").to_owned();
            assert_eq!(answers[1].header("etag"), tag, "{path}: both instances draw the same bytes");
            let known = [("if-none-match", tag.as_str())];
            assert_eq!(second.get_with(path, &known).await.status, StatusCode::NOT_MODIFIED);
            before.push((path, tag));
        }
        let content = ListingContent { price: Some(eur(cents)), ..bowl() };
        listing = market.writer.update_listing(listing.id, listing.version, &content).await.expect("changes");
        let since = Instant::now();
        for (path, tag) in before {
            let known = [("if-none-match", tag.as_str())];
            for instance in [&market.service, &second] {
                let has_changed = async || {
                    let answer = instance.get_with(path, &known).await;
                    answer.status == StatusCode::OK && shows(&answer, cents)
                };
                eventually(&format!("{path} shows {cents}"), PATIENCE, has_changed).await;
            }
        }
        assert!(since.elapsed() < patience, "{cents} took {:?}", since.elapsed());
    }
}

/// Whether a page or a document has this price.
fn shows(answer: &Answer, cents: i64) -> bool {
    let on_page = format!("{},{:02}\u{a0}€", cents / 100, cents % 100);
    answer.body.contains(&on_page) || answer.body.contains(&format!("\"price_cents\":{cents}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_listings_costs_one_look_into_redis_and_one_query() {
    let database = std::sync::Arc::new(halles_testkit::TestDatabase::create().await);
    let turnstile = Turnstile::before(&database.replica_url).await;
    let market = Market::open_on(&database, |settings| {
        settings.store.replica_url = turnstile.url.as_str().into();
        settings.store.primary_url = "".into();
        settings.store.replica_max_connections = 1;
        settings.listing.page_size = 24;
        // No look into the outbox, which would be counted, in a quiet moment.
        settings.changes.feed_block_ms = 600_000;
    })
    .await;
    for number in 0..24 {
        market.publish_unseen(titled(&format!("Bol numéro {number}"))).await;
    }
    market.publish(ListingContent { category_id: CategoryId::new(TOYS), ..titled("Un jouet") }).await;
    // The tree is there before we count, and the one connection knows its statements.
    market.page("/c/jouets").await;
    let queries_before = turnstile.queries();
    let page = market.get("/c/bols").await;
    assert_eq!(page.body.matches("class=\"card-title\"").count(), 24);
    assert_eq!(turnstile.queries() - queries_before, 2, "one for the list, one for all its listings");

    // Another instance finds the listings in Redis: one command for all of them, and no query but the list's, if that.
    let second = market.another_instance().await;
    second.get_with("/c/jouets", &[]).await;
    let queries_before = turnstile.queries();
    let commands = count_redis_commands(&market.redis, "listing:", async {
        let page = second.get_with("/c/bols", &[]).await;
        assert_eq!(page.body.matches("class=\"card-title\"").count(), 24);
    })
    .await;
    assert_eq!(commands, 1, "one command for 24 listings");
    assert!(turnstile.queries() - queries_before <= 1, "the list may have ended meanwhile");
}
