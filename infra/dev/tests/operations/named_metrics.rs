//! Whatever a rule, a dashboard or a runbook names is told by a running stack.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use halles_dev::stack::prometheus::list_tellers;
use tokio::time::{Instant, sleep};

use crate::dashboards::metrics_on_boards;
use crate::light_load::LightLoad;
use crate::promql::metrics_in;
use crate::rules::list_rules;
use crate::runbooks::metrics_on_pages;
use crate::scene::Scene;
use crate::shoppers::Shopper;

/// Some figures are told once a minute.
const PATIENCE: Duration = Duration::from_secs(90);
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What Prometheus makes by itself.
const ITS_OWN: [&str; 2] = ["up", "ALERTS"];

/// What the services sent to the collector, in OpenTelemetry's names: what its conventions have a name for.
const BY_CONVENTION: [(&str, &[&str]); 3] = [
    (
        "halles-listing",
        &["http.server.request.duration", "http.server.active_requests", "db.client.operation.duration"],
    ),
    ("halles-order", &["messaging.client.operation.duration", "db.client.connection.wait_time"]),
    ("halles-order-worker", &["messaging.process.duration", "db.client.connection.count", "process.cpu.time"]),
];

pub async fn are_all_told(scene: &Scene) {
    // What only happens when somebody comes: pages, searches, suggestions.
    let load = LightLoad::start(scene).await;
    load.answered(200).await;
    Shopper::of(scene).look_at("/suggestions?q=bo").await;
    load.stop("a look at the metrics").await;

    let named = named_by_rules_and_boards();
    let deadline = Instant::now() + PATIENCE;
    let mut listing = 100;
    loop {
        // Waiting for another's load happens only when two ask for what nobody has, at the same moment.
        listing += 1;
        two_instances_are_asked_at_once(scene, listing).await;
        let told = told_by(scene).await;
        let missing: BTreeMap<_, _> = named.iter().filter(|(name, _)| !told.contains(*name)).collect();
        if missing.is_empty() {
            break;
        }
        assert!(Instant::now() < deadline, "nobody tells these: {missing:#?}");
        sleep(LOOK_EVERY).await;
    }
    for (service, names) in BY_CONVENTION {
        let sent = scene.collector.metrics_of(service);
        for name in names {
            assert!(sent.contains(*name), "{service} does not send {name}: {sent:?}");
        }
    }
}

async fn two_instances_are_asked_at_once(scene: &Scene, listing: u64) {
    let instances = &scene.stack.plan().ports.listing;
    let asked = instances.iter().map(|instance| {
        let url = format!("http://127.0.0.1:{}/api/v1/listings/{listing}", instance.port);
        async move { reqwest::get(url).await.expect("the instance answers") }
    });
    futures_util::future::join_all(asked).await;
}

fn named_by_rules_and_boards() -> BTreeMap<String, String> {
    let rules = list_rules();
    let mut named = metrics_on_pages();
    named.extend(metrics_on_boards());
    for rule in &rules {
        named.extend(metrics_in(&rule.expression).into_iter().map(|name| (name, rule.name.clone())));
    }
    // What a rule records, Prometheus tells.
    let recorded: BTreeSet<&str> = rules.iter().filter(|rule| !rule.is_alert).map(|rule| rule.name.as_str()).collect();
    named.retain(|name, _| !recorded.contains(name.as_str()) && !ITS_OWN.contains(&name.as_str()));
    assert!(named.len() > 60, "only these were found: {named:?}");
    named
}

async fn told_by(scene: &Scene) -> BTreeSet<String> {
    let mut told = BTreeSet::new();
    for teller in list_tellers(&scene.stack.plan().ports) {
        let url = format!("http://127.0.0.1:{}/metrics", teller.port);
        let answer = reqwest::get(&url).await.unwrap_or_else(|error| panic!("{}: {error}", teller.instance));
        let text = answer.text().await.expect("metrics are text");
        let samples = text.lines().filter(|line| !line.starts_with('#'));
        for name in samples.filter_map(|line| line.split(['{', ' ']).next()) {
            // People speak of a histogram by its own name.
            told.extend(name.strip_suffix("_bucket").map(ToOwned::to_owned));
            told.insert(name.to_owned());
        }
    }
    told
}
