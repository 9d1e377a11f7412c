//! The whole marketplace, end to end: started as `cargo dev up` starts it, walked through in a browser, hurt and healed.
//!
//! One test, because one stack serves all of it: starting fourteen processes for each chapter would cost more than it tells.
//! The chapters follow each other, each leaves everything running, and a failure names its chapter.

mod browser;
mod chapter;
mod light_load;
mod scene;
mod stall;
mod storm;
mod walk;

use std::time::Duration;

use halles_testkit::eventually;
use nix::sys::signal::Signal;

use crate::light_load::LightLoad;
use crate::scene::Scene;

/// Requests that a chapter wants to see answered while something is broken.
const ENOUGH: u64 = 300;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_marketplace_runs_and_survives() {
    let scene = Scene::open().await;
    everybody_is_ready(&scene).await;
    walk::by_phone_and_by_desk(&scene).await;
    walk::has_told_by_mail(&scene).await;
    storm::shoppers_come_through_the_storm(&scene).await;
    killed_instances_are_not_missed(&scene).await;
    pages_keep_coming_without_the_cache(&scene).await;
    pages_keep_coming_without_the_replica(&scene).await;
    scene.close().await;
}

async fn everybody_is_ready(scene: &Scene) {
    let mut names = Vec::new();
    for process in scene.stack.processes() {
        assert!(process.spec().readiness.look().await, "{} is not ready", process.spec().name);
        names.push(process.spec().name.as_str());
    }
    assert_eq!(names.len(), 14, "{names:?}");
    let home = reqwest::get(scene.stack.url()).await.expect("the shop answers");
    assert_eq!(home.status(), 200);
    let html = home.text().await.expect("the page is text");
    assert!(html.contains("<main"), "this is no page of ours: {html}");
}

/// Law 8: any process may be killed at any moment.
async fn killed_instances_are_not_missed(scene: &Scene) {
    let load = LightLoad::start(scene).await;
    load.answered(ENOUGH).await;
    for name in ["listing-1", "search-1"] {
        let process = scene.stack.process(name).expect("the stack has it");
        let before = process.pid().expect("it runs");
        process.signal(Signal::SIGKILL);
        eventually("the killed instance is back under a new id", Duration::from_secs(60), || async {
            process.pid().is_some_and(|pid| pid != before) && process.spec().readiness.look().await
        })
        .await;
        load.answered(ENOUGH).await;
    }
    load.stop("a killed listing and search instance").await;
}

/// Law 2: a cache failure is a miss, never an error.
async fn pages_keep_coming_without_the_cache(scene: &Scene) {
    let load = LightLoad::start(scene).await;
    load.answered(ENOUGH).await;
    let cache = scene.stack.process("redis-cache").expect("the stack has it");
    cache.hold_down().await;
    load.answered(ENOUGH).await;
    cache.resume().await;
    assert!(cache.ready().await, "the cache comes back");
    load.answered(ENOUGH).await;
    load.stop("the cache gone and back").await;
}

/// What is cached is served, and what is not comes from the primary, within a cap.
async fn pages_keep_coming_without_the_replica(scene: &Scene) {
    let load = LightLoad::start(scene).await;
    load.answered(ENOUGH).await;
    let replica = scene.stack.process("postgres-replica").expect("the stack has it");
    replica.hold_down().await;
    load.answered(ENOUGH).await;
    replica.resume().await;
    assert!(replica.ready().await, "the replica comes back");
    load.answered(ENOUGH).await;
    load.stop("the replica gone and back").await;
}
