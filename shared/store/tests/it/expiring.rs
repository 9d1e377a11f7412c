//! Expiring: pieces come back exactly once, whoever does it and however many do it at once.

use std::sync::Arc;
use std::time::Duration;

use halles_domain::OrderState;
use halles_store::PlacementRules;
use tokio::task::JoinSet;

use crate::market::{Market, placed, request};

const OVER_AT_ONCE: PlacementRules = PlacementRules::holding(Duration::ZERO);

#[tokio::test]
async fn an_order_whose_hold_has_ended_gives_its_pieces_back() {
    let market = Market::open().await;
    let (bowl, vase) = (market.listing(5).await.id, market.listing(5).await.id);
    let over = [request("over-1", &[(bowl, 2), (vase, 1)]), request("over-2", &[(bowl, 1)])];
    market.writer.place_batch(&over, &OVER_AT_ONCE).await.expect("placed");
    let lasting = placed(market.place(&request("lasting", &[(bowl, 1)])).await.expect("placed"));
    assert_eq!(market.stock(bowl).await.held(), 4);

    assert_eq!(market.writer.expire_holds(100).await.expect("expires"), 2);
    assert_eq!(market.writer.expire_holds(100).await.expect("expires"), 0, "and nothing is left to do");

    assert_eq!((market.stock(bowl).await.held(), market.stock(vase).await.held()), (1, 0));
    let order = market.writer.find_order(over[0].order_id).await.expect("reads").expect("is there");
    assert_eq!((order.state, order.held_until, order.lines.len()), (OrderState::Expired, None, 2));
    let order = market.writer.find_order(lasting.id).await.expect("reads").expect("is there");
    assert_eq!(order.state, OrderState::AwaitingPayment);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_can_expire_at_once() {
    let market = Arc::new(Market::open().await);
    let bowl = market.listing(100).await.id;
    let batch: Vec<_> = (0..60).map(|shopper| request(&format!("over-{shopper}"), &[(bowl, 1)])).collect();
    market.writer.place_batch(&batch, &OVER_AT_ONCE).await.expect("placed");
    let mut workers = JoinSet::new();
    for _ in 0..6 {
        let market = Arc::clone(&market);
        workers.spawn(async move {
            let mut expired = 0;
            loop {
                match market.writer.expire_holds(7).await.expect("expires") {
                    0 => return expired,
                    some => expired += some,
                }
            }
        });
    }
    let expired: usize = workers.join_all().await.into_iter().sum();
    let left = market.writer.expire_holds(100).await.expect("expires");
    assert_eq!(expired + left, 60, "each once");
    let stock = market.stock(bowl).await;
    assert_eq!((stock.held(), stock.available()), (0, 100));
}
