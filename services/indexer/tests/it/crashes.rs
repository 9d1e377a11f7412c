//! Killed at any moment, nothing that was committed stays out of the index.

use halles_testkit::eventually;

use crate::market::{Market, PATIENCE};

/// More requests than an indexer needs from its start to its first generation with something new in it.
const REQUESTS: usize = 24;

/// All that others ever see of an indexer are its requests to the bucket. So it is killed at each of them, before it was
/// carried out and afterwards, in turn.
#[tokio::test]
async fn killed_at_any_request_to_the_bucket_nothing_is_lost() {
    let market = Market::open().await;
    let door = market.bucket.door().await;
    let mut expected = vec![market.publish("Tasse").await];
    for request in 1..=REQUESTS {
        expected.push(market.publish(&format!("Tasse {request}")).await);
        door.shut_at(request, request % 2 == 0);
        let indexer = market.start_indexer("indexer", &door, |_| {});
        eventually("the indexer is cut off", PATIENCE, async || door.is_shut()).await;
        indexer.kill().await;
        door.open();
    }
    let _indexer = market.start_indexer("indexer", &door, |_| {});
    market.wait_for_documents(expected.len() as u64).await;
    assert_eq!(market.find("tasse").await, expected);
}

#[tokio::test]
async fn a_bucket_that_is_away_for_a_while_makes_the_index_late_and_nothing_else() {
    let market = Market::open().await;
    let door = market.bucket.door().await;
    let indexer = market.start_indexer("indexer", &door, |_| {});
    let first = market.publish("Tasse une").await;
    market.wait_for_documents(1).await;

    door.shut_at(1, false);
    let second = market.publish("Tasse deux").await;
    eventually("the indexer is cut off", PATIENCE, async || door.is_shut()).await;
    assert_eq!(market.find("tasse").await, [first], "readers keep what they have");
    door.open();
    market.wait_for_documents(2).await;
    assert_eq!(market.find("tasse").await, [first, second]);
    assert_eq!(indexer.status.latest().builds, 1, "it went on where it was");
}

#[tokio::test]
async fn a_file_that_the_bucket_lost_is_uploaded_again_by_the_leader() {
    let market = Market::open().await;
    let door = market.bucket.door().await;
    let cup = market.publish("Tasse").await;
    let _indexer = market.start_indexer("indexer", &door, |settings| settings.indexing.garbage_interval_ms = 100);
    market.wait_for_documents(1).await;
    let files = market.bucket.path().join(format!("an/index/schema-{}/files", halles_search_index::SCHEMA_VERSION));
    for entry in std::fs::read_dir(files).expect("files") {
        std::fs::remove_file(entry.expect("an entry").path()).expect("a file less");
    }
    let snapshots = market.snapshots();
    eventually("the newest generation is whole again", PATIENCE, async || {
        let newest = market.newest().await.expect("a generation");
        snapshots.fetch_for_writing(&newest, &market.directory.path().join("a look")).await.is_ok()
    })
    .await;
    assert_eq!(market.find("tasse").await, [cup]);
}
