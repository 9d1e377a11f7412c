//! What reaches the tiers below when L1 holds a tenth of what is asked for.
//!
//! One instance, a catalogue of a million listings, and requests for JSON documents of listings whose popularity follows
//! Zipf's law. L1 is sized by the requests: a tenth of the listings that are asked for at all fit into it. After a first
//! part that fills both tiers, the rest is sent at a fixed rate, in rounds. The very same requests then go through a
//! plain LRU and the best possible cache, each with room for as many entries as the budget of L1 holds at the size that
//! L1 itself gives them.

pub mod keys;
mod policies;

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::bench::load::{Load, Measured};
use crate::bench::metrics::{L1_BYTES, L1_ENTRIES, LOADS, LOOKUPS, Metrics};
use crate::bench::servers::{BenchServers, SERVER_CORE};
use crate::bench::verdict::{Contest, Goal, Verdict, median};
use crate::ports::InstancePorts;

/// The catalogue.
pub const LISTINGS: u32 = 1_000_000;
/// How uneven popularity is.
const EXPONENT: f64 = 0.99;
/// Requests that fill the tiers.
const FILLING: usize = 200_000;
/// Requests that are measured.
const MEASURED: usize = 150_000;
/// How many are due each second while measuring.
const PER_SECOND: f64 = 3_500.0;
/// Requests that tell how large entries are.
const SAMPLE: usize = 5_000;
/// Connections to the instance. Those that fill it are as many as it may have loads under way: more would be refused.
const CONNECTIONS: usize = 64;
const FILLING_CONNECTIONS: usize = 16;
/// The share of requests that may go without an answer before the figures mean nothing.
const TOLERATED: f64 = 0.01;
/// How many times larger than L1 all that is asked for is.
const TIMES_L1: usize = 10;
/// How much of L1 is for listings here: shops are asked for as well, and must not be what is measured.
const LISTING_PERCENT: u32 = 20;
const SELLER_PERCENT: u32 = 55;

/// The kind of entry that is measured.
const LISTING: (&str, &str) = ("kind", "listing");

const AGAINST_LRU: Contest = Contest {
    name: "hit ratio of L1, 1,000,000 listings, Zipf 0.99, room for a tenth",
    unit: "of requests",
    against: "plain LRU with as much room",
    goal: Some(Goal::AtLeast(1.0)),
};
const AGAINST_OPTIMUM: Contest = Contest { against: "the best possible (Belady)", goal: None, ..AGAINST_LRU };
const REACH_L2: Contest =
    Contest { name: "requests that reach L2", unit: "of requests", against: "the rest came from L1", goal: None };
const REACH_STORE: Contest = Contest {
    name: "requests that reach PostgreSQL",
    against: "a first request for a listing always does",
    ..REACH_L2
};
const P99: Contest = Contest { name: "p99 of requests", unit: "ms", against: "at 3,500 requests/s", goal: None };

/// Runs this part.
pub async fn run(servers: &mut BenchServers) -> Result<Vec<Verdict>> {
    let trace = Arc::new(keys::trace(LISTINGS, EXPONENT, FILLING + MEASURED));
    let working_set = trace.iter().collect::<HashSet<_>>().len();
    let room = working_set / TIMES_L1;
    let entry_bytes = measure_entries(servers, &trace).await?;
    let l1_bytes = room as f64 * entry_bytes * 100.0 / f64::from(LISTING_PERCENT);
    let subject = Subject::start(servers, Some(format!("{l1_bytes:.0}")), &trace).await?;
    subject.send(0..FILLING, None).await?;
    let mut windows = Vec::new();
    for window in windows_of(FILLING..trace.len(), servers.rounds() as usize) {
        windows.push(subject.measure(window).await?);
    }
    let lru = policies::lru(&trace, room);
    let optimum = policies::optimum(&trace, room);
    let unlimited = policies::unlimited(&trace);
    let details = json!({
        "requests_to_fill": FILLING, "requests_measured": MEASURED,
        "listings_asked_for": working_set, "entries_that_fit": room,
        "bytes_for_listings": room as f64 * entry_bytes, "bytes_of_an_entry": entry_bytes,
        "entries_in_l1_at_the_end": subject.metrics().await?.sum(L1_ENTRIES, &[LISTING]),
        "hit_ratio_with_room_for_all": median(ratios(&unlimited, &windows)),
        "windows": windows.iter().map(Window::details).collect::<Vec<_>>(),
    });
    let of = |figure: fn(&Window) -> f64| windows.iter().map(figure).collect::<Vec<f64>>();
    let l1 = of(|window| window.l1_hits);
    Ok(vec![
        AGAINST_LRU.judge(&l1, &ratios(&lru, &windows)).with_details(details),
        AGAINST_OPTIMUM.judge(&l1, &ratios(&optimum, &windows)),
        REACH_L2.judge_alone(&of(|window| window.reach_l2)),
        REACH_STORE.judge_alone(&of(|window| window.reach_store)),
        P99.judge_alone(&of(|window| window.measured.quantile(0.99).as_secs_f64() * 1_000.0)),
    ])
}

