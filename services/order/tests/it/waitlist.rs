//! Waiting for a turn, as shoppers see it.

use halles_domain::ListingId;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::market::{Market, request_for};

fn patient(id: ListingId, pieces: u32) -> Value {
    let mut body = request_for(id, pieces);
    body["may_wait"] = json!(true);
    body
}

/// C2 rules 4, 7 and 8: whoever waits knows the place, gets the piece in turn, and their clock starts then.
#[tokio::test]
async fn c2_rule_07_who_waits_knows_the_place_and_gets_what_comes_free() {
    let market = Market::open().await;
    let listing = market.listing(2).await;
    let holder = market.order("key-of-the-holder", &request_for(listing.id, 2)).await.json();
    let first = market.order("key-of-the-first", &patient(listing.id, 1)).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    let first = first.json();
    assert_eq!(
        (&first["state"], &first["waiting"]),
        (&json!("waitlisted"), &json!({ "place": 1, "may_come_free": 2 }))
    );
    assert_eq!(first["held_until"], Value::Null);
    let second = market.order("key-of-the-second", &patient(listing.id, 2)).await.json();
    assert_eq!(second["waiting"]["place"], 2);
    let page = market.get(second["status_url"].as_str().expect("an address")).await;
    assert!(page.body.contains("Vous êtes à la place 2.") && page.body.contains("/cancel"), "{}", page.body);

    let other = market.order("key-of-the-second", &request_for(listing.id, 2)).await;
    assert_eq!(other.json()["code"], "idempotency_key_reused", "waiting or not is part of what was asked for");

    let path = holder["status_url"].as_str().expect("an address");
    market.post(&format!("{path}/cancel"), &[]).await;
    let order = market.wait_for_state(first["id"].as_str().expect("a name"), "awaiting_payment").await;
    assert!(order["held_until"].is_string() && order["waiting"].is_null(), "{order}");
    let still = market.wait_for_state(second["id"].as_str().expect("a name"), "waitlisted").await;
    assert_eq!(still["waiting"], json!({ "place": 1, "may_come_free": 1 }), "two pieces are not there yet");
    let stock = market.stock(listing.id).await;
    assert_eq!((stock.held(), stock.available()), (1, 1));
}

/// C2 rule 7: on expiry the piece goes to the next one, without anybody doing anything.
#[tokio::test]
async fn c2_rule_08_what_expires_goes_to_the_next_one() {
    let mut market = Market::open_without_worker(|settings| settings.orders.hold_ms = 1_500).await;
    market.start_worker().await;
    let listing = market.listing(1).await;
    let holder = market.order("key-of-the-holder", &request_for(listing.id, 1)).await.json();
    let next = market.order("key-of-the-next", &patient(listing.id, 1)).await.json();
    assert_eq!((&holder["state"], &next["state"]), (&json!("awaiting_payment"), &json!("waitlisted")));
    market.wait_for_state(holder["id"].as_str().expect("a name"), "expired").await;
    market.wait_for_state(next["id"].as_str().expect("a name"), "awaiting_payment").await;
}

/// C2 rule 7: bulk buyers leave something for the others.
#[tokio::test]
async fn c2_rule_07_one_person_gets_so_many_and_no_more() {
    let mut market = Market::open_without_worker(|settings| settings.orders.max_pieces_per_person = 3).await;
    market.start_worker().await;
    let listing = market.listing(50).await;
    assert_eq!(market.order("key-of-three", &request_for(listing.id, 3)).await.status, StatusCode::CREATED);
    let refused = market.order("key-of-one-more", &request_for(listing.id, 1)).await;
    assert_eq!((refused.status, &refused.json()["code"]), (StatusCode::CONFLICT, &json!("personal_limit")));
    assert_eq!(refused.json()["order"]["refusals"][0]["most"], 3);
}

/// The form: what has sold out while the shopper typed can be waited for.
#[tokio::test]
async fn a_checkout_that_came_too_late_offers_the_queue() {
    let market = Market::open().await;
    let listing = market.listing(1).await;
    market.post("/basket/lines", &[("listing_id", &listing.id.to_string()), ("quantity", "1")]).await;
    let page = market.get("/checkout").await;
    assert!(page.body.contains("type=\"checkbox\" name=\"may_wait\""), "{}", page.body);
    let (key, lines) = (page.hidden("idempotency_key"), page.hidden("lines"));
    market.order("key-of-the-quicker", &request_for(listing.id, 1)).await;
    let form = [
        ("idempotency_key", key.as_str()),
        ("lines", &lines),
        ("may_wait", "yes"),
        ("name", "Zoé"),
        ("email", "zoe@example.org"),
        ("street", "1 rue X"),
        ("postcode", "69001"),
        ("town", "Lyon"),
        ("country", "FR"),
    ];
    let answer = market.post("/checkout", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = market.get(answer.header("location")).await;
    assert!(page.body.contains("Vous êtes le prochain."), "{}", page.body);
}
