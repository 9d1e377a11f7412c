//! Ten deploys in a row while people look around and buy: nobody is refused, and nothing that was promised is lost.
//!
//! Among them the schema grows a column, fills it and drops it again, each in a deploy of its own, as
//! `infra/runbooks/deploy.md` has it.

use std::time::Duration;

use futures_util::future::join_all;
use halles_testkit::eventually;

use crate::light_load::LightLoad;
use crate::scene::Scene;
use crate::shoppers::{Buyers, Shopper};

const DEPLOYS: usize = 10;
const PATIENCE: Duration = Duration::from_secs(60);

/// One instance of each service, and then the other: those of a group have no neighbour in it.
const HALVES: [&[&str]; 2] = [
    &["listing-1", "search-1", "order-1", "order-worker-1", "indexer"],
    &["listing-2", "search-2", "order-2", "order-worker-2"],
];

/// What an operator does to the schema between deploys. Statements that lock wait for a moment only, and are tried again.
const SCHEMA_CHANGES: [(usize, &str); 4] = [
    (2, "ALTER TABLE listing ADD COLUMN rehearsed_at timestamptz;"),
    (4, "UPDATE listing SET rehearsed_at = now() WHERE id % 100 = 0;"),
    (6, "CREATE INDEX CONCURRENTLY listing_rehearsed ON listing (rehearsed_at) WHERE rehearsed_at IS NOT NULL;"),
    (8, "ALTER TABLE listing DROP COLUMN rehearsed_at;"),
];

pub async fn ten_deploys_under_load_fail_nobody(scene: &Scene) {
    let load = LightLoad::start(scene).await;
    let buyers = Buyers::start(scene, "deploys");
    load.answered(100).await;
    for deploy in 1..=DEPLOYS {
        scene.stack.migrate().await.expect("the migrations run");
        if let Some((_, change)) = SCHEMA_CHANGES.iter().find(|(at, _)| *at == deploy) {
            apply(scene, change).await;
        }
        for half in HALVES {
            replace(scene, half).await;
        }
        load.answered(50).await;
    }
    let promised = buyers.stop("ten deploys").await;
    load.stop("ten deploys").await;
    assert!(promised.len() > 50, "only {} orders were placed meanwhile", promised.len());
    all_are_placed(scene, &promised).await;
}

/// Stops these cleanly and starts them again, as a deploy does with a new version of them.
async fn replace(scene: &Scene, names: &[&str]) {
    let processes: Vec<_> = names.iter().map(|name| scene.stack.process(name).expect("the stack has it")).collect();
    join_all(processes.iter().map(|process| process.hold())).await;
    join_all(processes.iter().map(|process| process.resume())).await;
    let are_ready = join_all(processes.iter().map(|process| process.ready())).await;
    assert!(are_ready.iter().all(|is_ready| *is_ready), "one of {names:?} does not come back");
    // The balancer looks every half second; a deploy waits until it sees them.
    tokio::time::sleep(Duration::from_millis(700)).await;
}

async fn apply(scene: &Scene, change: &str) {
    eventually("the schema change gets its lock", PATIENCE, async || {
        scene.try_sql(&format!("SET lock_timeout = '200ms';\n{change}")).await.is_ok()
    })
    .await;
}

/// Law 5: what was promised comes to an outcome.
async fn all_are_placed(scene: &Scene, promised: &[String]) {
    let shopper = Shopper::of(scene);
    for order in promised {
        eventually("a promised order is placed", PATIENCE, async || {
            let answer = shopper.look_at(&format!("/api/v1/orders/{order}")).await;
            let text = answer.text().await.unwrap_or_default();
            text.contains("\"awaiting_payment\"")
        })
        .await;
    }
}
