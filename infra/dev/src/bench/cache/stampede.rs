//! Everybody at once asks for what nobody has any more: a listing that has just changed, and the front page when
//! no instance and no cache remembers anything.
//!
//! All clients are connected before the first of them asks. What reaches the store is counted by the instances
//! themselves.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result, ensure};
use halles_domain::Listing;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use serde_json::json;

use super::fleet::Fleet;
use crate::bench::load::{Connection, Load, Measured, get};
use crate::bench::seller::Seller;
use crate::bench::servers::BenchServers;
use crate::bench::verdict::{Contest, Goal, Verdict};

/// The fleet.
const INSTANCES: usize = 3;
/// The crowd in front of each instance.
const CLIENTS_EACH: usize = 1_000;

/// What an instance makes ready beforehand would keep the crowd from finding it cold.
const WITHOUT_WARM_UP: [(&str, &str); 1] = [("LISTING__WARM_UP__LIMIT_MS", "0")];

/// Half of the crowd wants the page, half the JSON document: both are drawn from the same entry.
const CHANGED: Contest = Contest {
    name: "reads of a listing that changed under 3 × 1,000 clients",
    unit: "reads",
    against: "the worst round; all answers new",
    goal: Some(Goal::AtMost(1.0)),
};
/// The front page is made of the tree, two lists and their listings.
const FRONT_PAGE: Contest = Contest {
    name: "front page for 3 × 1,000 clients, all caches emptied",
    unit: "requests/read",
    against: "the worst round; reads of any kind",
    goal: Some(Goal::AtLeast(100.0)),
};

/// Runs this part.
pub async fn run(servers: &mut BenchServers) -> Result<Vec<Verdict>> {
    allow_many_connections()?;
    let fleet = Fleet::start(servers, INSTANCES, &WITHOUT_WARM_UP).await?;
    let seller = Seller::new(servers)?;
    let rounds = servers.rounds();
    let changed = changed_listing(&fleet, &seller, rounds).await?;
    let front_page = cold_front_page(servers, &fleet, rounds).await?;
    Ok(vec![changed, front_page])
}

async fn changed_listing(fleet: &Fleet, seller: &Seller, rounds: u32) -> Result<Verdict> {
    let mut listing = seller.listings(1).await?.remove(0);
    let addresses = Addresses::of(&listing, fleet).await?;
    let mut reads = Vec::new();
    let mut details = Vec::new();
    for _ in 0..rounds {
        addresses.warm(fleet).await?;
        let heard = fleet.changes_heard().await?;
        listing = seller.change(&listing).await?;
        fleet.await_change_after(&heard).await?;
        seller.await_replica(&listing).await?;
        let before = fleet.loads().await?;
        let (crowd, old) = addresses.rush(fleet, &listing).await?;
        let loads = fleet.loads().await?.since(&before);
        reads.push(loads.of("listing"));
        details.push(json!({
            "reads": loads,
            "answered": crowd.answered, "failed": crowd.failed, "old": old,
            "p50_ms": milliseconds(&crowd, 0.5), "p99_ms": milliseconds(&crowd, 0.99),
        }));
        ensure!(crowd.failed == 0, "{} of the crowd were not answered", crowd.failed);
        ensure!(old == 0, "{old} of the crowd saw the old version");
    }
    let worst = reads.into_iter().fold(0.0, f64::max);
    Ok(CHANGED.judge_alone(&[worst]).with_details(json!({ "rounds": details })))
}

async fn cold_front_page(servers: &BenchServers, fleet: &Fleet, rounds: u32) -> Result<Verdict> {
    let mut ratios = Vec::new();
    let mut details = Vec::new();
    for _ in 0..rounds {
        fleet.forget_everything(servers).await?;
        let crowd = crowd(fleet).run(|_| "/".to_owned(), |_, _| {}).await?;
        // Since the start, so what instances read to become ready counts as well.
        let loads = fleet.loads().await?;
        ensure!(crowd.failed == 0, "{} of the crowd were not answered", crowd.failed);
        ratios.push((INSTANCES * CLIENTS_EACH) as f64 / loads.total().max(1.0));
        details.push(json!({
            "reads": loads, "answered": crowd.answered,
            "p50_ms": milliseconds(&crowd, 0.5), "p99_ms": milliseconds(&crowd, 0.99),
        }));
    }
    let worst = ratios.into_iter().fold(f64::INFINITY, f64::min);
    Ok(FRONT_PAGE.judge_alone(&[worst]).with_details(json!({ "rounds": details })))
}

/// Where the listing is found.
struct Addresses {
    page: String,
    json: String,
}

impl Addresses {
    async fn of(listing: &Listing, fleet: &Fleet) -> Result<Self> {
        let short = format!("/l/{}", listing.id);
        let mut connection = Connection::open(fleet.ports()[0]).await?;
        let answer = connection.exchange(&get(&short)).await?;
        // The short address leads to the one with words, unless there are none.
        let page = answer.header("location").map_or(short, ToOwned::to_owned);
        Ok(Self { page, json: format!("/api/v1/listings/{}", listing.id) })
    }

    /// Has every instance keep the listing, its page and all that stands on it.
    async fn warm(&self, fleet: &Fleet) -> Result<()> {
        for port in fleet.ports() {
            let mut connection = Connection::open(port).await?;
            for path in [&self.page, &self.json] {
                let answer = connection.exchange(&get(path)).await?;
                ensure!(answer.status == 200, "{path} answers {}", answer.status);
            }
        }
        Ok(())
    }

    /// Lets everybody go, and counts those who were shown an older version.
    async fn rush(&self, fleet: &Fleet, listing: &Listing) -> Result<(Measured, usize)> {
        let new = format!("\"version\":{},", listing.version);
        let old = Arc::new(AtomicUsize::new(0));
        let sees_old = Arc::clone(&old);
        let (page, json) = (self.page.clone(), self.json.clone());
        // Odd and even numbers go to all instances alike, for there are three of these.
        let path = move |number: usize| if number.is_multiple_of(2) { page.clone() } else { json.clone() };
        let crowd = crowd(fleet).run(path, move |number, answer| {
            let is_new = number.is_multiple_of(2) || String::from_utf8_lossy(answer.body).contains(&new);
            sees_old.fetch_add(usize::from(!is_new), Ordering::Relaxed);
        });
        let measured = crowd.await?;
        Ok((measured, old.load(Ordering::Relaxed)))
    }
}

fn crowd(fleet: &Fleet) -> Load {
    let clients = INSTANCES * CLIENTS_EACH;
    Load { ports: fleet.ports(), connections: clients, requests: clients, per_second: None }
}

fn milliseconds(measured: &Measured, share: f64) -> f64 {
    measured.quantile(share).as_secs_f64() * 1_000.0
}

/// As many as the system lets us; what we start inherits it.
fn allow_many_connections() -> Result<()> {
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, most, most).context("the limit of open files cannot be raised")
}
