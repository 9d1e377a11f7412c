//! Benchmark `telemetry`: what telling costs. A hot listing page, with and without a collector that takes a trace of one
//! request in a hundred, all metrics every second, on top of the metrics that are told anyway.
//!
//! Both sides are the same program on the same core, loaded in turn; judged by requests for each second of the process's
//! time, its exporting threads included.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::cache::wrk::load;
use super::rounds::alternate;
use super::servers::{BenchServers, SERVER_CORE};
use super::verdict::{Contest, Goal, Verdict};
use crate::ports::LOOPBACK;

/// How long each side is loaded in a round; processor time is counted in hundredths of a second.
const MEASURED: Duration = Duration::from_secs(4);
/// One request in a hundred begins a trace.
const SHARE: &str = "0.01";

const CONTEST: Contest = Contest {
    name: "hot listing page, traces of 1 % and all metrics sent",
    unit: "requests/s per core",
    against: "nothing sent",
    goal: Some(Goal::AtLeast(0.95)),
};

/// Runs this benchmark.
pub async fn run(servers: &mut BenchServers) -> Result<Vec<Verdict>> {
    let sink = Sink::listen().await?;
    let one_worker = ("HTTP__WORKERS", "1");
    let silent = servers.start_service("listing-1", &[one_worker], Some(SERVER_CORE)).await?;
    let telling = [
        one_worker,
        ("TELEMETRY__OTLP_ENDPOINT", sink.endpoint.as_str()),
        ("TELEMETRY__TRACE_RATIO", SHARE),
        ("TELEMETRY__METRICS_INTERVAL_MS", "1000"),
    ];
    let telling = servers.start_service("listing-2", &telling, Some(SERVER_CORE)).await?;
    let mut sides = Vec::new();
    for (name, pid) in [("listing-2", telling), ("listing-1", silent)] {
        let port = servers.stack().process(name)?.spec().port;
        let url = format!("http://{LOOPBACK}:{port}{}", find_listing(port).await?);
        // The second answer comes out of the cache.
        for _ in 0..2 {
            reqwest::get(&url).await?.error_for_status()?;
        }
        load(pid, &url, &[], Duration::from_secs(1)).await?;
        sides.push((pid, url));
    }
    let values = alternate(servers.rounds(), sides.len(), async |index| {
        let (pid, url) = &sides[index];
        Ok(load(*pid, url, &[], MEASURED).await?.per_cpu_second)
    });
    let values = values.await?;
    let [traces, metrics] = [&sink.traces, &sink.metrics].map(|bytes| bytes.load(Ordering::Relaxed));
    ensure!(traces > 0 && metrics > 0, "nothing was sent: {traces} bytes of traces, {metrics} of metrics");
    let details = json!({ "bytes_of_traces": traces, "bytes_of_metrics": metrics });
    Ok(vec![CONTEST.judge(&values[0], &values[1]).with_details(details)])
}

/// The first listing that the home page leads to.
async fn find_listing(port: u16) -> Result<String> {
    let home = reqwest::get(format!("http://{LOOPBACK}:{port}/")).await?.text().await?;
    let rest = home.split_once("href=\"/l/").context("the home page leads to no listing")?.1;
    let path = rest.split_once('"').context("an attribute ends with a quote")?.0;
    Ok(format!("/l/{path}"))
}

/// A collector that takes everything and keeps nothing but its size.
struct Sink {
    endpoint: String,
    traces: Arc<AtomicU64>,
    metrics: Arc<AtomicU64>,
}

impl Sink {
    async fn listen() -> Result<Self> {
        let listener = TcpListener::bind((LOOPBACK, 0)).await?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let (traces, metrics) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let counts = (Arc::clone(&traces), Arc::clone(&metrics));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (traces, metrics) = (Arc::clone(&counts.0), Arc::clone(&counts.1));
                // A sender that hangs up has ended its sentence or is gone; either way there is nothing to do.
                tokio::spawn(async move { take(stream, &traces, &metrics).await.ok() });
            }
        });
        Ok(Self { endpoint, traces, metrics })
    }
}

/// Takes what one sender sends.
async fn take(stream: TcpStream, traces: &AtomicU64, metrics: &AtomicU64) -> Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        let count = if line.contains("/v1/traces") { traces } else { metrics };
        let mut length = 0;
        while !line.trim().is_empty() {
            line.clear();
            stream.read_line(&mut line).await?;
            let field = line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
            length = field.map_or(Ok(length), |(_, value)| value.trim().parse())?;
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await?;
        count.fetch_add(length as u64, Ordering::Relaxed);
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await?;
        line.clear();
    }
    Ok(())
}
