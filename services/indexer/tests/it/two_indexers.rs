//! Two indexers never both write: whatever happens to them, generations form one chain.

use halles_indexer::Role;
use halles_search_index::Manifest;
use halles_testkit::eventually;
use uuid::Uuid;

use crate::market::{Market, PATIENCE, RunningIndexer};

/// The writers in the order of their generations, each once for every stretch without a break.
fn terms(manifests: &[Manifest]) -> Vec<Uuid> {
    let mut writers: Vec<Uuid> = manifests.iter().map(|manifest| manifest.writer).collect();
    writers.dedup();
    writers
}

/// Which of the two leads, once the other stands by.
async fn find_leader(indexers: &[RunningIndexer; 2]) -> usize {
    let roles = || [0, 1].map(|number: usize| indexers[number].status.latest().role);
    let is_settled = async || matches!(roles(), [Role::Leading, Role::StandingBy] | [Role::StandingBy, Role::Leading]);
    eventually("one leads and the other stands by", PATIENCE, is_settled).await;
    usize::from(roles()[1] == Role::Leading)
}

#[tokio::test]
async fn a_leader_that_was_cut_off_finds_itself_overtaken() {
    let market = Market::open().await;
    let doors = [market.bucket.door().await, market.bucket.door().await];
    let one = market.publish("Tasse une").await;
    let indexers = [market.start_indexer("one", &doors[0], |_| {}), market.start_indexer("other", &doors[1], |_| {})];
    market.wait_for_documents(1).await;
    let leader = find_leader(&indexers).await;
    let (leader, other, door) = (&indexers[leader], &indexers[1 - leader], &doors[leader]);

    // Cut off in the middle of its work, it has no way to know that the other takes over.
    door.shut_at(1, false);
    eventually("the other leads", PATIENCE, async || other.status.latest().role == Role::Leading).await;
    let two = market.publish("Tasse deux").await;
    market.wait_for_documents(2).await;
    assert_eq!(leader.status.latest().role, Role::Leading, "as far as it knows");
    door.open();
    eventually("it stands by", PATIENCE, async || leader.status.latest().role == Role::StandingBy).await;
    let three = market.publish("Tasse trois").await;
    market.wait_for_documents(3).await;

    assert_eq!(market.find("tasse").await, [one, two, three]);
    let manifests = market.manifests().await;
    assert!(manifests.windows(2).all(|pair| pair[0].generation + 1 == pair[1].generation), "one chain");
    assert!(manifests.windows(2).all(|pair| pair[0].position <= pair[1].position), "no change was taken back");
}

#[tokio::test]
async fn however_many_start_at_once_every_generation_has_one_writer() {
    let market = Market::open().await;
    let door = market.bucket.door().await;
    let cup = market.publish("Tasse").await;
    let indexers: Vec<_> =
        (0..4).map(|number| market.start_indexer(&format!("indexer {number}"), &door, |_| {})).collect();
    for indexer in &indexers {
        indexer.wait_until_ready().await;
    }
    eventually("one leads", PATIENCE, async || {
        indexers.iter().filter(|indexer| indexer.status.latest().role == Role::Leading).count() == 1
    })
    .await;
    market.wait_for_documents(1).await;
    let manifests = market.manifests().await;
    let generations: Vec<u64> = manifests.iter().map(|manifest| manifest.generation).collect();
    assert_eq!(generations, (1..=manifests.len() as u64).collect::<Vec<_>>());
    let mut once = terms(&manifests);
    let terms = once.len();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), terms, "nobody wrote again after another had taken over");
    assert_eq!(market.find("tasse").await, [cup]);
}
