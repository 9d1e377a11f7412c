//! What is said when an order is taken.

use halles_queue::order_log::OrderLog;
use halles_testkit::eventually;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::market::{Market, PATIENCE, contact, log_settings, request_for};

fn path(order: &Value) -> String {
    order["status_url"].as_str().expect("an address").to_owned()
}

/// Rule 1: intake appends to the durable log in every mode; a worker that is quick makes no other path.
#[tokio::test]
async fn c2_rule_01_every_order_goes_through_the_log_whether_it_is_placed_at_once_or_late() {
    let mut market = Market::open_without_worker(|settings| settings.orders.outcome_wait_ms = 20).await;
    let log = OrderLog::connect(&log_settings(&market.log)).await.expect("the log");
    let listing = market.listing(5).await.id;
    let late = market.order("key-of-the-late-one", &request_for(listing, 1)).await;
    assert_eq!(late.status, StatusCode::ACCEPTED, "{}", late.body);
    let depth = log.depth().await.expect("readable");
    assert_eq!((depth.waiting, depth.per_second), (1, None), "nobody has taken anything yet");
    market.start_worker().await;
    market.wait_for_state(late.json()["id"].as_str().expect("a name"), "awaiting_payment").await;
    eventually("the log is drained", PATIENCE, async || log.depth().await.expect("readable").waiting == 0).await;

    let quick = Market::open().await;
    let log = OrderLog::connect(&log_settings(&quick.log)).await.expect("the log");
    let listing = quick.listing(5).await.id;
    let placed = quick.order("key-of-the-quick-one", &request_for(listing, 1)).await;
    assert_eq!(placed.status, StatusCode::CREATED, "{}", placed.body);
    assert!(log.depth().await.expect("readable").per_second.is_some(), "it was taken out of the log");
}

/// Rule 3: receipt is acknowledged at once and in plain words; it can be looked over and corrected before, and no card is
/// asked for.
#[tokio::test]
async fn c2_rule_03_what_is_noted_is_not_said_to_be_bought() {
    let market = Market::open_without_worker(|settings| settings.orders.outcome_wait_ms = 20).await;
    let listing = market.listing(5).await.id;
    let id = listing.get().to_string();
    market.post("/basket/lines", &[("listing_id", id.as_str()), ("quantity", "1")]).await;
    let checkout = market.get("/checkout").await;
    assert!(checkout.body.contains("Bol en grès bleu") && checkout.body.contains("Modifier le panier"));
    assert!(checkout.body.contains("Rien n'est débité maintenant."), "{}", checkout.body);
    assert!(!checkout.body.contains("cc-number") && !checkout.body.contains("card"), "no card is asked for");
    let noted = market.order("key-of-a-noted-one", &request_for(listing, 1)).await;
    assert_eq!((noted.status, noted.json()["state"].as_str()), (StatusCode::ACCEPTED, Some("pending")));
    let page = market.get(&path(&noted.json())).await;
    assert!(page.body.contains("Votre demande est notée et ne se perdra pas. Rien n'est débité."), "{}", page.body);
    assert!(!page.body.contains("Vos pièces sont réservées"), "nothing is held yet");
}

/// Rule 4: held with its time, waitlisted with its place, being checked, gone; and never held beyond stock.
#[tokio::test]
async fn c2_rule_04_stock_says_one_of_four_things() {
    let mut market = Market::open_without_worker(|settings| settings.orders.outcome_wait_ms = 2_000).await;
    let listing = market.listing(2).await.id;
    let checked = market.order("key-of-the-checked", &request_for(listing, 1)).await;
    assert_eq!((checked.status, checked.json()["state"].as_str()), (StatusCode::ACCEPTED, Some("pending")));
    market.start_worker().await;
    let held = market.wait_for_state(checked.json()["id"].as_str().expect("a name"), "awaiting_payment").await;
    assert!(held["held_until"].is_string(), "{held}");
    let mut patient = request_for(listing, 2);
    patient["may_wait"] = json!(true);
    let waits = market.order("key-of-the-patient", &patient).await.json();
    assert_eq!((waits["state"].as_str(), &waits["waiting"]["place"]), (Some("waitlisted"), &json!(1)));
    let gone = market.order("key-of-the-unlucky", &request_for(listing, 2)).await;
    assert_eq!((gone.status, gone.json()["code"].as_str()), (StatusCode::CONFLICT, Some("out_of_stock")));
    let stock = market.stock(listing).await;
    assert!(stock.held() + stock.allocated() <= 2, "{stock:?}");
}

/// Rule 11: all or nothing unless the shopper says otherwise; then what could not be had is itemised.
#[tokio::test]
async fn c2_rule_11_all_or_nothing_or_what_there_is_line_by_line() {
    let market = Market::open().await;
    let (plenty, few) = (market.listing(5).await.id, market.listing(1).await.id);
    let lines = json!([
        { "listing_id": plenty.get(), "quantity": 2, "personalisation": "Pour <i>Zoé</i>" },
        { "listing_id": few.get(), "quantity": 2 },
    ]);
    let all = json!({ "contact": contact(), "lines": lines });
    let refused = market.order("key-of-all-or-nothing", &all).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    assert_eq!(market.stock(plenty).await.held(), 0, "nothing was taken");

    let modest = json!({ "contact": contact(), "lines": lines, "what_there_is": true });
    let taken = market.order("key-of-what-there-is", &modest).await;
    assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.body);
    let taken = taken.json();
    assert_eq!(taken["lines"].as_array().map(Vec::len), Some(1), "{taken}");
    assert_eq!((&taken["lines"][0]["quantity"], &taken["total_cents"]), (&json!(2), &json!(2_000)));
    assert_eq!(
        taken["refusals"],
        json!([{ "listing_id": few.get(), "reason": "out_of_stock", "available": 1 }]),
        "what was left out is named"
    );
    let page = market.get(&path(&taken)).await;
    assert!(page.body.contains("Il a manqué ce qui suit"), "{}", page.body);
    assert!(page.body.contains("Pour &lt;i&gt;Zoé&lt;/i&gt;"), "wishes are shown as they were typed, and no more");
    let other = market.order("key-of-what-there-is", &all).await;
    assert_eq!(other.json()["code"], "idempotency_key_reused", "taking less is part of what was asked for");
}
