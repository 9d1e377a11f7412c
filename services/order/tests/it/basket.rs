//! Filling a basket, as a browser does it.

use halles_domain::{Currency, Money};
use reqwest::StatusCode;

use crate::market::{Market, send};

#[tokio::test]
async fn things_go_in_change_and_go_out() {
    let market = Market::open_without_worker(|_| {}).await;
    let listing = market.listing(5).await;
    let id = listing.id.to_string();
    let added = market.post("/basket/lines", &[("listing_id", &id), ("quantity", "2")]).await;
    assert_eq!((added.status, added.header("location")), (StatusCode::SEE_OTHER, "/basket?notice=added"));
    let page = market.get("/basket?notice=added").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Bol en grès bleu") && page.body.contains("20,00"), "{}", page.body);
    assert!(page.body.contains("href=\"/checkout\"") && page.header("cache-control").contains("no-store"));
    let changed = market.post(&format!("/basket/lines/{id}"), &[("quantity", "9")]).await;
    assert_eq!(changed.header("location"), "/basket?notice=capped-5");
    assert!(market.get("/basket").await.body.contains("50,00"));
    let removed = market.post(&format!("/basket/lines/{id}"), &[("quantity", "0")]).await;
    assert_eq!(removed.header("location"), "/basket?notice=removed");
    assert!(market.get("/basket").await.body.contains("Votre panier est vide"));
}

#[tokio::test]
async fn what_cannot_be_ordered_is_not_put_in_and_says_why() {
    let market = Market::open_without_worker(|_| {}).await;
    let sold_out = market.listing(0).await.id.to_string();
    let price_less = market.publish(None, 5).await.id.to_string();
    let pounds = market.publish(Money::new(500, Currency::Gbp).ok(), 5).await.id.to_string();
    let euros = market.listing(5).await.id.to_string();
    for (id, notice) in [
        (&sold_out, "sold-out"),
        (&price_less, "no-price"),
        (&"999999".to_owned(), "not-for-sale"),
        (&euros, "added"),
        (&pounds, "mixed-currencies"),
    ] {
        let answer = market.post("/basket/lines", &[("listing_id", id), ("quantity", "1")]).await;
        assert_eq!(answer.header("location"), format!("/basket?notice={notice}"));
    }
    let page = market.get("/basket?notice=mixed-currencies").await;
    assert!(page.body.contains("autre devise") && page.body.matches("class=\"line\"").count() == 1);
}

#[tokio::test]
async fn a_form_of_another_site_changes_nothing() {
    let market = Market::open_without_worker(|_| {}).await;
    let id = market.listing(5).await.id.to_string();
    for path in ["/basket/lines", "/checkout", "/orders/0190c7a2-1b2c-8d3e-8f40-112233445566/cancel"] {
        let form = [("listing_id", id.as_str())];
        let request = market.form(path, &form).header("sec-fetch-site", "cross-site");
        assert_eq!(send(request).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert!(market.get("/basket").await.body.contains("Votre panier est vide"));
}
