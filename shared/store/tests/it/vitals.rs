//! What is measured about the databases is true of them.

use std::time::Duration;

use halles_testkit::eventually;

use crate::market::{Market, request};

const PATIENCE: Duration = Duration::from_secs(10);

#[tokio::test]
async fn the_replica_comes_as_far_as_the_primary_was() {
    let market = Market::open().await;
    let before = market.writer.fetch_wal_position().await.expect("told");
    market.listing(5).await;
    let after = market.writer.fetch_wal_position().await.expect("told");
    assert!(after > before, "a write moves the primary on");
    eventually("the replica has replayed it", PATIENCE, async || {
        market.reader.fetch_replayed_position().await.expect("told") >= after
    })
    .await;
}

/// Law 6 rests on these numbers: a write that goes past the placing is seen.
#[tokio::test]
async fn stock_that_is_not_what_orders_say_is_counted() {
    let market = Market::open().await;
    let (bowl, vase) = (market.listing(5).await.id, market.listing(5).await.id);
    market.place(&request("one", &[(bowl, 2), (vase, 1)])).await.expect("placed");
    let count = async || {
        market.database.wait_for_replica().await;
        market.reader.count_stock_disagreements().await.expect("counted")
    };
    assert_eq!(count().await, 0);
    let owner = market.owner().await;
    owner.execute("UPDATE listing SET held = held + 1 WHERE id = $1", &[&bowl.get()]).await.expect("written");
    assert_eq!(count().await, 1);
    owner.execute("UPDATE listing SET allocated = 1, held = 0 WHERE id = $1", &[&vase.get()]).await.expect("written");
    assert_eq!(count().await, 2);
}
