//! Part `service`: the whole search service over HTTP: one instance on one core, a million listings.
//!
//! First no answer is kept: every request is read, searched, counted, hydrated through the cache tier and written as JSON.
//! Judged by answers for each second of the instance's processor time. The same instance tells how soon it serves when
//! its files are here, and how much memory it takes. Then, apart from that, an instance that keeps its answers is asked for
//! what it has.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use super::{escaped, index, mix};
use crate::bench::load::{Load, Measured};
use crate::bench::servers::{BenchServers, SERVER_CORE};
use crate::bench::verdict::{Contest, Goal, Verdict};
use crate::proc::{anonymous_bytes, cpu_time, resident_bytes};

/// Requests of one round.
const REQUESTS: usize = 1_500;
/// Enough to keep a core busy.
const CONNECTIONS: usize = 4;
/// What an instance may take for itself, besides its cache: queries under way, buffers, code, what the allocator keeps.
/// The files of the index are mapped, and the system may drop them at any moment.
const BUDGET_MEGABYTES: f64 = 256.0;
/// How facets are asked for: by default, or not at all.
const WITH_FACETS: &str = "";
const WITHOUT_FACETS: &str = "&facets=false";
/// Room for the cache tier: everything that is found.
const L1_BYTES: u64 = 256 << 20;

/// No answer is kept; what is measured is the search.
pub(super) const NOTHING_READY: [(&str, &str); 3] = [ONE_WORKER, ("READY__MAX_BYTES", "1"), ("READY__KEEP_MS", "1")];
const ONE_WORKER: (&str, &str) = ("HTTP__WORKERS", "1");

const THROUGHPUT: Contest = Contest {
    name: "whole service over HTTP, no answer kept",
    unit: "searches/s per core",
    against: "with facets, 24 listings as JSON",
    goal: None,
};
const PLAIN: Contest = Contest { against: "no facets, 24 listings as JSON", ..THROUGHPUT };
const KEPT: Contest = Contest {
    name: "whole service over HTTP, answers kept",
    against: "the same requests, no answer kept",
    ..THROUGHPUT
};
const P50: Contest =
    Contest { name: "whole service over HTTP, p50", unit: "ms", against: "one connection, idle machine", goal: None };
const P99: Contest = Contest { name: "whole service over HTTP, p99", ..P50 };
const FIRST_START: Contest = Contest {
    name: "start of an instance → ready, files still to be fetched",
    unit: "s",
    against: "from the start of the process",
    goal: None,
};
const START: Contest =
    Contest { name: "start of an instance → ready, files here", goal: Some(Goal::AtMost(3.0)), ..FIRST_START };
const MEMORY: Contest = Contest {
    name: "memory of an instance's own, without the mapped index",
    unit: "MB",
    against: "256 MB and the budget of its cache",
    goal: Some(Goal::AtMost(BUDGET_MEGABYTES + (L1_BYTES >> 20) as f64)),
};
const RESIDENT: Contest =
    Contest { name: "resident memory, mapped index included", against: "as exported", goal: None, ..MEMORY };

/// Runs this part.
pub async fn run(servers: &mut BenchServers) -> Result<Vec<Verdict>> {
    index::ensure_built(servers).await?;
    let requests = Arc::new(mix::requests(&index::sample(servers, servers.listings()).await?, REQUESTS));
    let first_start = start(servers, &NOTHING_READY).await?;
    servers.stack().process("search-1")?.hold().await;
    let process = servers.stack().process("search-1")?;
    let began = Instant::now();
    process.resume().await;
    ensure!(process.ready().await, "the instance does not come back");
    let second_start = began.elapsed();

    // Once over everything: what is found is in L1 from here on.
    send(servers, &requests, WITH_FACETS, CONNECTIONS).await?;
    let (mut per_core, mut plain, mut alone) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..servers.rounds() {
        per_core.push(per_cpu_second(servers, &requests, WITH_FACETS).await?);
        plain.push(per_cpu_second(servers, &requests, WITHOUT_FACETS).await?);
        alone.push(send(servers, &requests, WITH_FACETS, 1).await?);
    }
    let megabytes = |bytes: Option<u64>| bytes.map(|bytes| bytes as f64 / f64::from(1 << 20));
    let own = megabytes(anonymous_bytes(pid(servers)?)).context("the instance is gone")?;
    let resident = megabytes(resident_bytes(pid(servers)?)).context("the instance is gone")?;
    let milliseconds =
        |share| alone.iter().map(|measured| measured.quantile(share).as_secs_f64() * 1_000.0).collect::<Vec<f64>>();
    let kept = kept(servers, &requests).await?;
    Ok(vec![
        KEPT.judge(&kept, &per_core),
        THROUGHPUT.judge_alone(&per_core).with_details(json!({ "rounds": per_core })),
        PLAIN.judge_alone(&plain),
        P50.judge_alone(&milliseconds(0.5)),
        P99.judge_alone(&milliseconds(0.99)),
        FIRST_START.judge_alone(&[first_start.as_secs_f64()]),
        START.judge_alone(&[second_start.as_secs_f64()]),
        MEMORY.judge_alone(&[own]),
        RESIDENT.judge_alone(&[resident]),
    ])
}

/// An instance that keeps its answers, asked for what it has.
async fn kept(servers: &mut BenchServers, requests: &Arc<Vec<String>>) -> Result<Vec<f64>> {
    servers.clear().await?;
    start(servers, &[ONE_WORKER]).await?;
    send(servers, requests, WITH_FACETS, CONNECTIONS).await?;
    let mut per_core = Vec::new();
    for _ in 0..servers.rounds() {
        per_core.push(per_cpu_second(servers, requests, WITH_FACETS).await?);
    }
    Ok(per_core)
}

async fn start(servers: &mut BenchServers, settings: &[(&str, &str)]) -> Result<Duration> {
    let l1_bytes = L1_BYTES.to_string();
    let settings: Vec<(&str, &str)> =
        settings.iter().copied().chain([("CACHE__L1_BYTES", l1_bytes.as_str())]).collect();
    let began = Instant::now();
    servers.start_service("search-1", &settings, Some(SERVER_CORE)).await?;
    Ok(began.elapsed())
}

fn pid(servers: &BenchServers) -> Result<i32> {
    servers.stack().process("search-1")?.pid().context("the instance is gone")
}

/// Answers for each second of the instance's processor time, kernel included.
async fn per_cpu_second(servers: &BenchServers, requests: &Arc<Vec<String>>, facets: &'static str) -> Result<f64> {
    let pid = pid(servers)?;
    let before = cpu_time(pid).context("the instance is gone")?;
    let measured = send(servers, requests, facets, CONNECTIONS).await?;
    let used = cpu_time(pid).context("the instance died under load")?.saturating_sub(before);
    Ok(measured.answered as f64 / used.as_secs_f64())
}

async fn send(
    servers: &BenchServers,
    requests: &Arc<Vec<String>>,
    facets: &'static str,
    connections: usize,
) -> Result<Measured> {
    let port = servers.stack().plan().ports.search[0].port;
    let load = Load { ports: vec![port], connections, requests: requests.len(), per_second: None };
    let requests = Arc::clone(requests);
    let path = move |number: usize| format!("/api/v1/search?q={}{facets}", escaped(&requests[number]));
    let measured = load.run(path, |_, _| {}).await?;
    ensure!(measured.failed == 0, "{} searches were not answered", measured.failed);
    Ok(measured)
}
