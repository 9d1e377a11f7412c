//! What operators rely on, tried on a whole stack: what it tells about itself, deploys under load, a restore.
//!
//! The rules, dashboards and runbooks are checked by themselves; whatever needs the stack is one test with chapters, because
//! starting sixteen processes for each would cost more than it tells. A failure names its chapter.

mod command_lines;
mod dashboards;
#[path = "../it/light_load.rs"]
mod light_load;
mod named_metrics;
mod promql;
mod restoring;
mod rolling;
mod rules;
mod runbooks;
mod scene;
mod shoppers;
mod standby;
mod traces;

use crate::scene::Scene;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operators_can_rely_on_it() {
    let mut scene = Scene::open().await;
    traces::follow_an_order_from_its_request_to_its_mail(&scene).await;
    named_metrics::are_all_told(&scene).await;
    rolling::ten_deploys_under_load_fail_nobody(&scene).await;
    restoring::brings_back_a_moment(&scene).await;
    standby::that_was_away_too_long_is_copied_anew(&mut scene).await;
    scene.close().await;
}
