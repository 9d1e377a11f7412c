//! `freshness`: how soon searches know of a committed change, while the marketplace is as busy as on a good day.
//!
//! Sellers change prices and stocks and shoppers search, both at a fixed rate, through the real stores, the relay, the
//! indexer and two search instances. Beside them a few listings are watched: each gets a word into its title that nothing
//! else has, and both instances are asked for that word until both find it; then it is paused or sold out, and both are
//! asked until neither shows it, and until neither counts it. Times count from the commit's return to the later answer.

mod watch;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use halles_domain::Listing;
use hdrhistogram::Histogram;
use serde_json::json;
use tokio::task::JoinSet;

use self::watch::{POLL_EVERY, Seen, Watch};
use super::load::{Load, Measured, Pace, histogram};
use super::search::escaped;
use super::seller::Seller;
use super::servers::BenchServers;
use super::verdict::{Contest, Goal, Verdict};

/// How long everybody is busy.
const SECONDS: usize = 30;
/// The writes of a good day.
const WRITES_PER_SECOND: usize = 350;
/// Several times the searches of a good day, which are 17.
const SEARCHES_PER_SECOND: usize = 60;
/// What is changed all the time, by number from 1 on.
const CHANGED: usize = 4_000;
/// Sellers at work at the same time; with the watches no more than the store's connections.
const SELLERS: usize = 5;
/// Listings watched at the same time.
const WATCHES: usize = 3;
const CONNECTIONS: usize = 16;
/// What shoppers look for meanwhile.
const SEARCHES: [&str; 8] =
    ["bol", "collier argent", "bougie", "sac cuir", "tasse grès", "lampe bois", "bonnet laine", "boucles d'oreilles"];

const FOUND_P50: Contest = Contest {
    name: "commit → found by both instances, p50",
    unit: "ms",
    against: "at 350 writes/s and 60 searches/s",
    goal: None,
};
const FOUND_P99: Contest =
    Contest { name: "commit → found by both instances, p99", goal: Some(Goal::AtMost(1_000.0)), ..FOUND_P50 };
const HIDDEN_P99: Contest =
    Contest { name: "paused or sold out → shown by neither, p99", goal: Some(Goal::AtMost(1_000.0)), ..FOUND_P50 };
const GONE_P99: Contest =
    Contest { name: "paused or sold out → out of the index, p99", goal: Some(Goal::AtMost(1_000.0)), ..FOUND_P50 };
const WRITTEN: Contest = Contest { name: "writes meanwhile", unit: "writes/s", against: "350 due", goal: None };
const SEARCHED: Contest =
    Contest { name: "p99 of searches meanwhile", unit: "ms", against: "60 searches/s", goal: None };

/// Runs it.
pub async fn run(servers: &mut BenchServers) -> Result<Vec<Verdict>> {
    for name in ["order-worker", "indexer", "search-1", "search-2"] {
        servers.start_service(name, &[], None).await?;
    }
    let seller = Seller::new(servers)?;
    let ports: Vec<u16> = servers.stack().plan().ports.search.iter().map(|instance| instance.port).collect();
    let count = usize::try_from(servers.listings())?.min(2 * CHANGED);
    let mut listings = seller.listings(u32::try_from(count)?).await?;
    let watched = listings.split_off(count / 2);

    let searching = tokio::spawn(search(ports.clone()));
    let writing = tokio::spawn(write(seller.clone(), listings));
    let seen = watch_all(&seller, watched, &Watch::new(ports)).await?;
    let per_second = writing.await.context("a seller panicked")??;
    let searched = searching.await.context("the searching panicked")??;
    ensure!(searched.failed == 0, "{} searches were not answered", searched.failed);
    Ok(judge(&seen, per_second, &searched))
}

