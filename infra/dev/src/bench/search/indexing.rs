//! Part `indexing`: what searches notice of 600 listings a second being indexed.
//!
//! One search instance on one core, asked at a fixed rate; everything else (databases, relay, indexer, sellers, load) on
//! the other, as these would be other machines. Of these, what a search waits for, the replica, goes first on that core: nobody
//! else would be on its machine. Quiet stretches and busy ones take turns.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use halles_domain::Listing;
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::service::NOTHING_READY;
use super::{escaped, index, mix};
use crate::bench::cores;
use crate::bench::load::{Load, Measured, Pace};
use crate::bench::seller::Seller;
use crate::bench::servers::{BenchServers, LOAD_CORE, SERVER_CORE};
use crate::bench::verdict::{Contest, Goal, Verdict};

/// The figures of the busiest minute that we know of.
const WRITES_PER_SECOND: usize = 600;
/// Searches due each second: a fifth of what a core can do, so that waiting for each other is not what is measured.
const SEARCHES_PER_SECOND: usize = 30;
/// How long each stretch is.
const STRETCH_SECONDS: usize = 20;
/// Indexed for so long before a busy stretch counts: the index has taken on the shape that changes give it.
const SETTLE_SECONDS: usize = 4;
/// Stretches of each kind.
const STRETCHES: usize = 2;
/// What is changed: the newest part of the catalogue, as in life.
const LISTINGS: u32 = 20_000;
/// Sellers at work at the same time, no more than the store's connections.
const SELLERS: usize = 8;
const CONNECTIONS: usize = 16;

const P99: Contest = Contest {
    name: "p99 of searches while 600 listings/s are indexed",
    unit: "ms",
    against: "the same searches at rest",
    goal: Some(Goal::AtMost(1.5)),
};
const WRITTEN: Contest =
    Contest { name: "listings changed meanwhile", unit: "listings/s", against: "600 due", goal: None };

/// Runs this part.
pub async fn run(servers: &mut BenchServers) -> Result<Vec<Verdict>> {
    index::ensure_built(servers).await?;
    let requests = mix::requests(&index::sample(servers, servers.listings()).await?, 4_000);
    let requests = Arc::new(requests);
    servers.start_service("search-1", &NOTHING_READY, Some(SERVER_CORE)).await?;
    servers.start_service("indexer", &[], Some(LOAD_CORE)).await?;
    servers.start_service("order-worker", &[], Some(LOAD_CORE)).await?;
    keep_off_the_server_core(servers).await?;
    let seller = Seller::new(servers)?;
    let listings = seller.listings(LISTINGS.min(u32::try_from(servers.listings())?)).await?;
    search(servers, &requests).await?;

    let mut shares = shares(listings);
    let (mut at_rest, mut busy, mut written) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..STRETCHES {
        at_rest.push(search(servers, &requests).await?);
        let writing = tokio::spawn(write(seller.clone(), shares));
        sleep(Duration::from_secs(SETTLE_SECONDS as u64)).await;
        busy.push(search(servers, &requests).await?);
        let per_second;
        (shares, per_second) = writing.await.context("a seller panicked")??;
        written.push(per_second);
    }
    let p99 =
        |stretches: &[Measured]| stretches.iter().map(|measured| milliseconds(measured, 0.99)).collect::<Vec<_>>();
    let p50 = |stretches: &[Measured]| stretches.iter().map(|measured| milliseconds(measured, 0.5)).collect::<Vec<_>>();
    let details = json!({
        "p99_ms_at_rest": p99(&at_rest), "p50_ms_at_rest": p50(&at_rest), "p50_ms_while_indexing": p50(&busy),
        "searches_per_second": SEARCHES_PER_SECOND,
    });
    Ok(vec![P99.judge(&p99(&busy), &p99(&at_rest)).with_details(details), WRITTEN.judge_alone(&written)])
}

fn milliseconds(measured: &Measured, share: f64) -> f64 {
    measured.quantile(share).as_secs_f64() * 1_000.0
}

/// What a search waits for.
const REPLICA: &str = "postgres-replica";

/// The stores were started on all cores; from here on they keep to the one that is not measured, and to their places there.
async fn keep_off_the_server_core(servers: &BenchServers) -> Result<()> {
    for process in servers.stack().processes().iter().filter(|process| process.spec().name != "search-1") {
        let name = &process.spec().name;
        let pid = process.pid().with_context(|| format!("{name} is gone"))?;
        cores::keep_on(LOAD_CORE, pid).await?;
        if name != REPLICA {
            cores::stand_behind(pid).await?;
        }
    }
    Ok(())
}

async fn search(servers: &BenchServers, requests: &Arc<Vec<String>>) -> Result<Measured> {
    let port = servers.stack().plan().ports.search[0].port;
    let load = Load {
        ports: vec![port],
        connections: CONNECTIONS,
        requests: SEARCHES_PER_SECOND * STRETCH_SECONDS,
        per_second: Some(SEARCHES_PER_SECOND as f64),
    };
    let requests = Arc::clone(requests);
    let path = move |number: usize| format!("/api/v1/search?q={}", escaped(&requests[number % requests.len()]));
    let measured = load.run(path, |_, _| {}).await?;
    ensure!(measured.failed == 0, "{} searches were not answered", measured.failed);
    Ok(measured)
}

/// Each seller has listings of their own, so that nobody overtakes anybody.
fn shares(listings: Vec<Listing>) -> Vec<Vec<Listing>> {
    let mut shares = vec![Vec::new(); SELLERS];
    for (number, listing) in listings.into_iter().enumerate() {
        shares[number % SELLERS].push(listing);
    }
    shares
}

/// Changes listings at the fixed rate. Returns them as they are now, and how many it were in a second.
async fn write(seller: Seller, shares: Vec<Vec<Listing>>) -> Result<(Vec<Vec<Listing>>, f64)> {
    let count = WRITES_PER_SECOND * (SETTLE_SECONDS + STRETCH_SECONDS);
    let pace = Arc::new(Pace::start(Some(WRITES_PER_SECOND as f64), count, SELLERS));
    let began = Instant::now();
    let mut at_work = JoinSet::new();
    for mut share in shares {
        let (seller, pace) = (seller.clone(), Arc::clone(&pace));
        at_work.spawn(async move {
            let mut turn = 0;
            while pace.next().await.is_some() {
                let place = turn % share.len();
                share[place] = seller.change(&share[place]).await?;
                turn += 1;
            }
            anyhow::Ok(share)
        });
    }
    let mut changed = Vec::new();
    while let Some(share) = at_work.join_next().await {
        changed.push(share.context("a seller panicked")??);
    }
    Ok((changed, count as f64 / began.elapsed().as_secs_f64()))
}
