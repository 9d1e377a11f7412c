//! How soon a committed change is what everyone sees, while the marketplace is as busy as on a good day.
//!
//! Sellers change prices and stocks at a fixed rate and shoppers read at a fixed rate, all through the real stores, the
//! relay and two instances. Every few changes one is watched: both instances are asked for the changed listing, its page
//! or its JSON document in turn, until both answer with the new price. The time counts from the commit's return to the
//! arrival of the later of the two answers.

mod watch;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use halles_domain::Listing;
use hdrhistogram::Histogram;
use serde_json::json;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use self::watch::{POLL_EVERY, Watch};
use super::fleet::Fleet;
use crate::bench::load::{Load, Measured, Pace, histogram};
use crate::bench::seller::Seller;
use crate::bench::servers::BenchServers;
use crate::bench::verdict::{Contest, Goal, Verdict};

/// The fleet.
const INSTANCES: usize = 2;
/// What of the catalogue is alive: read by everybody, changed now and then.
const LISTINGS: u32 = 4_000;
/// The figures of a good day.
const WRITES_PER_SECOND: f64 = 350.0;
const READS_PER_SECOND: f64 = 3_500.0;
/// Thirty seconds of both.
const WRITES: usize = 10_500;
const READS: usize = 105_000;
/// One change in so many is watched: 2,100 in all, so that watching stays a small part of the reading.
const WATCH_EVERY: usize = 5;
/// Sellers at work at the same time, no more than the store's connections.
const SELLERS: usize = 8;
/// Shoppers' connections.
const CONNECTIONS: usize = 64;

const MEDIAN: Contest = Contest {
    name: "commit → new bytes from both instances, p50",
    unit: "ms",
    against: "at 350 writes/s and 3,500 reads/s",
    goal: None,
};
const P99: Contest =
    Contest { name: "commit → new bytes from both instances, p99", goal: Some(Goal::AtMost(1_000.0)), ..MEDIAN };
const SLOWEST: Contest = Contest { name: "commit → new bytes from both instances, slowest", ..MEDIAN };
const WRITTEN: Contest = Contest { name: "writes meanwhile", unit: "writes/s", against: "350 due", goal: None };
const READ: Contest = Contest { name: "reads meanwhile", unit: "reads/s", against: "3,500 due", goal: None };

/// Runs this part.
pub async fn run(servers: &mut BenchServers) -> Result<Vec<Verdict>> {
    let fleet = Fleet::start(servers, INSTANCES, &[]).await?;
    let seller = Seller::new(servers)?;
    let listings = seller.listings(LISTINGS).await?;
    let pages = Arc::new(find_pages(&fleet).await?);
    let reading = tokio::spawn(read(&fleet, Arc::clone(&pages)));
    let written = write(&seller, listings, &Watch::new(fleet.ports(), pages)).await?;
    let read = reading.await.context("the reading panicked")??;
    ensure!(read.failed == 0, "{} reads were not answered", read.failed);
    Ok(judge(&written, &read))
}

/// The addresses of the pages, by listing. Asking for them all also brings the listings into every instance.
async fn find_pages(fleet: &Fleet) -> Result<HashMap<i64, String>> {
    let pages: Arc<Mutex<HashMap<i64, String>>> = Arc::default();
    for port in fleet.ports() {
        let found = Arc::clone(&pages);
        let load = Load { ports: vec![port], connections: 8, requests: LISTINGS as usize, per_second: None };
        let asked = load.run(
            |number| format!("/l/{}", id_of(number)),
            move |number, answer| {
                // The short address leads to the one with words.
                let page = answer.header("location").map_or_else(|| format!("/l/{}", id_of(number)), ToOwned::to_owned);
                found.lock().unwrap_or_else(PoisonError::into_inner).insert(id_of(number), page);
            },
        );
        asked.await?;
    }
    let mut pages = pages.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(std::mem::take(&mut *pages))
}

fn id_of(number: usize) -> i64 {
    1 + i64::try_from(number % LISTINGS as usize).unwrap_or_default()
}

