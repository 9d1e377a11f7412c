//! Part `memory`: what a cached page costs.
//!
//! One instance with room enough is asked once for each of 100,000 listing pages, as a browser asks. What its memory grew
//! by, beside the bytes of these pages as it now holds them: as drawn and in gzip, the form that was asked for. What it
//! grew by holds more than pages, and is meant to: the listings that they were drawn from, every index and counter, and
//! what the allocator could not use.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use futures_util::future::try_join_all;
use serde_json::json;
use tokio::time::sleep;

use crate::bench::load::{Answer, Connection, on_own_thread};
use crate::bench::servers::BenchServers;
use crate::bench::verdict::{Contest, Goal, Verdict};
use crate::proc::resident_bytes;

/// How many pages are held.
const PAGES: u64 = 100_000;
/// Connections that ask for them: enough to keep the instance busy, few enough to leave out waiting.
const CONNECTIONS: usize = 32;
/// Every so many-th page is asked for again in the end, to see that it was held.
const SAMPLED_STEP: usize = 100;
/// What has to be found then: a page in a hundred may have been drawn anew because a neighbour of it changed.
const MOSTLY_HELD: f64 = 0.99;

/// Memory without a bound, and lives that do not end while the pages come in.
const SETTINGS: [(&str, &str); 8] = [
    ("HTTP__WORKERS", "1"),
    ("CACHE__L1_BYTES", "8000000000"),
    ("READY__MAX_BYTES", "8000000000"),
    ("READY__KEEP_MS", "3600000"),
    ("CACHE__LISTING__TTL_MS", "3600000"),
    ("CACHE__SELLER__TTL_MS", "3600000"),
    ("CACHE__CATEGORY_TREE__TTL_MS", "3600000"),
    ("CACHE__SHOP__TTL_MS", "3600000"),
];

const RESIDENT: Contest = Contest {
    name: "memory of a cached page at 100,000 pages",
    unit: "bytes",
    against: "the bytes of the page, as drawn and in gzip",
    goal: Some(Goal::AtMost(2.0)),
};

/// Runs this part.
pub async fn run(servers: &mut BenchServers) -> Result<Vec<Verdict>> {
    let pid = servers.start_service("listing-1", &SETTINGS, None).await?;
    let port = servers.stack().process("listing-1")?.spec().port;
    // The first requests set up what every process has anyway.
    on_own_thread(move || warm_up(port)).await??;
    let before = settled_memory(pid).await?;
    let pages = on_own_thread(move || fetch_all(port)).await??;
    let after = settled_memory(pid).await?;
    let held = on_own_thread({
        let paths = pages.paths.iter().step_by(SAMPLED_STEP).cloned().collect();
        move || share_held(port, paths)
    });
    let held = held.await??;
    ensure!(held >= MOSTLY_HELD, "only {:.1} % of the pages were held", held * 100.0);
    let per_page = |bytes: u64| bytes as f64 / pages.paths.len() as f64;
    let verdict = RESIDENT.judge(&[per_page(after - before)], &[per_page(pages.drawn_bytes + pages.gzip_bytes)]);
    Ok(vec![verdict.with_details(json!({
        "pages": pages.paths.len(),
        "drawn_bytes": per_page(pages.drawn_bytes),
        "gzip_bytes": per_page(pages.gzip_bytes),
        "resident_bytes_before": before,
        "resident_bytes_after": after,
        "share_held": held,
    }))])
}

/// What was fetched.
#[derive(Default)]
struct Pages {
    paths: Vec<String>,
    drawn_bytes: u64,
    gzip_bytes: u64,
}

async fn warm_up(port: u16) -> Result<()> {
    let mut connection = Connection::open(port).await?;
    for path in ["/", "/robots.txt", "/l/1"] {
        connection.exchange(&request(path)).await?;
    }
    Ok(())
}

async fn fetch_all(port: u16) -> Result<Pages> {
    let shares = try_join_all((0..CONNECTIONS).map(|first| fetch_share(port, first))).await?;
    Ok(shares.into_iter().fold(Pages::default(), |mut all, share| {
        all.paths.extend(share.paths);
        all.drawn_bytes += share.drawn_bytes;
        all.gzip_bytes += share.gzip_bytes;
        all
    }))
}

async fn fetch_share(port: u16, first: usize) -> Result<Pages> {
    let mut connection = Connection::open(port).await?;
    let mut pages = Pages::default();
    for id in (1..=PAGES).skip(first).step_by(CONNECTIONS) {
        // The number alone leads to the address with its words.
        let answer = connection.exchange(&request(&format!("/l/{id}"))).await?;
        let Some(path) = answer.header("location").map(str::to_owned) else { continue };
        let answer = connection.exchange(&request(&path)).await?;
        ensure!(answer.status == 200, "{path} was answered with {}", answer.status);
        pages.gzip_bytes += answer.body.len() as u64;
        pages.drawn_bytes += drawn_bytes(&answer)?;
        pages.paths.push(path);
    }
    Ok(pages)
}

/// The length of the page before it was compressed: a gzip body ends with it.
fn drawn_bytes(answer: &Answer<'_>) -> Result<u64> {
    ensure!(answer.header("content-encoding") == Some("gzip"), "a page came without being compressed");
    let length = answer.body.last_chunk().context("a gzip body is longer than four bytes")?;
    Ok(u32::from_le_bytes(*length).into())
}

async fn share_held(port: u16, paths: Vec<String>) -> Result<f64> {
    let mut connection = Connection::open(port).await?;
    let mut held = 0_usize;
    for path in &paths {
        let answer = connection.exchange(&request(path)).await?;
        held += usize::from(answer.header("cache-status").is_some_and(|status| status.contains("detail=page")));
    }
    Ok(held as f64 / paths.len() as f64)
}

fn request(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\naccept-language: fr\r\naccept-encoding: gzip\r\n\r\n")
        .into_bytes()
}

/// Memory once it has stopped moving: allocators give back what they freed a little later.
async fn settled_memory(pid: i32) -> Result<u64> {
    sleep(Duration::from_secs(2)).await;
    resident_bytes(pid).context("the instance is gone")
}