async fn search(ports: Vec<u16>) -> Result<Measured> {
    let load = Load {
        ports,
        connections: CONNECTIONS,
        requests: SEARCHES_PER_SECOND * SECONDS,
        per_second: Some(SEARCHES_PER_SECOND as f64),
    };
    load.run(|number| format!("/api/v1/search?q={}", escaped(SEARCHES[number % SEARCHES.len()])), |_, _| {}).await
}

/// Keeps changing listings at the fixed rate; returns how many it were in a second.
async fn write(seller: Seller, listings: Vec<Listing>) -> Result<f64> {
    let count = WRITES_PER_SECOND * SECONDS;
    let pace = Arc::new(Pace::start(Some(WRITES_PER_SECOND as f64), count, SELLERS));
    let began = Instant::now();
    let mut at_work = JoinSet::new();
    for share in shares(listings, SELLERS) {
        let (seller, pace) = (seller.clone(), Arc::clone(&pace));
        at_work.spawn(async move {
            let mut share = share;
            let mut turn = 0;
            while pace.next().await.is_some() {
                let place = turn % share.len();
                share[place] = seller.change(&share[place]).await?;
                turn += 1;
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = at_work.join_next().await {
        done.context("a seller panicked")??;
    }
    Ok(count as f64 / began.elapsed().as_secs_f64())
}

/// What the watches came to.
struct AllSeen {
    found: Histogram<u64>,
    hidden: Histogram<u64>,
    gone: Histogram<u64>,
}

async fn watch_all(seller: &Seller, listings: Vec<Listing>, watch: &Watch) -> Result<AllSeen> {
    let until = Instant::now() + Duration::from_secs(SECONDS as u64);
    let mut at_work = JoinSet::new();
    for share in shares(listings, WATCHES) {
        let (seller, watch) = (seller.clone(), watch.clone());
        at_work.spawn(async move {
            let mut seen = Vec::new();
            for listing in share {
                if Instant::now() >= until {
                    break;
                }
                seen.push(watch.follow(&seller, listing).await?);
            }
            anyhow::Ok(seen)
        });
    }
    let mut all = AllSeen { found: histogram(), hidden: histogram(), gone: histogram() };
    while let Some(seen) = at_work.join_next().await {
        for Seen { found, hidden, gone } in seen.context("a watch panicked")?? {
            for (times, time) in [(&mut all.found, found), (&mut all.hidden, hidden), (&mut all.gone, gone)] {
                times.saturating_record(u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
            }
        }
    }
    Ok(all)
}

/// Everybody has listings of their own, so that nobody overtakes anybody.
fn shares(listings: Vec<Listing>, count: usize) -> Vec<Vec<Listing>> {
    let mut shares = vec![Vec::new(); count];
    for (number, listing) in listings.into_iter().enumerate() {
        shares[number % count].push(listing);
    }
    shares
}

fn judge(seen: &AllSeen, per_second: f64, searched: &Measured) -> Vec<Verdict> {
    let milliseconds = |times: &Histogram<u64>, share| times.value_at_quantile(share) as f64 / 1_000.0;
    let details = |times: &Histogram<u64>| {
        json!({
            "changes_watched": times.len(), "poll_every_ms": POLL_EVERY.as_secs_f64() * 1_000.0,
            "p50_ms": milliseconds(times, 0.5), "p90_ms": milliseconds(times, 0.9),
            "slowest_ms": times.max() as f64 / 1_000.0,
        })
    };
    let p99 = |contest: &Contest, times: &Histogram<u64>| {
        contest.judge_alone(&[milliseconds(times, 0.99)]).with_details(details(times))
    };
    vec![
        FOUND_P50.judge_alone(&[milliseconds(&seen.found, 0.5)]),
        p99(&FOUND_P99, &seen.found),
        p99(&HIDDEN_P99, &seen.hidden),
        p99(&GONE_P99, &seen.gone),
        WRITTEN.judge_alone(&[per_second]),
        SEARCHED.judge_alone(&[searched.quantile(0.99).as_secs_f64() * 1_000.0]),
    ]
}
