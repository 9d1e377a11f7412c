//! A new index in place of one that works, while that goes on working.

use std::fs;
use std::path::{Path, PathBuf};

use halles_indexer::Role;
use halles_search_index::SCHEMA_VERSION;
use halles_testkit::eventually;

use crate::market::{Market, PATIENCE};

#[tokio::test]
async fn a_rebuilt_index_takes_over_with_all_that_changed_meanwhile() {
    let market = Market::open().await;
    let (door, other_door) = (market.bucket.door().await, market.bucket.door().await);
    let leader = market.start_indexer("leader", &door, |_| {});
    let mut expected = vec![market.publish("Tasse une").await];
    market.wait_for_documents(1).await;
    let old = market.newest().await.expect("a generation");

    let rebuilder =
        market.start_indexer("rebuilder", &other_door, |settings| settings.indexing.rebuild_at_start = true);
    for number in 0..10 {
        expected.push(market.publish(&format!("Tasse {number}")).await);
        tokio::task::yield_now().await;
    }
    eventually("the rebuilder leads", PATIENCE, async || rebuilder.status.latest().role == Role::Leading).await;
    eventually("the old leader stands by", PATIENCE, async || leader.status.latest().role == Role::StandingBy).await;
    market.wait_for_documents(expected.len() as u64).await;
    assert_eq!(market.find("tasse").await, expected);
    assert_eq!((rebuilder.status.latest().builds, leader.status.latest().builds), (1, 1));

    let manifests = market.manifests().await;
    let first_new = manifests.iter().find(|manifest| manifest.writer != old.writer).expect("a rebuilt generation");
    assert!(first_new.files.iter().all(|file| !old.files.contains(file)), "nothing of the old index is in it");
    assert!(first_new.documents >= 1 && first_new.position >= old.position, "it had caught up before it took over");
}

/// During a deployment with a new schema both versions are at work in one bucket.
#[tokio::test]
async fn an_index_of_another_schema_version_is_left_alone() {
    let market = Market::open().await;
    let door = market.bucket.door().await;
    let cup = market.publish("Tasse").await;
    let indexer = market.start_indexer("indexer", &door, |_| {});
    market.wait_for_documents(1).await;
    indexer.kill().await;
    // What the version before this one left, and serves from.
    let index = market.bucket.path().join("an/index");
    let (this, before) = (format!("schema-{SCHEMA_VERSION}"), format!("schema-{}", SCHEMA_VERSION - 1));
    fs::rename(index.join(this), index.join(&before)).expect("another version");
    let old_objects = objects(&index.join(&before));

    let indexer = market.start_indexer("indexer", &door, |settings| {
        (settings.indexing.garbage_interval_ms, settings.indexing.garbage_grace_ms) = (50, 1);
    });
    market.wait_for_documents(1).await;
    assert_eq!(indexer.status.latest().builds, 1, "it does not understand the other one");
    let generation = market.newest().await.expect("a generation").generation;
    eventually("old generations of this version go", PATIENCE, async || {
        market.manifests().await.first().is_some_and(|oldest| oldest.generation > generation)
    })
    .await;
    assert_eq!(market.find("tasse").await, [cup]);
    assert_eq!(objects(&index.join(before)), old_objects);
}

fn objects(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(objects(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}
