//! Money: what was captured pays its order once, or is owed back; never both, never neither.

use std::sync::Arc;
use std::time::Duration;

use halles_domain::{
    ListingId, Money, OrderState, Payment, PaymentId, PaymentReport, PaymentState, PlacedOrder, RefundReason,
    RequestToBuy,
};
use halles_store::{Cancellation, Completion, PaymentStart, PlacementRules, StoreError};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::market::{Market, content, eur, placed, request};

/// What the provider says when it has the money for a payment.
fn captured(payment: &Payment) -> PaymentReport {
    PaymentReport::Captured(payment.amount)
}

async fn start(market: &Market, order: &PlacedOrder) -> Payment {
    match market.writer.start_payment(order.id, PaymentId::new(Uuid::now_v7())).await.expect("answered") {
        PaymentStart::Open { payment, .. } => payment,
        PaymentStart::NotPayable(order) => panic!("not payable: {order:?}"),
    }
}

/// An order for three pieces of a listing that has `on_hand`.
async fn order_for_three(market: &Market, key: &str, on_hand: u32) -> (ListingId, PlacedOrder) {
    let bowl = market.listing(on_hand).await.id;
    let order = placed(market.place(&request(key, &[(bowl, 3)])).await.expect("placed"));
    (bowl, order)
}

/// The same, with a payment that was started before its hold ended.
async fn expired_order(market: &Market, key: &str, on_hand: u32) -> (ListingId, PlacedOrder, Payment) {
    let (bowl, order) = order_for_three(market, key, on_hand).await;
    let payment = start(market, &order).await;
    let end = format!("UPDATE orders SET held_until = now() WHERE id = '{}'", order.id);
    market.owner().await.batch_execute(&end).await.expect("time passes");
    assert_eq!(market.writer.expire_holds(10).await.expect("expires"), 1);
    (bowl, order, payment)
}

async fn state_of(market: &Market, order: &PlacedOrder) -> OrderState {
    market.writer.find_order(order.id).await.expect("reads").expect("is there").state
}

async fn refund_reasons(market: &Market, order: &PlacedOrder) -> Vec<RefundReason> {
    let payments = market.writer.list_payments(order.id).await.expect("reads");
    payments.iter().filter_map(|payment| payment.refund).map(|refund| refund.reason).collect()
}

#[tokio::test]
async fn a_captured_payment_pays_its_order_and_allocates_its_pieces() {
    let market = Market::open().await;
    let (bowl, order) = order_for_three(&market, "paying", 5).await;
    let payment = start(&market, &order).await;
    assert_eq!((payment.amount, payment.state), (eur(3_000), PaymentState::Started));
    let completion = market.writer.complete_payment(payment.id, captured(&payment)).await.expect("completes");
    assert_eq!(completion, Completion::Paid);
    assert_eq!(state_of(&market, &order).await, OrderState::Paid);
    let stock = market.stock(bowl).await;
    assert_eq!((stock.held(), stock.allocated(), stock.available()), (0, 3, 2));
    assert!(refund_reasons(&market, &order).await.is_empty());
    let late_failure = market.writer.complete_payment(payment.id, PaymentReport::Failed).await.expect("answered");
    assert_eq!(late_failure, Completion::Known, "captured is the last word");
}

