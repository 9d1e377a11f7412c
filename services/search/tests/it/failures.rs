//! What happens when a part is killed, damaged or late.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use halles_indexer::Role;
use halles_testkit::eventually;
use reqwest::StatusCode;

use crate::market::{Market, PATIENCE};

#[tokio::test]
async fn without_an_index_the_service_is_not_ready_and_says_when_to_come_back() {
    let market = Market::open().await;
    let search = market.start_search("search").await;
    for path in ["/search?q=bol", "/api/v1/search?q=bol"] {
        let answer = search.get(path).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(!answer.header("retry-after").is_empty());
    }
    assert_eq!(search.admin("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(search.admin("/livez").await.status, StatusCode::OK);
    let _indexer = market.start_indexer("indexer").await;
    search.wait_until_ready().await;
    assert_eq!(search.find("q=bol").await.total, 0);
}

#[tokio::test]
async fn a_killed_indexer_catches_up_without_building_anew() {
    let (market, indexer, search) = Market::open_with_search().await;
    let first = market.publish("Tasse une").await;
    search.wait_for("q=tasse&sort=newest", &[first.id.get()]).await;
    let builds = indexer.status.latest().builds;
    assert_eq!(builds, 1);

    indexer.kill().await;
    let second = market.publish("Tasse deux").await;
    assert_eq!(search.ids("q=tasse").await, [first.id.get()], "the old index still answers");

    let indexer = market.start_indexer("indexer again").await;
    search.wait_for("q=tasse&sort=newest", &[second.id.get(), first.id.get()]).await;
    assert_eq!(indexer.status.latest().builds, 0, "continued from the newest generation");
}

#[tokio::test]
async fn an_indexer_killed_again_and_again_loses_nothing() {
    let (market, indexer, search) = Market::open_with_search().await;
    indexer.kill().await;
    let mut expected = Vec::new();
    for round in 0..5 {
        expected.insert(0, market.publish(&format!("Tasse {round}")).await.id.get());
        let indexer = market.start_indexer_with(market.indexer_settings("indexer"));
        // Somewhere between its start and its first work.
        tokio::task::yield_now().await;
        expected.insert(0, market.publish(&format!("Tasse {round} bis")).await.id.get());
        if round % 2 == 0 {
            indexer.wait_until_ready().await;
        }
        indexer.kill().await;
    }
    let _indexer = market.start_indexer("indexer").await;
    search.wait_for("q=tasse&sort=newest", &expected).await;
}

#[tokio::test]
async fn of_two_indexers_one_leads_and_the_other_takes_over() {
    let (market, first, search) = Market::open_with_search().await;
    let second = market.start_indexer("the second").await;
    eventually("the first is overtaken", PATIENCE, async || first.status.latest().role == Role::StandingBy).await;
    assert_eq!(second.status.latest().role, Role::Leading);

    second.kill().await;
    eventually("the first leads again", PATIENCE, async || first.status.latest().role == Role::Leading).await;
    let cup = market.publish("Tasse").await;
    search.wait_for("q=tasse", &[cup.id.get()]).await;
    first.stop().await;
}

#[tokio::test]
async fn a_damaged_generation_is_passed_over_until_a_whole_one_comes() {
    let (market, indexer, search) = Market::open_with_search().await;
    let first = market.publish("Tasse une").await;
    search.wait_for("q=tasse", &[first.id.get()]).await;
    indexer.stop().await;

    let newest = market.objects("manifests").pop().expect("a manifest");
    let name = newest.file_name().expect("a name").to_string_lossy().into_owned();
    let generation: u64 = name.trim_start_matches("manifest-").trim_end_matches(".json").parse().expect("a number");
    let damaged = newest.with_file_name(format!("manifest-{:020}.json", generation + 1));
    std::fs::write(&damaged, "{ \"generation\": ").expect("a damaged manifest");
    eventually("the damage is seen", PATIENCE, async || {
        search.admin("/metrics").await.body.contains("search_unusable_generations_total")
    })
    .await;
    assert_eq!(search.ids("q=tasse").await, [first.id.get()]);
    assert_eq!(search.admin("/readyz").await.status, StatusCode::OK);

    let indexer = market.start_indexer("indexer again").await;
    let second = market.publish("Tasse deux").await;
    search.wait_for("q=tasse&sort=newest", &[second.id.get(), first.id.get()]).await;
    assert_eq!(indexer.status.latest().builds, 0, "continued past the damage");
}

#[tokio::test]
async fn an_index_whose_files_are_damaged_is_built_anew() {
    let (market, indexer, search) = Market::open_with_search().await;
    let cup = market.publish("Tasse").await;
    search.wait_for("q=tasse", &[cup.id.get()]).await;
    indexer.stop().await;
    for file in market.objects("files") {
        std::fs::write(file, "not what it was").expect("a damaged file");
    }
    let indexer = market.start_indexer("indexer again").await;
    assert_eq!(indexer.status.latest().builds, 1);
    let fresh = market.start_search("a fresh instance").await;
    fresh.wait_until_ready().await;
    fresh.wait_for("q=tasse", &[cup.id.get()]).await;
}

#[tokio::test]
async fn queries_go_on_while_generations_are_swapped() {
    let (market, _indexer, search) = Market::open_with_search().await;
    let cup = market.publish("Tasse").await;
    search.wait_for("q=tasse", &[cup.id.get()]).await;
    let search = Arc::new(search);
    let is_over = Arc::new(AtomicBool::new(false));
    let asking = tokio::spawn({
        let (search, is_over) = (Arc::clone(&search), Arc::clone(&is_over));
        async move {
            let mut asked = 0;
            while !is_over.load(Ordering::Relaxed) {
                assert_eq!(search.ids("q=tasse").await, [cup.id.get()]);
                asked += 1;
            }
            asked
        }
    });
    let generation_before = search.find("q=tasse").await.generation;
    for round in 0..20 {
        market.publish(&format!("Bague {round}")).await;
        eventually("a swap", PATIENCE, async || search.find("q=bague&sort=newest").await.total > round).await;
    }
    is_over.store(true, Ordering::Relaxed);
    assert!(asking.await.expect("every query was answered") > 0);
    assert!(search.find("q=tasse").await.generation > generation_before);
}
