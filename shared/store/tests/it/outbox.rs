//! The outbox: nothing is ever skipped, one relay at a time.

use std::time::Duration;

use halles_domain::{Change, ChangePosition, ChangeSubject, ListingId};
use halles_store::RelayLock;
use halles_testkit::eventually;

use crate::market::Market;

/// Transactions of other tests on the same server hold changes back, too: it may take a moment.
const PATIENCE: Duration = Duration::from_secs(60);

/// Which listings the changes are about, in the order of the changes.
fn listings(changes: &[Change]) -> Vec<ListingId> {
    changes
        .iter()
        .filter_map(|change| match change.subject {
            ChangeSubject::Listing { id, .. } => Some(id),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn a_transaction_still_running_holds_back_what_was_committed_behind_it() {
    let market = Market::open().await;
    let lock = market.writer.try_relay_lock().await.expect("answers").expect("nobody else has it");
    let mut owner = market.owner().await;
    let slow = owner.transaction().await.expect("begins");
    let subject = serde_json::to_value(ChangeSubject::Listing {
        id: ListingId::new(4_711),
        version: halles_domain::Version::new(1),
        seller_id: market.seller,
        category_id: crate::market::CATEGORY,
    });
    slow.execute("INSERT INTO outbox (subject) VALUES ($1)", &[&subject.expect("JSON")]).await.expect("inserts");
    let quick = market.listing(1).await.id;
    market.database.wait_for_replica().await;
    let on_primary = unpublished(&lock).await;
    let on_replica = market.reader.list_changes_after(ChangePosition::default(), 100).await.expect("reads");
    assert_eq!((listings(&on_primary), listings(&on_replica)), (vec![], vec![]), "the slow one may yet commit");
    slow.commit().await.expect("commits");
    let in_order = [ListingId::new(4_711), quick];
    eventually("the primary shows both", PATIENCE, async || listings(&unpublished(&lock).await) == in_order).await;
    eventually("the replica shows both", PATIENCE, async || {
        let changes = market.reader.list_changes_after(ChangePosition::default(), 100).await.expect("reads");
        listings(&changes) == in_order
    })
    .await;
}

#[tokio::test]
async fn a_follower_goes_on_where_it_stopped() {
    let market = Market::open().await;
    let mut written = Vec::new();
    for _ in 0..7 {
        written.push(market.listing(1).await.id);
    }
    let mut seen = Vec::new();
    let mut place = ChangePosition::default();
    eventually("all changes are seen", PATIENCE, async || {
        let changes = market.reader.list_changes_after(place, 2).await.expect("reads");
        assert!(changes.windows(2).all(|pair| pair[0].position < pair[1].position));
        seen.extend(listings(&changes));
        place = changes.last().map_or(place, |change| change.position);
        seen.len() >= written.len()
    })
    .await;
    assert_eq!(seen, written);
    assert_eq!(market.reader.fetch_change_head().await.expect("reads"), place);
}

#[tokio::test]
async fn one_relay_at_a_time_and_the_next_goes_on_where_it_stopped() {
    let market = Market::open().await;
    let first = market.listing(1).await.id;
    let lock = market.writer.try_relay_lock().await.expect("answers").expect("nobody else has it");
    assert!(market.writer.try_relay_lock().await.expect("answers").is_none(), "it is taken");
    let published = publish_until(&lock, first).await;
    assert!(published.iter().all(|change| change.position <= lock_position(&published)));
    drop(lock);

    let second = market.listing(1).await.id;
    let mut successor: Option<RelayLock> = None;
    eventually("the lock is free again", PATIENCE, async || {
        successor = market.writer.try_relay_lock().await.expect("answers");
        successor.is_some()
    })
    .await;
    let successor = successor.expect("has the lock");
    assert_eq!(successor.fetch_position().await.expect("reads"), lock_position(&published));
    let rest = publish_until(&successor, second).await;
    assert_eq!(listings(&rest), [second], "only what is new");

    assert_eq!(successor.purge_outbox(Duration::from_secs(3_600)).await.expect("purges"), 0, "too young to go");
    let gone = successor.purge_outbox(Duration::ZERO).await.expect("purges");
    assert_eq!(usize::try_from(gone).expect("a small number"), published.len() + rest.len());
}

fn lock_position(published: &[Change]) -> ChangePosition {
    published.last().expect("something was published").position
}

async fn unpublished(lock: &RelayLock) -> Vec<Change> {
    let place = lock.fetch_position().await.expect("reads");
    lock.list_changes(place, 100).await.expect("reads")
}

/// Takes what there is to publish, until `last` was among it.
async fn publish_until(lock: &RelayLock, last: ListingId) -> Vec<Change> {
    let mut published = Vec::new();
    eventually("the listing's change is there", PATIENCE, async || {
        let changes = unpublished(lock).await;
        if let Some(change) = changes.last() {
            lock.save_position(change.position).await.expect("saves");
        }
        published.extend(changes);
        listings(&published).contains(&last)
    })
    .await;
    published
}
