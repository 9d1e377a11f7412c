//! A few shoppers who look at page after page and remember every failure.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use halles_testkit::eventually;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::scene::Scene;

/// How many shoppers look around at once.
const SHOPPERS: usize = 4;
/// One page of one shopper after the other: 80 requests a second in all.
const PAUSE: Duration = Duration::from_millis(50);

/// Shoppers at work. Dropped, they go home.
pub struct LightLoad {
    shoppers: JoinSet<()>,
    answered: Arc<AtomicU64>,
    failures: Arc<Mutex<Vec<String>>>,
}

impl LightLoad {
    /// Sends the shoppers in.
    pub async fn start(scene: &Scene) -> Self {
        let load = Self { shoppers: JoinSet::new(), answered: Arc::default(), failures: Arc::default() };
        let paths = Arc::new(list_paths(scene).await);
        let mut load = load;
        for shopper in 0..SHOPPERS {
            let client = reqwest::Client::builder().timeout(Duration::from_secs(10)).build().expect("a plain client");
            let round = Round { client, url: scene.stack.url(), paths: Arc::clone(&paths), first: shopper };
            load.shoppers.spawn(round.walk(Arc::clone(&load.answered), Arc::clone(&load.failures)));
        }
        load
    }

    /// Waits until so many more requests have been answered, well or badly.
    pub async fn answered(&self, more: u64) {
        let goal = self.answered.load(Ordering::Relaxed) + more;
        eventually("the shoppers go on being answered", Duration::from_secs(90), || async {
            self.answered.load(Ordering::Relaxed) >= goal
        })
        .await;
    }

    /// Sends them home; nobody may have met a failure.
    pub async fn stop(mut self, what_happened: &str) {
        self.shoppers.shutdown().await;
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let answered = self.answered.load(Ordering::Relaxed);
        let some: Vec<&String> = failures.iter().take(10).collect();
        assert!(failures.is_empty(), "{what_happened}: {} of {answered} failed: {some:#?}", failures.len());
    }
}

struct Round {
    client: reqwest::Client,
    url: String,
    paths: Arc<Vec<String>>,
    first: usize,
}

impl Round {
    async fn walk(self, answered: Arc<AtomicU64>, failures: Arc<Mutex<Vec<String>>>) {
        let mut steps = interval(PAUSE);
        steps.set_missed_tick_behavior(MissedTickBehavior::Delay);
        for path in self.paths.iter().cycle().skip(self.first * 7) {
            steps.tick().await;
            if let Err(why) = self.look_at(path).await {
                failures.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{path}: {why}"));
            }
            answered.fetch_add(1, Ordering::Relaxed);
        }
    }

    async fn look_at(&self, path: &str) -> Result<(), String> {
        let answer =
            self.client.get(format!("{}{path}", self.url)).send().await.map_err(|error| format!("{error:?}"))?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(|error| format!("broken off: {error:?}"))?;
        if status.is_success() { Ok(()) } else { Err(format!("{status} {}", String::from_utf8_lossy(&body))) }
    }
}

/// The home page, its links to listings and categories, and a few searches.
async fn list_paths(scene: &Scene) -> Vec<String> {
    let home = reqwest::get(scene.stack.url()).await.expect("the shop answers").text().await.expect("a page is text");
    let links = home.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let inside = links.filter(|link| link.starts_with("/l/") || link.starts_with("/c/")).take(30);
    let mut paths: Vec<String> = inside.map(ToOwned::to_owned).collect();
    assert!(paths.len() > 5, "the home page leads somewhere: {paths:?}");
    paths.push("/".to_owned());
    for words in ["bol", "bague", "lin", "wood", "bougie"] {
        paths.push(format!("/search?q={words}"));
        paths.push(format!("/api/v1/search?q={words}"));
    }
    paths
}
