//! Waiting: whoever has waited longest gets what comes free, in the transaction that frees it; nobody is passed over.

use std::sync::Arc;
use std::time::Duration;

use halles_domain::{LineRefusal, ListingId, ListingStatus, OrderState, PlacedOrder, RequestToBuy, WaitingPlace};
use halles_store::{Cancellation, ListingContent, PlacementRules};
use tokio::task::JoinSet;

use crate::market::{Market, RULES, content, eur, placed, request};

/// A request that would rather wait.
fn patient(key: &str, listing: ListingId, pieces: u32) -> RequestToBuy {
    RequestToBuy { may_wait: true, ..request(key, &[(listing, pieces)]) }
}

async fn place(market: &Market, wanted: &RequestToBuy) -> PlacedOrder {
    placed(market.place(wanted).await.expect("answered"))
}

async fn state(market: &Market, wanted: &RequestToBuy) -> OrderState {
    market.writer.find_order(wanted.order_id).await.expect("reads").expect("is there").state
}

async fn cancel(market: &Market, wanted: &RequestToBuy) {
    let done = market.writer.cancel_order(wanted.order_id).await.expect("answered");
    assert!(matches!(done, Cancellation::Cancelled(_)), "{done:?}");
}

#[tokio::test]
async fn an_order_that_finds_too_little_may_wait_and_is_told_where_it_stands() {
    let market = Market::open().await;
    let bowl = market.listing(3).await.id;
    place(&market, &request("holder", &[(bowl, 3)])).await;
    let first = place(&market, &patient("first", bowl, 1)).await;
    assert_eq!((first.state, first.total, first.held_until), (OrderState::Waitlisted, Some(eur(1_000)), None));
    assert_eq!(first.waiting, Some(WaitingPlace { place: 1, may_come_free: 3 }));
    let wanted = patient("second", bowl, 1);
    let second = place(&market, &wanted).await;
    assert_eq!(second.waiting, Some(WaitingPlace { place: 2, may_come_free: 3 }));
    let stored = market.writer.find_order(second.id).await.expect("reads").expect("is there");
    assert_eq!(stored, second, "what is stored is what was said");
    let impatient = place(&market, &request("impatient", &[(bowl, 1)])).await;
    assert_eq!(impatient.refusals[0].line, LineRefusal::OutOfStock { available: 0 });
    assert_eq!(market.stock(bowl).await.held(), 3, "who waits holds nothing");
}

#[tokio::test]
async fn what_is_cancelled_goes_to_who_has_waited_longest_and_nobody_passes() {
    let market = Market::open().await;
    let bowl = market.listing(3).await.id;
    let holders = [request("a-holder", &[(bowl, 1)]), request("b-holder", &[(bowl, 2)])];
    for holder in &holders {
        place(&market, holder).await;
    }
    let (large, small) = (patient("large", bowl, 2), patient("small", bowl, 1));
    place(&market, &large).await;
    place(&market, &small).await;
    cancel(&market, &holders[0]).await;
    assert_eq!(state(&market, &small).await, OrderState::Waitlisted, "it would fit, and is not its turn");
    let newcomer = place(&market, &request("newcomer", &[(bowl, 1)])).await;
    assert_eq!(newcomer.state, OrderState::Refused, "what lies there belongs to those who wait");
    cancel(&market, &holders[1]).await;
    let order = market.writer.find_order(large.order_id).await.expect("reads").expect("is there");
    assert_eq!((order.state, order.waiting), (OrderState::AwaitingPayment, None));
    let clock_starts_now = order.held_until.expect("a hold").duration_since(jiff::Timestamp::now()).as_secs();
    assert!((3_500..=3_600).contains(&clock_starts_now), "{clock_starts_now}");
    assert_eq!(state(&market, &small).await, OrderState::AwaitingPayment);
    let stock = market.stock(bowl).await;
    assert_eq!((stock.held(), stock.available()), (3, 0));
    let row = market
        .owner()
        .await
        .query_one(
            "SELECT count(*) FROM order_transition WHERE cause = 'stock_freed' AND from_state = 'waitlisted'
                 AND to_state = 'awaiting_payment'",
            &[],
        )
        .await
        .expect("counts");
    assert_eq!(row.get::<_, i64>(0), 2, "each move is written down");
}

#[tokio::test]
async fn what_expires_goes_to_who_waits_in_the_same_transaction() {
    let market = Market::open().await;
    let bowl = market.listing(2).await.id;
    let over_at_once = PlacementRules::holding(Duration::ZERO);
    let holders: Vec<_> = (0..2).map(|number| request(&format!("holder-{number}"), &[(bowl, 1)])).collect();
    market.writer.place_batch(&holders, &over_at_once).await.expect("placed");
    let waiting: Vec<_> = (0..3).map(|number| patient(&format!("waiter-{number}"), bowl, 1)).collect();
    market.writer.place_batch(&waiting, &RULES).await.expect("placed");
    assert_eq!(market.writer.expire_holds(10).await.expect("expires"), 2);
    let mut states = Vec::new();
    for wanted in &waiting {
        states.push(state(&market, wanted).await);
    }
    assert_eq!(states, [OrderState::AwaitingPayment, OrderState::AwaitingPayment, OrderState::Waitlisted]);
    assert_eq!(market.stock(bowl).await.held(), 2);
}

#[tokio::test]
async fn who_leaves_the_queue_lets_the_next_one_through() {
    let market = Market::open().await;
    let bowl = market.listing(3).await.id;
    place(&market, &request("holder", &[(bowl, 2)])).await;
    let (large, small) = (patient("large", bowl, 3), patient("small", bowl, 1));
    place(&market, &large).await;
    place(&market, &small).await;
    assert_eq!(state(&market, &small).await, OrderState::Waitlisted);
    cancel(&market, &large).await;
    assert_eq!(state(&market, &small).await, OrderState::AwaitingPayment);
    let again = market.writer.cancel_order(large.order_id).await.expect("answered");
    assert!(matches!(again, Cancellation::AlreadyCancelled(_)), "{again:?}");
    assert_eq!(market.stock(bowl).await.held(), 3);
}

