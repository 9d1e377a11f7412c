//! The walk from basket to order, as a browser does it.

use reqwest::StatusCode;

use crate::market::{Answer, Market};

const SHOPPER: [(&str, &str); 6] = [
    ("name", "Zoé Martin"),
    ("email", "zoe@example.org"),
    ("street", "1 rue des Halles"),
    ("postcode", "69001"),
    ("town", "Lyon"),
    ("country", "FR"),
];

fn filled<'a>(hidden: &'a [(String, String); 2], typed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(typed.iter().copied()).collect()
}

fn hidden(page: &Answer) -> [(String, String); 2] {
    ["idempotency_key", "lines"].map(|name| (name.to_owned(), page.hidden(name)))
}

#[tokio::test]
async fn from_basket_to_held_order_and_back_again() {
    let market = Market::open().await;
    let listing = market.listing(5).await;
    market.post("/basket/lines", &[("listing_id", &listing.id.to_string()), ("quantity", "2")]).await;
    let checkout = market.get("/checkout").await;
    assert!(checkout.body.contains("Rien n&#39;est débité") || checkout.body.contains("Rien n'est débité"));
    assert!(checkout.body.contains("30 minutes") && checkout.body.contains("20,00"));
    let form = hidden(&checkout);
    let placed = market.post("/checkout", &filled(&form, &SHOPPER)).await;
    assert_eq!(placed.status, StatusCode::SEE_OTHER, "{}", placed.body);
    let order = placed.header("location").to_owned();
    assert!(order.starts_with("/orders/"));
    let page = market.get(&order).await;
    assert!(page.body.contains("Vos pièces sont réservées") && page.body.contains("20,00"), "{}", page.body);
    assert!(!page.body.contains("zoe@example.org") && !page.body.contains("Martin"), "the address may be shared");
    assert!(market.get("/basket").await.body.contains("Votre panier est vide"));
    assert_eq!(market.get("/checkout").await.header("location"), "/basket", "there is nothing left to order");

    // The back button shows the old form; sending it again is the same order, although the basket is empty now.
    let again = market.post("/checkout", &filled(&form, &SHOPPER)).await;
    assert_eq!((again.status, again.header("location")), (StatusCode::SEE_OTHER, order.as_str()));
    assert_eq!(market.stock(listing.id).await.held(), 2);

    // The same form with other details is not.
    let mut moved = SHOPPER;
    moved[4] = ("town", "Paris");
    let refused = market.post("/checkout", &filled(&form, &moved)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(market.stock(listing.id).await.held(), 2);
}

#[tokio::test]
async fn faults_stand_at_their_fields_and_what_was_typed_is_kept() {
    let market = Market::open_without_worker(|_| {}).await;
    let listing = market.listing(5).await;
    market.post("/basket/lines", &[("listing_id", &listing.id.to_string())]).await;
    let form = hidden(&market.get("/checkout").await);
    let typed = [("name", "Zoé <b>"), ("email", "zoe"), ("street", ""), ("postcode", "69001"), ("town", "Lyon")];
    let page = market.post("/checkout", &filled(&form, &typed)).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("id=\"email-fault\"") && page.body.contains("id=\"street-fault\""));
    assert!(page.body.contains("value=\"Zoé &lt;b&gt;\"") && page.body.contains("value=\"Lyon\""));
    assert_eq!(page.hidden("idempotency_key"), form[0].1);
    assert_eq!(page.hidden("lines"), form[1].1);
}

#[tokio::test]
async fn a_refused_order_keeps_the_basket() {
    let market = Market::open().await;
    let listing = market.listing(2).await;
    market.post("/basket/lines", &[("listing_id", &listing.id.to_string()), ("quantity", "2")]).await;
    let form = hidden(&market.get("/checkout").await);
    // Somebody else is quicker.
    let other = market.order("key-of-the-quick", &crate::market::request_for(listing.id, 1)).await;
    assert_eq!(other.status, StatusCode::CREATED);
    let refused = market.post("/checkout", &filled(&form, &SHOPPER)).await;
    assert_eq!(refused.status, StatusCode::SEE_OTHER);
    assert!(refused.headers.get("set-cookie").is_none());
    let page = market.get(refused.header("location")).await;
    assert!(page.body.contains("Cette commande n&#39;a pas pu") || page.body.contains("Cette commande n'a pas pu"));
    assert!(page.body.contains("en reste qu"), "{}", page.body);
}

#[tokio::test]
async fn a_form_without_its_hidden_parts_begins_again() {
    let market = Market::open_without_worker(|_| {}).await;
    assert_eq!(market.post("/checkout", &SHOPPER).await.header("location"), "/basket");
    let listing = market.listing(5).await;
    market.post("/basket/lines", &[("listing_id", &listing.id.to_string())]).await;
    let page = market.post("/checkout", &SHOPPER).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("Cette page a vieilli") && page.body.contains("zoe@example.org"));
    assert!(!page.hidden("idempotency_key").is_empty());
}
