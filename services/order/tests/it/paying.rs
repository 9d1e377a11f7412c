//! Paying, as shoppers and providers do it: in whatever order things are heard, an order is paid once or the money goes
//! back.

use std::time::Duration;

use halles_domain::ListingId;
use halles_http::Signer;
use halles_payment::{NOTICE_SEAL_HEADER, NoticeSeal};
use halles_testkit::{ChaosProxy, eventually};
use jiff::Timestamp;
use reqwest::StatusCode;
use serde_json::json;

use crate::failures::url_port;
use crate::market::{PATIENCE, request_for, send};
use crate::till::{NOTICE_SECRET, Till, id_of, status_url};

async fn allocated(till: &Till, listing: ListingId) -> (u32, u32) {
    let stock = till.market.stock(listing).await;
    (stock.held(), stock.allocated())
}

#[tokio::test]
async fn from_a_held_order_to_a_paid_one_as_a_browser_does() {
    let till = Till::open().await;
    let (listing, order) = till.held_order("key-of-the-payer", 2).await;
    let page = till.market.get(status_url(&order)).await;
    assert!(page.body.contains("Payer 20,00") && page.body.contains("débité avant votre accord"), "{}", page.body);
    let policy = page.header("content-security-policy").to_owned();
    let page_url = till.press_pay(&order).await;
    let origin = page_url.split("/sandbox").next().expect("an origin");
    assert!(policy.contains(&format!("form-action 'self' {origin};")), "a browser may follow: {policy}");
    assert_eq!(till.press_pay(&order).await, page_url, "pressed twice it is one payment");

    let hosted = till.look(&page_url).await;
    assert!(hosted.body.contains("20,00") && hosted.body.contains("name=\"outcome\" value=\"paid\""));
    assert!(hosted.header("content-security-policy").contains(&till.market.url("")), "and back again");
    assert_eq!(allocated(&till, listing).await, (2, 0), "nothing is charged before the shopper says so there");

    let back = till.pay(&page_url, &[("outcome", "paid"), ("notice", "never")]).await;
    let returned = till.look(&back).await;
    assert_eq!(returned.header("location"), format!("{}?after=paid", status_url(&order)));
    let page = till.market.get(returned.header("location")).await;
    assert!(page.body.contains("Commande payée"), "{}", page.body);
    assert_eq!(allocated(&till, listing).await, (0, 2));
    let pressed_again = till.press_pay(&order).await;
    assert_eq!(pressed_again, format!("{}?after=not-payable", status_url(&order)));
}

/// C2, rule 6: webhook and browser share one completion function.
#[tokio::test]
async fn c2_rule_06_told_by_everybody_at_once_an_order_is_paid_once() {
    let till = Till::open().await;
    let (listing, order) = till.held_order("key-of-the-echo", 2).await;
    let page_url = till.press_pay(&order).await;
    let back = till.pay(&page_url, &[("outcome", "paid"), ("notice", "twice")]).await;
    let (first, second) = tokio::join!(till.look(&back), till.look(&back));
    for returned in [first, second] {
        assert_eq!(returned.header("location"), format!("{}?after=paid", status_url(&order)));
    }
    till.market.wait_for_state(id_of(&order), "paid").await;
    assert_eq!(allocated(&till, listing).await, (0, 2));
    assert_eq!(till.books(&page_url).await["refunded_cents"], 0);
}

#[tokio::test]
async fn a_browser_that_never_comes_back_has_paid_all_the_same() {
    let till = Till::open().await;
    let (listing, order) = till.held_order("key-of-the-notice", 1).await;
    let page_url = till.press_pay(&order).await;
    till.pay(&page_url, &[("outcome", "paid"), ("notice", "at_once")]).await;
    till.market.wait_for_state(id_of(&order), "paid").await;
    assert_eq!(allocated(&till, listing).await, (0, 1));
}

#[tokio::test]
async fn what_nobody_tells_the_worker_finds_out() {
    let till = Till::open().await;
    let (_, order) = till.held_order("key-of-the-silence", 1).await;
    let page_url = till.press_pay(&order).await;
    till.pay(&page_url, &[("outcome", "paid"), ("notice", "never")]).await;
    let half_a_minute_later = "UPDATE payment SET next_check_at = now()";
    till.market.database.run_as_owner(half_a_minute_later).await;
    till.market.wait_for_state(id_of(&order), "paid").await;
}