/// How many bytes of its budget L1 counts for a listing, on average.
async fn measure_entries(servers: &mut BenchServers, trace: &Arc<Vec<u32>>) -> Result<f64> {
    let subject = Subject::start(servers, None, trace).await?;
    subject.send(0..SAMPLE, None).await?;
    let metrics = subject.metrics().await?;
    let entries = metrics.sum(L1_ENTRIES, &[LISTING]);
    ensure!(entries > 0.0, "the instance does not say what is in its L1");
    let bytes = metrics.sum(L1_BYTES, &[LISTING]);
    servers.clear().await?;
    Ok(bytes / entries)
}

/// The instance that is measured, and the requests.
struct Subject {
    ports: InstancePorts,
    trace: Arc<Vec<u32>>,
}

impl Subject {
    async fn start(servers: &mut BenchServers, l1_bytes: Option<String>, trace: &Arc<Vec<u32>>) -> Result<Self> {
        let mut settings = vec![
            // No documents kept ready: each request asks the tiers that are measured.
            ("READY__MAX_BYTES", "1".to_owned()),
            ("READY__KEEP_MS", "1".to_owned()),
            ("CACHE__LISTING__L1_PERCENT", LISTING_PERCENT.to_string()),
            ("CACHE__SELLER__L1_PERCENT", SELLER_PERCENT.to_string()),
        ];
        settings.extend(l1_bytes.map(|bytes| ("CACHE__L1_BYTES", bytes)));
        let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        servers.start_service("listing-1", &settings, Some(SERVER_CORE)).await?;
        Ok(Self { ports: servers.stack().plan().ports.listing[0], trace: Arc::clone(trace) })
    }

    async fn metrics(&self) -> Result<Metrics> {
        Metrics::read(self.ports.admin_port).await
    }

    /// Sends some of the requests.
    async fn send(&self, numbers: Range<usize>, per_second: Option<f64>) -> Result<Measured> {
        let connections = if per_second.is_some() { CONNECTIONS } else { FILLING_CONNECTIONS };
        let load = Load { ports: vec![self.ports.port], connections, requests: numbers.len(), per_second };
        let trace = Arc::clone(&self.trace);
        let path = move |number: usize| format!("/api/v1/listings/{}", trace[numbers.start + number] + 1);
        let measured = load.run(path, |_, _| {}).await?;
        // On a machine that is busy with something else, a few may be refused.
        let not_answered = measured.failed as f64 / (measured.failed + measured.answered) as f64;
        ensure!(not_answered < TOLERATED, "{} requests were not answered", measured.failed);
        Ok(measured)
    }

    async fn measure(&self, numbers: Range<usize>) -> Result<Window> {
        let before = self.metrics().await?;
        let measured = self.send(numbers.clone(), Some(PER_SECOND)).await?;
        let after = self.metrics().await?;
        let requests = numbers.len() as f64;
        let share = |name, labels: &[_]| (after.sum(name, labels) - before.sum(name, labels)) / requests;
        Ok(Window {
            l1_hits: share(LOOKUPS, &[LISTING, ("tier", "l1"), ("outcome", "hit")]),
            reach_l2: share(LOOKUPS, &[LISTING, ("tier", "l2")]),
            reach_store: share(LOADS, &[LISTING]),
            outdated_in_l2: share(LOOKUPS, &[LISTING, ("tier", "l2"), ("outcome", "outdated")]),
            l2_errors: share(LOOKUPS, &[LISTING, ("tier", "l2"), ("outcome", "error")]),
            numbers,
            measured,
        })
    }
}

/// Some of the requests, and what became of them.
struct Window {
    numbers: Range<usize>,
    measured: Measured,
    /// Shares of the requests.
    l1_hits: f64,
    reach_l2: f64,
    reach_store: f64,
    outdated_in_l2: f64,
    l2_errors: f64,
}

impl Window {
    fn details(&self) -> Value {
        let milliseconds = |share| self.measured.quantile(share).as_secs_f64() * 1_000.0;
        json!({
            "hit_ratio_of_l1": self.l1_hits, "reach_l2": self.reach_l2, "reach_postgresql": self.reach_store,
            "outdated_in_l2": self.outdated_in_l2, "l2_errors": self.l2_errors,
            "requests_per_second": self.measured.per_second(), "not_answered": self.measured.failed,
            "p50_ms": milliseconds(0.5), "p99_ms": milliseconds(0.99), "p999_ms": milliseconds(0.999),
        })
    }
}

/// Equal parts of a range; what is left over is left out.
fn windows_of(range: Range<usize>, count: usize) -> impl Iterator<Item = Range<usize>> {
    let length = range.len() / count;
    (0..count).map(move |number| range.start + number * length..range.start + (number + 1) * length)
}

/// The share of hits in each window.
fn ratios(hits: &[bool], windows: &[Window]) -> Vec<f64> {
    let ratio = |window: &Window| {
        let hits = &hits[window.numbers.clone()];
        hits.iter().filter(|hit| **hit).count() as f64 / hits.len() as f64
    };
    windows.iter().map(ratio).collect()
}