/// Pages and JSON documents of all the listings, in turn.
fn read(fleet: &Fleet, pages: Arc<HashMap<i64, String>>) -> impl Future<Output = Result<Measured>> + use<> {
    /// Far from each other, so that the reads do not follow the writes round.
    const STRIDE: usize = 1_009;
    let load =
        Load { ports: fleet.ports(), connections: CONNECTIONS, requests: READS, per_second: Some(READS_PER_SECOND) };
    let path = move |number: usize| {
        let id = id_of(number / 2 * STRIDE);
        if number.is_multiple_of(2) { pages[&id].clone() } else { watch::document(id) }
    };
    load.run(path, |_, _| {})
}

/// What the writing came to.
struct Written {
    /// From commit to visible, in microseconds.
    visible: Histogram<u64>,
    /// Watched changes that did not become visible while anybody looked.
    unseen: u64,
    per_second: f64,
}

async fn write(seller: &Seller, listings: Vec<Listing>, watch: &Watch) -> Result<Written> {
    let pace = Arc::new(Pace::start(Some(WRITES_PER_SECOND), WRITES, SELLERS));
    let began = Instant::now();
    let (watched, mut seen) = mpsc::unbounded_channel();
    let mut at_work = JoinSet::new();
    for share in shares(listings) {
        let (seller, pace, watch) = (seller.clone(), Arc::clone(&pace), watch.clone());
        at_work.spawn(keep_changing(seller, share, pace, watch, watched.clone()));
    }
    drop(watched);
    while let Some(done) = at_work.join_next().await {
        done.context("a seller panicked")??;
    }
    let mut written =
        Written { visible: histogram(), unseen: 0, per_second: WRITES as f64 / began.elapsed().as_secs_f64() };
    // Ends when the last watch has ended.
    while let Some(visible_after) = seen.recv().await {
        match visible_after {
            Some(time) => written.visible.saturating_record(u64::try_from(time.as_micros()).unwrap_or(u64::MAX)),
            None => written.unseen += 1,
        }
    }
    Ok(written)
}

/// Each seller has listings of their own, so that nobody overtakes anybody.
fn shares(listings: Vec<Listing>) -> Vec<Vec<Listing>> {
    let mut shares = vec![Vec::new(); SELLERS];
    for (number, listing) in listings.into_iter().enumerate() {
        shares[number % SELLERS].push(listing);
    }
    shares
}

/// Changes one listing after the other, and has some of the changes watched.
async fn keep_changing(
    seller: Seller,
    mut listings: Vec<Listing>,
    pace: Arc<Pace>,
    watch: Watch,
    watched: mpsc::UnboundedSender<Option<Duration>>,
) -> Result<()> {
    let count = listings.len();
    let mut turn = 0;
    while pace.next().await.is_some() {
        let listing = &mut listings[turn % count];
        let is_watched = turn % WATCH_EVERY == 0;
        if is_watched {
            watch.warm(listing).await?;
        }
        *listing = seller.change(listing).await?;
        if is_watched {
            let seen = watch.clone().until_new(listing.clone(), Instant::now());
            let watched = watched.clone();
            tokio::spawn(async move { watched.send(seen.await) });
        }
        turn += 1;
    }
    Ok(())
}

fn judge(written: &Written, read: &Measured) -> Vec<Verdict> {
    let milliseconds = |share| written.visible.value_at_quantile(share) as f64 / 1_000.0;
    // What nobody saw took longer than anybody looked.
    let worst_or = |value: f64| if written.unseen == 0 { value } else { f64::INFINITY };
    let details = json!({
        "changes_watched": written.visible.len() + written.unseen,
        "never_seen": written.unseen,
        "poll_every_ms": POLL_EVERY.as_secs_f64() * 1_000.0,
        "p90_ms": milliseconds(0.9), "p999_ms": milliseconds(0.999),
    });
    let reads = json!({
        "p50_ms": read.quantile(0.5).as_secs_f64() * 1_000.0,
        "p99_ms": read.quantile(0.99).as_secs_f64() * 1_000.0,
        "answered": read.answered, "failed": read.failed,
    });
    vec![
        MEDIAN.judge_alone(&[milliseconds(0.5)]),
        P99.judge_alone(&[worst_or(milliseconds(0.99))]).with_details(details),
        SLOWEST.judge_alone(&[worst_or(written.visible.max() as f64 / 1_000.0)]),
        WRITTEN.judge_alone(&[written.per_second]),
        READ.judge_alone(&[read.per_second()]).with_details(reads),
    ]
}