#[tokio::test]
async fn a_declined_payment_can_be_tried_again() {
    let till = Till::open().await;
    let (listing, order) = till.held_order("key-of-the-declined", 1).await;
    let first = till.press_pay(&order).await;
    let back = till.pay(&first, &[("outcome", "declined"), ("notice", "never")]).await;
    let returned = till.look(&back).await;
    let page = till.market.get(returned.header("location")).await;
    assert!(page.body.contains("a pas abouti"), "{}", page.body);
    assert!(page.body.contains("Payer 10,00"), "{}", page.body);
    let second = till.press_pay(&order).await;
    assert_ne!(first, second);
    till.pay(&second, &[("outcome", "paid")]).await;
    till.market.wait_for_state(id_of(&order), "paid").await;
    assert_eq!(allocated(&till, listing).await, (0, 1));
}

#[tokio::test]
async fn a_payment_on_its_way_is_said_to_be() {
    let till = Till::open().await;
    let (_, order) = till.held_order("key-of-the-slow", 1).await;
    let page_url = till.press_pay(&order).await;
    let back = till.pay(&page_url, &[("outcome", "slow"), ("delay_ms", "300")]).await;
    let returned = till.look(&back).await;
    if returned.header("location").ends_with("after=pay-unconfirmed") {
        let page = till.market.get(returned.header("location")).await;
        assert!(page.body.contains("est en route") || page.body.contains("Commande payée"), "{}", page.body);
    }
    till.market.wait_for_state(id_of(&order), "paid").await;
}

/// A market whose holds end almost at once, and an order that was paid before and told after that.
async fn paid_too_late(till: &Till, key: &str) -> (ListingId, serde_json::Value, String) {
    let (listing, order) = till.held_order(key, 3).await;
    let page_url = till.press_pay(&order).await;
    till.pay(&page_url, &[("outcome", "paid"), ("notice", "never")]).await;
    till.market.wait_for_state(id_of(&order), "expired").await;
    assert_eq!(till.market.stock(listing).await.available(), 5);
    (listing, order, page_url)
}

async fn short_holds() -> Till {
    Till::open_with(|settings| settings.orders.hold_ms = 2_000).await
}

/// What a provider sends about a captured payment, sealed at `at`.
async fn send_notice(till: &Till, page_url: &str, secret: &str, at: Timestamp) -> StatusCode {
    let body = serde_json::to_vec(&till.books(page_url).await).expect("JSON");
    let seal = NoticeSeal::new(&secret.into(), Duration::ZERO).seal(&body, at);
    let request = till.payer.post(till.market.url("/api/v1/payments/notices")).header(NOTICE_SEAL_HEADER, seal);
    send(request.body(body)).await.status
}

#[tokio::test]
async fn a_late_payment_is_honoured_while_there_is_stock() {
    let till = short_holds().await;
    let (listing, order, page_url) = paid_too_late(&till, "key-of-the-late").await;
    assert_eq!(send_notice(&till, &page_url, NOTICE_SECRET, Timestamp::now()).await, StatusCode::NO_CONTENT);
    till.market.wait_for_state(id_of(&order), "paid").await;
    assert_eq!(allocated(&till, listing).await, (0, 3));
}

#[tokio::test]
async fn a_late_payment_without_stock_is_given_back_and_said_so() {
    let till = short_holds().await;
    let (listing, order, page_url) = paid_too_late(&till, "key-of-the-unlucky").await;
    let quicker = till.market.order("key-of-the-quicker", &request_for(listing, 5)).await;
    assert_eq!(quicker.status, StatusCode::CREATED, "{}", quicker.body);
    for _ in 0..2 {
        assert_eq!(send_notice(&till, &page_url, NOTICE_SECRET, Timestamp::now()).await, StatusCode::NO_CONTENT);
    }
    eventually("the money is given back", PATIENCE, async || till.books(&page_url).await["refunded_cents"] == 3_000)
        .await;
    eventually("the page says so", PATIENCE, async || {
        till.market.get(status_url(&order)).await.body.contains("vous ont été rendus")
    })
    .await;
    let page = till.market.get(status_url(&order)).await;
    assert!(!page.body.contains("a été débité"), "nobody says that nothing was charged: {}", page.body);
}

