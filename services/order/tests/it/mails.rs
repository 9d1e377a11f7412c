//! Mails: one for each move of an order, whatever breaks, and with the way on in it.

use halles_testkit::eventually;
use reqwest::StatusCode;
use serde_json::Value;

use crate::market::{PATIENCE, request_for};
use crate::till::{Till, id_of, status_url};

/// The subjects of all mails so far, the first one first, once there are `count`.
async fn subjects(till: &Till, count: usize) -> Vec<String> {
    let mut mails = Vec::new();
    eventually(&format!("{count} mails have come"), PATIENCE, async || {
        mails = till.mails().await;
        mails.len() >= count
    })
    .await;
    mails.iter().map(|mail| mail["subject"].as_str().expect("a subject").to_owned()).collect()
}

/// The address in a mail that leads to paying.
fn payment_link(mail: &Value) -> String {
    let text = mail["text"].as_str().expect("a text");
    text.lines().find(|line| line.contains("/pay/")).expect("a way to pay").to_owned()
}

/// C2, rule 10: exactly one message for each change of state.
#[tokio::test]
async fn c2_rule_10_every_move_is_told_once_and_the_mail_leads_on() {
    let till = Till::open().await;
    let (_, order) = till.held_order("key-of-the-reader", 2).await;
    assert_eq!(subjects(&till, 1).await.len(), 1);
    let held = &till.mails().await[0];
    assert!(held["subject"].as_str().is_some_and(|subject| subject.contains("Held for you")), "{held}");
    assert_eq!(held["to"][0], "camille@example.org");
    let link = payment_link(held);
    let pressed = crate::market::send(till.payer.post(&link)).await;
    assert_eq!(pressed.status, StatusCode::SEE_OTHER, "{}", pressed.body);
    till.pay(pressed.header("location"), &[("outcome", "paid"), ("notice", "twice")]).await;
    till.market.wait_for_state(id_of(&order), "paid").await;
    till.market.post(&format!("{}/cancel", status_url(&order)), &[]).await;
    let subjects = subjects(&till, 3).await;
    let told = |word: &str| subjects.iter().filter(|subject| subject.contains(word)).count();
    assert_eq!((told("Held"), told("paid"), told("cancelled"), subjects.len()), (1, 1, 1, 3), "{subjects:?}");
    let mails = till.mails().await;
    assert!(mails.iter().all(|mail| mail["times"] == 1), "nothing was sent twice: {mails:?}");
    let cancelled = mails.iter().find(|mail| mail["subject"].as_str().is_some_and(|s| s.contains("cancelled")));
    assert!(cancelled.is_some_and(|mail| mail["text"].as_str().is_some_and(|text| text.contains("given back"))));
}

/// C2, rule 8: an order that was placed late is told with a way to pay.
#[tokio::test]
async fn c2_rule_08_an_order_placed_late_is_paid_through_its_mail() {
    let mut till = Till::open_with(|settings| settings.orders.outcome_wait_ms = 20).await;
    till.market.stop_worker().await;
    let listing = till.market.listing(5).await.id;
    let noted = till.market.order("key-of-the-late-mail", &request_for(listing, 1)).await;
    assert_eq!(noted.status, StatusCode::ACCEPTED, "{}", noted.body);
    assert!(till.mails().await.is_empty(), "nothing is promised before it is so");
    till.market.start_worker().await;
    subjects(&till, 1).await;
    let link = payment_link(&till.mails().await[0]);
    let pressed = crate::market::send(till.payer.post(&link)).await;
    till.pay(pressed.header("location"), &[("outcome", "paid")]).await;
    till.market.wait_for_state(id_of(&noted.json()), "paid").await;
}

#[tokio::test]
async fn what_is_no_news_is_not_told() {
    let mut till = Till::open().await;
    till.market.stop_worker().await;
    till.market.start_worker_without_mails().await;
    let (_, order) = till.held_order("key-of-last-month", 1).await;
    till.market.stop_worker().await;
    let month = "UPDATE order_transition SET at = now() - interval '31 days'";
    till.market.database.run_as_owner(month).await;
    till.market.start_worker().await;
    till.market.post(&format!("{}/cancel", status_url(&order)), &[]).await;
    let subjects = subjects(&till, 1).await;
    assert!(subjects.len() == 1 && subjects[0].contains("cancelled"), "{subjects:?}");
    let left = "SELECT count(*) FROM order_transition WHERE mail_due_at IS NOT NULL";
    eventually("nothing is left to do", PATIENCE, async || till.market.database.count(left).await == 0).await;
}

#[tokio::test]
async fn without_a_mail_server_orders_go_on_and_mails_come_later() {
    let till = Till::open().await;
    till.mail_wire.cut();
    let (_, order) = till.held_order("key-of-the-dead-letter", 1).await;
    till.market.post(&format!("{}/cancel", status_url(&order)), &[]).await;
    till.market.wait_for_state(id_of(&order), "cancelled").await;
    eventually("somebody has tried to tell", PATIENCE, async || {
        till.market.database.count("SELECT count(*) FROM order_transition WHERE mail_error IS NOT NULL").await == 2
    })
    .await;
    assert!(till.mails().await.is_empty());
    till.mail_wire.restore();
    till.market.database.run_as_owner("UPDATE order_transition SET mail_due_at = now() WHERE mailed_at IS NULL").await;
    assert_eq!(subjects(&till, 2).await.len(), 2);
    eventually("all is noted as told", PATIENCE, async || {
        till.market.database.count("SELECT count(*) FROM order_transition WHERE mailed_at IS NULL").await == 0
    })
    .await;
}
