//! Sellers see what was paid and say what they sent; what was sent cannot be called back.

use halles_domain::{OrderId, OrderState, PaymentId, PaymentReport, Personalisation, PersonalisedLine, RequestToBuy};
use halles_store::{Cancellation, Completion, PaymentStart, Sending, StoreError};
use uuid::Uuid;

use crate::market::{Market, new_seller, placed, request};

async fn pay(market: &Market, order: OrderId) {
    let start = market.writer.start_payment(order, PaymentId::new(Uuid::now_v7())).await.expect("started");
    let PaymentStart::Open { payment, .. } = start else { panic!("{start:?}") };
    let report = PaymentReport::Captured(payment.amount);
    assert_eq!(market.writer.complete_payment(payment.id, report).await.expect("completed"), Completion::Paid);
}

#[tokio::test]
async fn a_seller_sees_paid_parts_with_wishes_and_an_address_and_no_others() {
    let market = Market::open().await;
    let bowl = market.listing(5).await.id;
    let text = Personalisation::parse("Pour <b>Zoé</b>").expect("lawful").expect("a wish");
    let wished = PersonalisedLine { listing_id: bowl, text };
    let wanted = RequestToBuy { personalisations: vec![wished.clone()], ..request("paid", &[(bowl, 2)]) };
    let paid = placed(market.place(&wanted).await.expect("placed"));
    placed(market.place(&request("unpaid", &[(bowl, 1)])).await.expect("placed"));
    pay(&market, paid.id).await;
    market.database.wait_for_replica().await;
    let parts = market.reader.list_seller_parts(market.seller, None, true, 10).await.expect("readable");
    let [part] = &parts[..] else { panic!("{parts:?}") };
    assert_eq!((part.order_id, part.lines.len(), part.sent_at), (paid.id, 1, None));
    assert_eq!(part.lines[0].personalisation.as_ref(), Some(&wished.text));
    let recipient = part.recipient.as_ref().expect("somebody");
    assert_eq!((recipient.name.as_str(), recipient.address.town.as_str()), ("Zoé", "Lyon"));
    let behind = market.reader.list_seller_parts(market.seller, Some(paid.id), false, 10).await.expect("readable");
    assert_eq!(behind, []);
}

#[tokio::test]
async fn what_was_sent_is_sent_once_told_once_and_not_called_back() {
    let market = Market::open().await;
    let bowl = market.listing(5).await.id;
    let order = placed(market.place(&request("one", &[(bowl, 1)])).await.expect("placed")).id;
    let send = || market.writer.note_part_sent(order, market.seller);
    assert_eq!(send().await.expect("answered"), Sending::NotPaid(OrderState::AwaitingPayment));
    pay(&market, order).await;
    assert_eq!(send().await.expect("answered"), Sending::Noted);
    assert_eq!(send().await.expect("answered"), Sending::Known);
    let cancelled = market.writer.cancel_order(order).await.expect("answered");
    assert!(matches!(cancelled, Cancellation::TooLate(_)), "{cancelled:?}");
    let moves = "SELECT count(*) FROM order_transition WHERE order_id = $1 AND cause = 'part_sent'";
    let told: i64 = market.owner().await.query_one(moves, &[&order.get()]).await.expect("counted").get(0);
    assert_eq!(told, 1);
    market.database.wait_for_replica().await;
    let open = market.reader.list_seller_parts(market.seller, None, true, 10).await.expect("readable");
    assert_eq!(open, [], "nothing is left to send");
    let stranger = halles_domain::SellerId::new(market.seller.get() + 1);
    let refused = market.writer.note_part_sent(order, stranger).await;
    assert!(matches!(refused, Err(StoreError::NotFound(_))), "{refused:?}");
}

#[tokio::test]
async fn tokens_are_taken_back_by_seller_and_by_nobody_for_others() {
    let market = Market::open().await;
    let other = market.writer.insert_seller(&new_seller("atelier-max")).await.expect("a seller").id;
    assert_eq!(market.writer.fetch_token_edition(market.seller).await.expect("reads"), 0);
    assert_eq!(market.writer.revoke_tokens(market.seller).await.expect("raised"), 1);
    assert_eq!(market.writer.fetch_token_edition(market.seller).await.expect("reads"), 1);
    market.database.wait_for_replica().await;
    assert_eq!(market.reader.find_token_edition(market.seller).await.expect("reads"), Some(1));
    assert_eq!(market.reader.find_token_edition(other).await.expect("reads"), Some(0));
    let nobody = halles_domain::SellerId::new(other.get() + 1);
    assert_eq!(market.reader.find_token_edition(nobody).await.expect("reads"), None);
    let refused = market.writer.revoke_tokens(nobody).await;
    assert!(matches!(refused, Err(StoreError::NotFound("seller"))), "{refused:?}");
}

/// Sending and cancelling race: one of them comes first, and then it is so.
#[tokio::test]
async fn sending_and_cancelling_at_once_never_both_happen() {
    let market = Market::open().await;
    let bowl = market.listing(50).await.id;
    for round in 0..15 {
        let order = placed(market.place(&request(&format!("race-{round}"), &[(bowl, 1)])).await.expect("placed")).id;
        pay(&market, order).await;
        let (sent, cancelled) =
            tokio::join!(market.writer.note_part_sent(order, market.seller), market.writer.cancel_order(order));
        let was_sent = sent.expect("answered") == Sending::Noted;
        let was_cancelled = matches!(cancelled.expect("answered"), Cancellation::Cancelled(_));
        assert!(was_sent != was_cancelled, "round {round}: sent {was_sent}, cancelled {was_cancelled}");
    }
}