#[tokio::test]
async fn a_notice_is_believed_only_with_a_seal_of_this_moment() {
    let till = short_holds().await;
    let (_, order, page_url) = paid_too_late(&till, "key-of-the-forger").await;
    let now = Timestamp::now();
    let notice = async |secret: &str, at| send_notice(&till, &page_url, secret, at).await;
    assert_eq!(notice("another secret", now).await, StatusCode::UNAUTHORIZED);
    assert_eq!(notice(NOTICE_SECRET, now - Duration::from_secs(400)).await, StatusCode::UNAUTHORIZED);
    assert_eq!(notice(NOTICE_SECRET, now + Duration::from_secs(400)).await, StatusCode::UNAUTHORIZED);
    let bare = send(till.payer.post(till.market.url("/api/v1/payments/notices")).body("{}")).await;
    assert_eq!(bare.status, StatusCode::UNAUTHORIZED);
    let invented = json!({
        "id": "0190c7a2-1b2c-7d3e-8f40-112233445566", "state": "captured", "amount_cents": 1, "currency": "EUR",
        "page_url": "", "refunded_cents": 0
    });
    let body = serde_json::to_vec(&invented).expect("JSON");
    let seal = NoticeSeal::new(&NOTICE_SECRET.into(), Duration::ZERO).seal(&body, now);
    let request = till.payer.post(till.market.url("/api/v1/payments/notices")).header(NOTICE_SEAL_HEADER, seal);
    assert_eq!(send(request.body(body)).await.status, StatusCode::NOT_FOUND);
    till.market.wait_for_state(id_of(&order), "expired").await;
}

/// C2, rule 9: signed, for one order, works on another device.
#[tokio::test]
async fn c2_rule_09_a_payment_link_pays_on_another_device_and_does_nothing_else() {
    let till = Till::open().await;
    let (listing, order) = till.held_order("key-of-the-link", 2).await;
    let link = order["payment_url"].as_str().expect("a link").to_owned();
    let page = till.look(&link).await;
    assert!(page.body.contains("Payer 20,00"), "{}", page.body);
    assert!(
        !page.body.contains("/cancel") && !page.body.contains(status_url(&order)) && !page.body.contains("camille")
    );
    let pressed = send(till.payer.post(&link)).await;
    assert_eq!(pressed.status, StatusCode::SEE_OTHER, "{}", pressed.body);
    let back = till.pay(pressed.header("location"), &[("outcome", "paid"), ("notice", "never")]).await;
    let returned = till.look(&back).await;
    let path = link.strip_prefix(&till.market.url("")).expect("a link of this market");
    assert_eq!(returned.header("location"), format!("{path}?after=paid"), "back to the link, not to the order");
    let paid = till.look(&till.market.url(returned.header("location"))).await;
    assert!(paid.body.contains("est payé") && !paid.body.contains("/cancel"), "{}", paid.body);
    assert_eq!(allocated(&till, listing).await, (0, 2));
}

#[tokio::test]
async fn a_payment_link_that_was_changed_or_grew_old_opens_nothing() {
    let till = Till::open().await;
    let (_, order) = till.held_order("key-of-the-old-link", 1).await;
    let (_, other) = till.held_order("key-of-another", 1).await;
    let link = order["payment_url"].as_str().expect("a link");
    let changed = link.replace(id_of(&order), id_of(&other));
    assert_ne!(changed, link);
    assert_eq!(till.look(&changed).await.status, StatusCode::NOT_FOUND);
    let long_ago = Timestamp::now() - Duration::from_secs(25 * 60 * 60);
    let old = Signer::new(&till.market.settings.signing).seal("payment-link", id_of(&order), long_ago);
    for answer in [
        till.look(&till.market.url(&format!("/pay/{old}"))).await,
        send(till.payer.post(till.market.url(&format!("/pay/{old}")))).await,
    ] {
        assert_eq!(answer.status, StatusCode::GONE);
        assert!(answer.body.contains("en donne un nouveau"), "{}", answer.body);
    }
    till.market.post(&format!("{}/cancel", status_url(&order)), &[]).await;
    let revoked = till.look(&format!("{link}?after=not-payable")).await;
    assert!(revoked.body.contains("plus rien à payer") && !revoked.body.contains("Payer 10,00"), "{}", revoked.body);
}

