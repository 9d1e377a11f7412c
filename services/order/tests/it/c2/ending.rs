//! What happens when there is much to place, and when time runs out.

use std::time::{Duration, Instant};

use halles_domain::{OrderId, RequestToBuy};
use halles_queue::order_log::{Consumer, OrderLog};
use halles_testkit::eventually;
use reqwest::StatusCode;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::market::{Market, PATIENCE, log_settings, request_for};
use crate::till::{Till, id_of};

/// Rule 8: whoever holds pieces hears before the time is over, once, with the way to pay.
#[tokio::test]
async fn c2_rule_08_a_hold_that_ends_soon_is_told_by_mail() {
    let till = Till::open_with(|settings| settings.orders.hold_ms = 600_000).await;
    let (_, order) = till.held_order("key-of-the-forgetful", 1).await;
    let reminding = till
        .market
        .spawn_worker(|settings| {
            settings.shoppers.remind_before_ms = 900_000;
            settings.shoppers.remind_interval_ms = 20;
        })
        .await;
    let reminders = async || {
        let mails = till.mails().await;
        let is_reminder = |mail: &&serde_json::Value| mail["subject"].as_str().is_some_and(|s| s.contains("ends soon"));
        mails.iter().filter(is_reminder).cloned().collect::<Vec<_>>()
    };
    eventually("the reminder comes", PATIENCE, async || reminders().await.len() == 1).await;
    let text = reminders().await[0]["text"].as_str().expect("a text").to_owned();
    assert!(text.contains("/pay/") && text.contains(id_of(&order)), "{text}");
    let still = till.market.wait_for_state(id_of(&order), "awaiting_payment").await;
    assert_eq!(still["held_until"], order["held_until"], "being told changes nothing");
    assert_eq!(reminders().await.len(), 1, "once");
    reminding.shutdown.request();
    reminding.task.await.expect("no panic").expect("a clean end");
}

/// Rule 13: while much is being placed, whoever is buying right now is served: what is placed at once is bounded, and
/// paying does not wait for the end of it.
#[tokio::test]
async fn c2_rule_13_draining_holds_up_nobody_who_is_paying() {
    let mut till = Till::open_with(|settings| settings.order_log.batch_size = 20).await;
    let (_, held) = till.held_order("key-of-the-payer", 1).await;
    till.market.stop_worker().await;
    let log = OrderLog::connect(&log_settings(&till.market.log)).await.expect("the log");
    let template = one_request(&till.market, &log).await;
    let mut crowd = JoinSet::new();
    for number in 0..2_000 {
        let (log, request) = (log.clone(), renamed(&template, number));
        crowd.spawn(async move { log.append(&request).await.map(drop) });
    }
    for noted in crowd.join_all().await {
        noted.expect("noted");
    }
    let draining = till.market.spawn_worker(|settings| settings.order_log.batch_size = 20).await;
    let (mut paying, began) = (0, Instant::now());
    while log.depth().await.expect("readable").waiting > 0 {
        assert!(began.elapsed() < PATIENCE, "the log is not drained");
        let path = format!("/orders/{}/pay", id_of(&held));
        let answer = tokio::time::timeout(Duration::from_secs(10), till.market.post(&path, &[])).await;
        assert_eq!(answer.expect("in time").status, StatusCode::SEE_OTHER);
        paying += u32::from(log.depth().await.expect("readable").waiting > 0);
    }
    assert!(paying > 0, "somebody got to the payment page while others were being placed");
    draining.shutdown.request();
    draining.task.await.expect("no panic").expect("a clean end");
}

/// A request as the service appends it, taken from the log itself.
async fn one_request(market: &Market, log: &OrderLog) -> RequestToBuy {
    let listing = market.listing(5_000).await.id;
    let body = request_for(listing, 1);
    let asking = market.order("key-of-the-template", &body);
    let taking = async {
        let mut consumer = Consumer::connect(&log_settings(&market.log)).await.expect("a consumer");
        let mut taken = Vec::new();
        eventually("the request is taken", PATIENCE, async || {
            taken = consumer.take().await.unwrap_or_default();
            !taken.is_empty()
        })
        .await;
        consumer.set_aside(&taken[0], "a template").await.expect("set aside");
        consumer.resign().await.expect("resigned");
        taken.remove(0).request
    };
    let (request, ()) =
        tokio::join!(taking, async { drop(tokio::time::timeout(Duration::from_secs(1), asking).await) });
    assert_eq!(log.depth().await.expect("readable").waiting, 0);
    request
}

fn renamed(template: &RequestToBuy, number: u64) -> RequestToBuy {
    RequestToBuy {
        order_id: OrderId::new(Uuid::from_u64_pair(13, number)),
        idempotency_key: format!("key-of-a-crowd-{number}").parse().expect("a key"),
        ..template.clone()
    }
}