#[tokio::test(flavor = "multi_thread")]
async fn told_by_ten_at_once_it_pays_once() {
    let market = Arc::new(Market::open().await);
    let (bowl, order) = order_for_three(&market, "stuttering", 5).await;
    let payment = start(&market, &order).await;
    let mut reports = JoinSet::new();
    for _ in 0..10 {
        let (market, payment) = (Arc::clone(&market), payment.clone());
        reports.spawn(async move { market.writer.complete_payment(payment.id, captured(&payment)).await });
    }
    let mut completions: Vec<Completion> =
        reports.join_all().await.into_iter().map(|completion| completion.expect("completes")).collect();
    completions.retain(|completion| *completion != Completion::Known);
    assert_eq!(completions, [Completion::Paid]);
    let stock = market.stock(bowl).await;
    assert_eq!((stock.held(), stock.allocated()), (0, 3));
    let moves = "SELECT count(*) FROM order_transition WHERE order_id = $1 AND cause = 'payment_captured'";
    let counted = market.owner().await.query_one(moves, &[&order.id.get()]).await.expect("reads");
    assert_eq!(counted.get::<_, i64>(0), 1, "and is told to the world once");
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_clicks_on_pay_are_one_payment() {
    let market = Arc::new(Market::open().await);
    let (_, order) = order_for_three(&market, "clicking", 5).await;
    let mut clicks = JoinSet::new();
    for _ in 0..10 {
        let (market, order) = (Arc::clone(&market), order.clone());
        clicks.spawn(async move { start(&market, &order).await.id });
    }
    let mut names = clicks.join_all().await;
    names.dedup();
    assert_eq!(names.len(), 1);
}

/// C2, rule 5: charged is the lower of the agreed and the present price, fixed when the payment starts.
#[tokio::test]
async fn c2_rule_05_the_lower_price_is_charged_and_then_stays() {
    let market = Market::open().await;
    let (cheaper, dearer) = (market.listing(5).await, market.listing(5).await);
    let order = placed(market.place(&request("prices", &[(cheaper.id, 2), (dearer.id, 1)])).await.expect("placed"));
    let reprice = async |id: ListingId, cents: i64| {
        market.database.wait_for_replica().await;
        let version = market.reader.find_listing(id).await.expect("reads").expect("is there").version;
        market.writer.update_listing(id, version, &content(Some(eur(cents)), 5)).await.expect("updates");
    };
    reprice(cheaper.id, 700).await;
    reprice(dearer.id, 1_300).await;
    let payment = start(&market, &order).await;
    assert_eq!(payment.amount, eur(2 * 700 + 1_000));
    reprice(cheaper.id, 100).await;
    assert_eq!(start(&market, &order).await, payment, "a started payment keeps its amount");
    market.writer.complete_payment(payment.id, PaymentReport::Failed).await.expect("fails");
    let again = start(&market, &order).await;
    assert_ne!(again.id, payment.id);
    assert_eq!(again.amount, eur(2 * 100 + 1_000));
}

#[tokio::test]
async fn a_late_payment_is_honoured_while_stock_remains() {
    let market = Market::open().await;
    let (bowl, order, payment) = expired_order(&market, "late-and-lucky", 3).await;
    assert_eq!(market.stock(bowl).await.available(), 3);
    let completion = market.writer.complete_payment(payment.id, captured(&payment)).await.expect("completes");
    assert_eq!(completion, Completion::Paid);
    assert_eq!(state_of(&market, &order).await, OrderState::Paid);
    let stock = market.stock(bowl).await;
    assert_eq!((stock.held(), stock.allocated(), stock.available()), (0, 3, 0));
}

#[tokio::test]
async fn a_late_payment_goes_back_when_others_have_the_pieces() {
    let market = Market::open().await;
    let (bowl, order, payment) = expired_order(&market, "late-and-sorry", 3).await;
    placed(market.place(&request("the-quicker", &[(bowl, 1)])).await.expect("placed"));
    let completion = market.writer.complete_payment(payment.id, captured(&payment)).await.expect("completes");
    assert_eq!(completion, Completion::GoesBack(RefundReason::CameTooLate));
    assert_eq!(state_of(&market, &order).await, OrderState::Expired);
    assert_eq!(refund_reasons(&market, &order).await, [RefundReason::CameTooLate]);
    let stock = market.stock(bowl).await;
    assert_eq!((stock.held(), stock.allocated()), (1, 0), "not a piece was taken");
    let again = market.writer.complete_payment(payment.id, captured(&payment)).await.expect("answered");
    assert_eq!(again, Completion::Known);
}

/// C2, rule 7: whoever let their time run out does not pass those who wait, even when their pieces lie there.
#[tokio::test]
async fn a_late_payment_goes_back_when_somebody_waits() {
    let market = Market::open().await;
    let (bowl, order, payment) = expired_order(&market, "late-and-overtaken", 5).await;
    placed(market.place(&request("holder", &[(bowl, 1)])).await.expect("placed"));
    let patient = RequestToBuy { may_wait: true, ..request("patient", &[(bowl, 5)]) };
    let waiting = placed(market.place(&patient).await.expect("placed"));
    assert_eq!(waiting.state, OrderState::Waitlisted, "four of five are there");
    let completion = market.writer.complete_payment(payment.id, captured(&payment)).await.expect("completes");
    assert_eq!(completion, Completion::GoesBack(RefundReason::CameTooLate));
    assert_eq!(state_of(&market, &order).await, OrderState::Expired);
    assert_eq!(market.stock(bowl).await.available(), 4);
    market.writer.cancel_order(waiting.id).await.expect("answered");
    let again = market.writer.complete_payment(payment.id, captured(&payment)).await.expect("completes");
    assert_eq!(again, Completion::Known, "what was decided stays so");
}

#[tokio::test]
async fn a_second_payment_of_one_order_goes_back() {
    let market = Market::open().await;
    let (bowl, order) = order_for_three(&market, "twice", 5).await;
    let first = start(&market, &order).await;
    // The provider says no, the shopper pays again, and then the first one was good after all.
    market.writer.complete_payment(first.id, PaymentReport::Failed).await.expect("fails");
    let second = start(&market, &order).await;
    market.writer.complete_payment(second.id, captured(&second)).await.expect("pays");
    let completion = market.writer.complete_payment(first.id, captured(&first)).await.expect("completes");
    assert_eq!(completion, Completion::GoesBack(RefundReason::PaidTwice));
    assert_eq!(state_of(&market, &order).await, OrderState::Paid);
    assert_eq!(market.stock(bowl).await.allocated(), 3);
}

#[tokio::test]
async fn another_amount_than_asked_for_pays_nothing() {
    let market = Market::open().await;
    let (_, order) = order_for_three(&market, "odd-amount", 5).await;
    let payment = start(&market, &order).await;
    let odd = PaymentReport::Captured(eur(2_999));
    let completion = market.writer.complete_payment(payment.id, odd).await.expect("completes");
    assert_eq!(completion, Completion::GoesBack(RefundReason::WrongAmount));
    assert_eq!(state_of(&market, &order).await, OrderState::AwaitingPayment, "and it can still be paid");
    let owed = market.writer.take_refunds(10).await.expect("reads");
    assert_eq!(owed[0].amount, eur(2_999), "what was taken is given back");
}

#[tokio::test]
async fn cancelling_a_paid_order_owes_the_money_back_once() {
    let market = Market::open().await;
    let (bowl, order) = order_for_three(&market, "regretted", 5).await;
    let payment = start(&market, &order).await;
    market.writer.complete_payment(payment.id, captured(&payment)).await.expect("pays");
    for _ in 0..2 {
        let cancelled = market.writer.cancel_order(order.id).await.expect("answered");
        assert!(!matches!(cancelled, Cancellation::TooLate(_)), "{cancelled:?}");
    }
    assert_eq!(refund_reasons(&market, &order).await, [RefundReason::OrderCancelled]);
    assert_eq!(market.stock(bowl).await.available(), 5);
    let owed = market.writer.take_refunds(10).await.expect("takes");
    assert_eq!((owed.len(), owed[0].payment_id, owed[0].amount), (1, payment.id, eur(3_000)));
}

#[tokio::test]
async fn a_mail_comes_with_its_own_order_and_knows_whether_money_goes_back() {
    let market = Market::open().await;
    let (_, kept) = order_for_three(&market, "kept", 5).await;
    let (_, regretted) = order_for_three(&market, "given-back", 5).await;
    let payment = start(&market, &regretted).await;
    market.writer.complete_payment(payment.id, captured(&payment)).await.expect("pays");
    market.writer.cancel_order(regretted.id).await.expect("cancels");
    let mails = market.writer.take_mails(10, Duration::from_secs(60)).await.expect("taken");
    let told: Vec<_> =
        mails.iter().map(|mail| (mail.order.id, mail.order.state, mail.to_state, mail.has_refund)).collect();
    let placed = (kept.id, OrderState::AwaitingPayment, OrderState::AwaitingPayment, false);
    let moves = [OrderState::AwaitingPayment, OrderState::Paid, OrderState::Cancelled];
    let given_back = moves.map(|became| (regretted.id, OrderState::Cancelled, became, true));
    assert_eq!(told, [&[placed][..], &given_back].concat());
    assert!(mails.iter().all(|mail| mail.order.lines.len() == 1), "{mails:?}");
}

#[tokio::test]
async fn money_for_a_cancelled_order_goes_back() {
    let market = Market::open().await;
    let (_, order) = order_for_three(&market, "changed-mind", 5).await;
    let payment = start(&market, &order).await;
    market.writer.cancel_order(order.id).await.expect("cancels");
    let completion = market.writer.complete_payment(payment.id, captured(&payment)).await.expect("completes");
    assert_eq!(completion, Completion::GoesBack(RefundReason::OrderCancelled));
    let none = market.writer.start_payment(order.id, PaymentId::new(Uuid::now_v7())).await.expect("answered");
    assert!(matches!(none, PaymentStart::NotPayable(_)), "{none:?}");
}

/// Paying, expiring and cancelling meet in every order of events; the money and the pieces always add up.
#[tokio::test(flavor = "multi_thread")]
async fn paid_expired_and_cancelled_at_once_the_books_balance() {
    let market = Arc::new(Market::open().await);
    let bowl = market.listing(60).await.id;
    let over = PlacementRules::holding(Duration::from_secs(60));
    let batch: Vec<_> = (0..20).map(|shopper| request(&format!("rush-{shopper}"), &[(bowl, 3)])).collect();
    market.writer.place_batch(&batch, &over).await.expect("placed");
    let mut payments = Vec::new();
    for request in &batch {
        let order = market.writer.find_order(request.order_id).await.expect("reads").expect("is there");
        payments.push(start(&market, &order).await);
    }
    market.owner().await.batch_execute("UPDATE orders SET held_until = now()").await.expect("time passes");
    let mut rush = JoinSet::new();
    for payment in payments.clone() {
        let paying = Arc::clone(&market);
        let report = captured(&payment);
        rush.spawn(async move { paying.writer.complete_payment(payment.id, report).await.map(drop) });
        let cancelling = Arc::clone(&market);
        if payment.id.get().as_u128() % 3 == 0 {
            rush.spawn(async move { cancelling.writer.cancel_order(payment.order_id).await.map(drop) });
        }
        let expiring = Arc::clone(&market);
        rush.spawn(async move { expiring.writer.expire_holds(3).await.map(drop) });
    }
    for done in rush.join_all().await {
        done.expect("nobody waits in a circle");
    }
    while market.writer.expire_holds(100).await.expect("expires") > 0 {}
    let books = "SELECT
        (SELECT count(*) FROM orders WHERE state = 'paid') AS paid,
        (SELECT count(*) FROM payment WHERE state = 'captured') AS captured,
        (SELECT count(*) FROM payment WHERE pays AND NOT EXISTS (SELECT FROM refund WHERE payment_id = id)) AS kept,
        (SELECT count(*) FROM refund) AS owed";
    let row = market.owner().await.query_one(books, &[]).await.expect("reads");
    let number = |name: &str| row.get::<_, i64>(name);
    assert_eq!(number("captured"), 20, "the provider has all the money");
    assert_eq!(number("kept") + number("owed"), 20, "and each payment is kept or owed back");
    assert_eq!(number("kept"), number("paid"), "kept for the orders that are paid, and for no others");
    let stock = market.stock(bowl).await;
    assert_eq!((stock.held(), i64::from(stock.allocated())), (0, 3 * number("paid")));
}

#[tokio::test]
async fn a_refund_comes_back_until_it_is_done() {
    let market = Market::open().await;
    let (_, order) = order_for_three(&market, "owed", 5).await;
    let payment = start(&market, &order).await;
    market.writer.complete_payment(payment.id, captured(&payment)).await.expect("pays");
    market.writer.cancel_order(order.id).await.expect("cancels");
    assert_eq!(market.writer.take_refunds(10).await.expect("takes")[0].attempts, 1);
    assert!(market.writer.take_refunds(10).await.expect("takes").is_empty(), "somebody has it");
    market.writer.note_refund_trouble(payment.id, "no answer").await.expect("notes");
    let owner = market.owner().await;
    owner.batch_execute("UPDATE refund SET next_attempt_at = now()").await.expect("time passes");
    assert_eq!(market.writer.take_refunds(10).await.expect("takes")[0].attempts, 2, "whoever had it has died");
    for _ in 0..2 {
        market.writer.finish_refund(payment.id).await.expect("finishes");
    }
    owner.batch_execute("UPDATE refund SET next_attempt_at = now()").await.expect("time passes");
    assert!(market.writer.take_refunds(10).await.expect("takes").is_empty());
    assert_eq!(market.writer.count_owed_refunds().await.expect("counts"), 0);
    let payments = market.writer.list_payments(order.id).await.expect("reads");
    assert!(payments[0].refund.is_some_and(|refund| refund.done_at.is_some()));
}

#[tokio::test]
async fn an_open_payment_is_asked_about_again_and_again() {
    let market = Market::open().await;
    let (_, order) = order_for_three(&market, "forgotten", 5).await;
    let payment = start(&market, &order).await;
    assert!(market.writer.take_open_payments(10).await.expect("takes").is_empty(), "the shopper is typing");
    let owner = market.owner().await;
    for _ in 0..2 {
        owner.batch_execute("UPDATE payment SET next_check_at = now()").await.expect("time passes");
        let taken = market.writer.take_open_payments(10).await.expect("takes");
        assert_eq!((taken.len(), taken[0].id, taken[0].order_id), (1, payment.id, order.id));
        assert!(market.writer.take_open_payments(10).await.expect("takes").is_empty(), "one worker at a time");
    }
    market.writer.complete_payment(payment.id, PaymentReport::Failed).await.expect("fails");
    owner.batch_execute("UPDATE payment SET next_check_at = now()").await.expect("time passes");
    assert!(market.writer.take_open_payments(10).await.expect("takes").is_empty(), "it is over");
}

#[tokio::test]
async fn a_payment_that_nobody_started_is_none() {
    let market = Market::open().await;
    let nobodys = PaymentReport::Captured(Money::zero(halles_domain::Currency::Eur));
    let answer = market.writer.complete_payment(PaymentId::new(Uuid::from_u128(7)), nobodys).await;
    assert!(matches!(answer, Err(StoreError::NotFound("payment"))), "{answer:?}");
}