#[tokio::test]
async fn an_invented_order_can_neither_be_paid_nor_asked_about() {
    let till = Till::open().await;
    let (id, payment) = ("0190c7a2-1b2c-8d3e-8f40-112233445566", "0190c7a2-1b2c-7d3e-8f40-112233445566");
    assert_eq!(till.market.post(&format!("/orders/{id}/pay"), &[]).await.status, StatusCode::NOT_FOUND);
    for path in [format!("/orders/{id}/payments/{payment}"), format!("/pay/invented/payments/{payment}")] {
        assert_eq!(till.market.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let (_, order) = till.held_order("key-of-the-curious", 1).await;
    let unknown = till.market.get(&format!("{}/payments/{payment}", status_url(&order))).await;
    assert_eq!(unknown.header("location"), format!("{}?after=pay-unconfirmed", status_url(&order)));
    assert_eq!(
        till.market.get(&format!("{}/payments/not-a-name", status_url(&order))).await.status,
        StatusCode::NOT_FOUND
    );
}

/// C2, rule 16: cancelling is free, also after paying.
#[tokio::test]
async fn cancelling_a_paid_order_gives_everything_back() {
    let till = Till::open().await;
    let (listing, order) = till.held_order("key-of-the-regret", 2).await;
    let page_url = till.press_pay(&order).await;
    till.pay(&page_url, &[("outcome", "paid")]).await;
    till.market.wait_for_state(id_of(&order), "paid").await;
    for _ in 0..2 {
        let cancelled = till.market.post(&format!("{}/cancel", status_url(&order)), &[]).await;
        assert_eq!(cancelled.header("location"), format!("{}?after=cancelled", status_url(&order)));
    }
    eventually("the money is given back", PATIENCE, async || till.books(&page_url).await["refunded_cents"] == 2_000)
        .await;
    eventually("the page says so", PATIENCE, async || {
        till.market.get(status_url(&order)).await.body.contains("vous ont été rendus")
    })
    .await;
    assert_eq!(till.market.stock(listing).await.available(), 5);
}

#[tokio::test]
async fn without_the_provider_orders_stay_held_and_paying_works_again_later() {
    let till = Till::open().await;
    let (listing, order) = till.held_order("key-of-the-outage", 1).await;
    till.wire.cut();
    assert_eq!(till.press_pay(&order).await, format!("{}?after=pay-not-started", status_url(&order)));
    let page = till.market.get(&format!("{}?after=pay-not-started", status_url(&order))).await;
    assert!(page.body.contains("ne répond pas") && page.body.contains("Payer 10,00"), "{}", page.body);
    assert_eq!(allocated(&till, listing).await, (1, 0));
    till.wire.restore();
    let mut page_url = String::new();
    eventually("paying works again", PATIENCE, async || {
        page_url = till.press_pay(&order).await;
        page_url.contains("/sandbox/")
    })
    .await;
}

/// The provider has the money, and nobody here can write that down: it is not lost.
#[tokio::test]
async fn a_notice_that_cannot_be_written_down_is_told_again() {
    let primary = std::env::var("HALLES_TEST_PRIMARY").expect("a server; run with `cargo dev test`");
    let (wire, through) = ChaosProxy::before(&primary).await;
    let till = Till::open_with(|settings| {
        let direct = settings.store.primary_url.expose().to_owned();
        let (from, to) = (format!(":{}/", url_port(&direct)), format!(":{}/", url_port(&through)));
        settings.store.primary_url = direct.replace(&from, &to).into();
    })
    .await;
    let (listing, order) = till.held_order("key-of-the-bad-moment", 1).await;
    let page_url = till.press_pay(&order).await;
    wire.cut();
    till.pay(&page_url, &[("outcome", "paid"), ("notice", "at_once")]).await;
    let refused = send_notice(&till, &page_url, NOTICE_SECRET, Timestamp::now()).await;
    assert_eq!(refused, StatusCode::SERVICE_UNAVAILABLE);
    let returned = till.market.get(&format!("{}/payments/{}", status_url(&order), payment_id(&page_url))).await;
    assert_eq!(returned.header("location"), format!("{}?after=pay-unconfirmed", status_url(&order)));
    assert_eq!(allocated(&till, listing).await, (1, 0));
    wire.restore();
    till.market.wait_for_state(id_of(&order), "paid").await;
    assert_eq!(allocated(&till, listing).await, (0, 1));
}

fn payment_id(page_url: &str) -> &str {
    page_url.rsplit('/').next().expect("a name")
}