#[tokio::test]
async fn who_can_get_nothing_any_more_is_told_so() {
    let market = Market::open().await;
    let bowl = market.listing(2).await.id;
    let holder = request("holder", &[(bowl, 2)]);
    place(&market, &holder).await;
    let waiter = patient("waiter", bowl, 1);
    place(&market, &waiter).await;
    assert_eq!(market.writer.review_waitlists().await.expect("looks"), 0, "nothing is due");
    let pay = format!(
        "UPDATE orders SET state = 'paid' WHERE id = '{}'; UPDATE listing SET held = 0, allocated = 2 WHERE id = {bowl}",
        holder.order_id
    );
    market.owner().await.batch_execute(&pay).await.expect("pays");
    assert_eq!(market.writer.review_waitlists().await.expect("looks"), 1);
    let order = market.writer.find_order(waiter.order_id).await.expect("reads").expect("is there");
    assert_eq!((order.state, order.refusals[0].line), (OrderState::Refused, LineRefusal::OutOfStock { available: 0 }));
    let late = place(&market, &patient("late", bowl, 1)).await;
    assert_eq!(late.state, OrderState::Refused, "nobody starts waiting for what is paid");
}

#[tokio::test]
async fn a_seller_who_brings_more_serves_the_queue_and_one_who_stops_selling_ends_it() {
    let market = Market::open().await;
    let bowl = market.listing(1).await.id;
    place(&market, &request("holder", &[(bowl, 1)])).await;
    let waiters = [patient("early", bowl, 1), patient("late", bowl, 1)];
    for waiter in &waiters {
        place(&market, waiter).await;
    }
    market.database.wait_for_replica().await;
    let version = market.reader.find_listing(bowl).await.expect("reads").expect("is there").version;
    market.writer.update_listing(bowl, version, &content(Some(eur(1_000)), 2)).await.expect("changed");
    assert_eq!(market.writer.review_waitlists().await.expect("looks"), 1);
    assert_eq!(state(&market, &waiters[0]).await, OrderState::AwaitingPayment);
    assert_eq!(state(&market, &waiters[1]).await, OrderState::Waitlisted);
    market.database.wait_for_replica().await;
    let version = market.reader.find_listing(bowl).await.expect("reads").expect("is there").version;
    let paused = ListingContent { status: ListingStatus::Paused, ..content(Some(eur(1_000)), 2) };
    market.writer.update_listing(bowl, version, &paused).await.expect("changed");
    assert_eq!(market.writer.review_waitlists().await.expect("looks"), 1);
    assert_eq!(state(&market, &waiters[1]).await, OrderState::Refused);
}

#[tokio::test]
async fn nobody_waits_longer_than_was_said() {
    let market = Market::open().await;
    let bowl = market.listing(1).await.id;
    place(&market, &request("holder", &[(bowl, 1)])).await;
    let waiter = patient("waiter", bowl, 1);
    let impatient = PlacementRules { wait_for: Duration::ZERO, ..RULES };
    market.writer.place_batch(std::slice::from_ref(&waiter), &impatient).await.expect("placed");
    assert_eq!(market.writer.review_waitlists().await.expect("looks"), 1);
    assert_eq!(state(&market, &waiter).await, OrderState::Refused);
}

/// Holders cancel, waiters leave, holds end and newcomers come, all at once: nobody waits in a circle, nothing is
/// oversold, and whoever still waits has nothing to wait for that lies there.
#[tokio::test(flavor = "multi_thread")]
async fn a_busy_queue_stays_in_order() {
    let market = Arc::new(Market::open().await);
    let bowl = market.listing(20).await.id;
    let short = PlacementRules::holding(Duration::from_millis(1));
    let mut crowd = JoinSet::new();
    for person in 0..60_u32 {
        let market = Arc::clone(&market);
        crowd.spawn(async move {
            let wanted = patient(&format!("person-{person}"), bowl, 1 + person % 3);
            let rules = if person % 4 == 0 { short } else { RULES };
            market.writer.place_batch(std::slice::from_ref(&wanted), &rules).await.expect("no deadlock");
            if person % 3 == 0 {
                market.writer.cancel_order(wanted.order_id).await.expect("no deadlock");
            }
            market.writer.expire_holds(7).await.expect("no deadlock");
        });
    }
    crowd.join_all().await;
    while market.writer.expire_holds(100).await.expect("expires") > 0 {}
    let owner = market.owner().await;
    let sql = "SELECT (SELECT coalesce(sum(quantity), 0) FROM order_line JOIN orders ON orders.id = order_id
                        WHERE state = 'awaiting_payment')::bigint,
                      (SELECT held FROM listing WHERE id = $1)::bigint,
                      (SELECT count(*) FROM orders WHERE state = 'waitlisted'),
                      (SELECT count(*) FROM waitlist),
                      (SELECT pieces FROM waitlist ORDER BY place LIMIT 1)::bigint";
    let row = owner.query_one(sql, &[&bowl.get()]).await.expect("counts");
    let (lines, held): (i64, i64) = (row.get(0), row.get(1));
    assert_eq!(lines, held, "what is held is what orders hold");
    assert_eq!(row.get::<_, i64>(2), row.get::<_, i64>(3), "who waits stands in the queue");
    if let Some(next) = row.get::<_, Option<i64>>(4) {
        assert!(next > 20 - held, "{next} pieces are there for whoever is next");
    }
}
