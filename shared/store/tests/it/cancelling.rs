//! Cancelling: twice is once, and too late is said.

use std::sync::Arc;
use std::time::Duration;

use halles_domain::{Language, OrderId, OrderState, RequestToBuy};
use halles_store::{Cancellation, Placement, PlacementRules, StoreError};
use halles_testkit::eventually;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::market::{Market, placed, request};

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_by_ten_at_once_it_gives_its_pieces_back_once() {
    let market = Arc::new(Market::open().await);
    let bowl = market.listing(5).await.id;
    let order = placed(market.place(&request("regretted", &[(bowl, 3)])).await.expect("placed"));
    let mut clicks = JoinSet::new();
    for _ in 0..10 {
        let market = Arc::clone(&market);
        clicks.spawn(async move { market.writer.cancel_order(order.id).await.expect("answered") });
    }
    let mut cancelled_now = 0;
    for click in clicks.join_all().await {
        let (Cancellation::Cancelled(order) | Cancellation::AlreadyCancelled(order)) = &click else {
            panic!("{click:?}")
        };
        assert_eq!((order.state, order.held_until), (OrderState::Cancelled, None));
        cancelled_now += usize::from(matches!(click, Cancellation::Cancelled(_)));
    }
    assert_eq!(cancelled_now, 1);
    assert_eq!(market.stock(bowl).await.held(), 0);
}

#[tokio::test]
async fn a_paid_order_gives_back_what_is_allocated() {
    let market = Market::open().await;
    let bowl = market.listing(5).await.id;
    let order = placed(market.place(&request("paid-order", &[(bowl, 3)])).await.expect("placed"));
    let pay = format!(
        "UPDATE orders SET state = 'paid' WHERE id = '{}'; UPDATE listing SET held = 0, allocated = 3 WHERE id = {bowl}",
        order.id
    );
    market.owner().await.batch_execute(&pay).await.expect("pays");
    let cancellation = market.writer.cancel_order(order.id).await.expect("answered");
    assert!(matches!(cancellation, Cancellation::Cancelled(_)), "{cancellation:?}");
    let stock = market.stock(bowl).await;
    assert_eq!((stock.allocated(), stock.held(), stock.available()), (0, 0, 5));
}

#[tokio::test]
async fn what_is_over_cannot_be_cancelled() {
    let market = Market::open().await;
    let bowl = market.listing(5).await.id;
    let over = request("over-order", &[(bowl, 1)]);
    let at_once = PlacementRules::holding(Duration::ZERO);
    market.writer.place_batch(std::slice::from_ref(&over), &at_once).await.expect("placed");
    market.writer.expire_holds(1).await.expect("expires");
    let cancellation = market.writer.cancel_order(over.order_id).await.expect("answered");
    let Cancellation::TooLate(order) = cancellation else { panic!("{cancellation:?}") };
    assert_eq!(order.state, OrderState::Expired);
    let nobodys = market.writer.cancel_order(OrderId::new(Uuid::from_u128(7))).await;
    assert!(matches!(nobodys, Err(StoreError::NotFound("order"))), "{nobodys:?}");
}

/// C2 rule 16: whoever takes back what is still in the log never gets it.
#[tokio::test]
async fn what_is_withdrawn_before_it_is_placed_is_never_placed() {
    let market = Market::open().await;
    let bowl = market.listing(5).await.id;
    let wanted = request("second-thoughts", &[(bowl, 2)]);
    let id = wanted.order_id;
    assert!(market.writer.withdraw_order(id, Language::Fr).await.expect("withdrawn"));
    assert!(!market.writer.withdraw_order(id, Language::Fr).await.expect("answered"), "twice is once");
    for _ in 0..2 {
        let placement = market.place(&wanted).await.expect("answered");
        let Placement::Replayed(order) = placement else { panic!("{placement:?}") };
        assert_eq!((order.id, order.state, order.lines.len()), (id, OrderState::Cancelled, 0));
    }
    let other = market.place(&request("second-thoughts", &[(bowl, 1)])).await.expect("answered");
    assert_eq!(other, Placement::KeyReused, "the key has been used");
    assert_eq!(market.stock(bowl).await.held(), 0);
    let placed_before = request("placed-before", &[(bowl, 1)]);
    market.place(&placed_before).await.expect("placed");
    assert!(!market.writer.withdraw_order(placed_before.order_id, Language::Fr).await.expect("answered"));
}

/// An order may begin to wait between a cancellation's look at the queues and its lock on the order. A lock on the whole
/// table holds the cancellation up at just that place.
#[tokio::test(flavor = "multi_thread")]
async fn cancelled_at_the_moment_when_it_begins_to_wait_it_leaves_its_queue() {
    let market = Arc::new(Market::open().await);
    let bowl = market.listing(1).await.id;
    placed(market.place(&request("holder", &[(bowl, 1)])).await.expect("placed"));
    let wanted = RequestToBuy { may_wait: true, ..request("waiting", &[(bowl, 1)]) };
    let waiting = placed(market.place(&wanted).await.expect("placed"));
    assert_eq!(waiting.state, OrderState::Waitlisted);

    let (owner, onlooker) = (market.owner().await, market.owner().await);
    let hide = "BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE; CREATE TEMP TABLE kept AS SELECT * FROM waitlist;
                DELETE FROM waitlist; COMMIT; BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE;";
    owner.batch_execute(hide).await.expect("as if it were not placed yet");
    let cancelling = tokio::spawn({
        let market = Arc::clone(&market);
        async move { market.writer.cancel_order(waiting.id).await }
    });
    let held_up = "SELECT 1 FROM pg_locks WHERE relation = 'orders'::regclass AND NOT granted";
    eventually("the cancellation waits for the order", Duration::from_secs(30), async || {
        !onlooker.query(held_up, &[]).await.expect("reads").is_empty()
    })
    .await;
    let place = "INSERT INTO waitlist (listing_id, order_id, pieces, hold_for_ms, until)
                 SELECT listing_id, order_id, pieces, hold_for_ms, until FROM kept; COMMIT;";
    owner.batch_execute(place).await.expect("now it is");
    let cancelled = cancelling.await.expect("no panic").expect("answered");
    assert!(matches!(cancelled, Cancellation::Cancelled(_)), "{cancelled:?}");
    let left = onlooker.query("SELECT 1 FROM waitlist", &[]).await.expect("reads");
    assert!(left.is_empty(), "nobody waits who was cancelled");
}

#[tokio::test(flavor = "multi_thread")]
async fn withdrawing_and_placing_at_once_end_in_one_cancelled_order() {
    let market = Arc::new(Market::open().await);
    let bowl = market.listing(50).await.id;
    for turn in 0..20 {
        let wanted = request(&format!("race-{turn}"), &[(bowl, 1)]);
        let id = wanted.order_id;
        let placing = tokio::spawn({
            let market = Arc::clone(&market);
            async move { market.place(&wanted).await.expect("answered") }
        });
        if !market.writer.withdraw_order(id, Language::Fr).await.expect("answered") {
            let cancelled = market.writer.cancel_order(id).await.expect("it was placed before");
            assert!(matches!(cancelled, Cancellation::Cancelled(_)), "{cancelled:?}");
        }
        placing.await.expect("no panic");
        let order = market.writer.find_order(id).await.expect("reads").expect("is there");
        assert_eq!(order.state, OrderState::Cancelled, "turn {turn}");
    }
    assert_eq!(market.stock(bowl).await.held(), 0);
}
