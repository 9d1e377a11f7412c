//! `cargo dev bench intake`: durable 202s per second, beside the bare engine.
//!
//! The same Redis, which syncs every append, is given the same entries by `redis-benchmark XADD`, from as many
//! connections. Ours does all that an order costs on the way there: HTTP, parsing, checks, name and fingerprint. Nobody takes
//! requests out of the log, so every answer is a 202. One order service on one core; Redis and the load share the other.

use std::process::Output;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use tokio::process::Command;
use tokio::task::JoinSet;

use super::load::{Connection, histogram, on_own_thread};
use super::rounds::alternate;
use super::servers::{BenchServers, SERVER_CORE};
use super::verdict::{Contest, Goal, Verdict};
use crate::programs::find_in_path;

/// Shoppers who order at the same time, and orders of one round.
const CONNECTIONS: usize = 64;
const ORDERS: usize = 20_000;

const RATE: Contest = Contest {
    name: "orders noted durably (202)",
    unit: "orders/s",
    against: "redis-benchmark XADD of the same entries, same instance, appendfsync always",
    goal: Some(Goal::AtLeast(0.5)),
};
const P99: Contest = Contest { name: "p99 of a 202", unit: "ms", against: "64 at the same time", goal: None };

/// Runs this benchmark.
pub async fn run(servers: &mut BenchServers) -> Result<Vec<Verdict>> {
    // Nobody is there to tell an outcome, and no bound of the log stands in the way.
    let settings = [
        ("ORDER_LOG__MAX_DEPTH", "100000000"),
        ("ORDERS__OUTCOME_WAIT_MS", "1"),
        ("ORDER_LOG__MAX_WAITING", "1"),
        ("TELEMETRY__LOG", "error"),
    ];
    servers.start_service("order", &settings, Some(SERVER_CORE)).await?;
    order_all(servers, "warm-up").await?;
    let entry = one_entry(servers).await?;
    let mut p99 = Vec::new();
    let mut round = 0;
    let sides = alternate(servers.rounds(), 2, async |side| {
        if side == 1 {
            return bare(servers, &entry).await;
        }
        round += 1;
        let (per_second, slow) = order_all(servers, &format!("round-{round}")).await?;
        p99.push(slow.as_secs_f64() * 1_000.0);
        Ok(per_second)
    });
    let sides = sides.await?;
    let details = json!({ "bytes_of_an_entry": entry.len(), "connections": CONNECTIONS });
    Ok(vec![RATE.judge(&sides[0], &sides[1]).with_details(details), P99.judge_alone(&p99)])
}

/// Orders as fast as 202s come. Returns how many in a second, and how long the slowest hundredth took at least.
async fn order_all(servers: &BenchServers, run: &str) -> Result<(f64, Duration)> {
    let (port, run) = (servers.stack().plan().ports.order[0].port, run.to_owned());
    let measured = on_own_thread(move || async move {
        // Written before the clock starts, as redis-benchmark's entries are: what is measured is taking orders.
        let orders =
            |shopper: usize| (shopper..ORDERS).step_by(CONNECTIONS).map(|number| order(&run, number)).collect();
        let of_shoppers: Vec<Vec<Vec<u8>>> = (0..CONNECTIONS).map(orders).collect();
        let began = Instant::now();
        let mut shoppers = JoinSet::new();
        for orders in of_shoppers {
            shoppers.spawn(async move {
                let mut connection = Connection::open(port).await?;
                let mut latencies = histogram();
                for order in orders {
                    let asked = Instant::now();
                    let answer = connection.exchange(&order).await?;
                    ensure!(answer.status == 202, "an order was answered {}", answer.head);
                    latencies.saturating_record(u64::try_from(asked.elapsed().as_micros())?);
                }
                Ok(latencies)
            });
        }
        let mut all = histogram();
        while let Some(latencies) = shoppers.join_next().await {
            all += latencies.context("a shopper panicked")??;
        }
        anyhow::Ok((began.elapsed(), Duration::from_micros(all.value_at_quantile(0.99))))
    });
    let (took, slow) = measured.await??;
    #[expect(clippy::cast_precision_loss, reason = "some thousand orders are exact in a float")]
    let orders = ORDERS as f64;
    Ok((orders / took.as_secs_f64(), slow))
}

/// An order as a client sends it; every shopper has an address of their own.
fn order(run: &str, number: usize) -> Vec<u8> {
    let contact = json!({
        "name": "Camille Durand", "email": format!("camille.{number}@example.org"),
        "street": "12 rue des Halles", "postcode": "75001", "town": "Paris", "country": "FR",
    });
    let body =
        json!({ "contact": contact, "lines": [{ "listing_id": 1 + number % 1_000, "quantity": 1 }] }).to_string();
    let (high, low) = (number / 250 % 250, number % 250);
    format!(
        "POST /api/v1/orders HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n\
         x-forwarded-for: 10.0.{high}.{low}\r\nidempotency-key: bench-intake-{run}-{number}\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// What one entry of the log looks like.
async fn one_entry(servers: &BenchServers) -> Result<String> {
    let arguments = ["--raw", "XRANGE", "h1:{orders}", "-", "+", "COUNT", "1"];
    let output = redis_tool(servers, "redis-cli", &arguments).await?;
    let text = String::from_utf8(output.stdout)?;
    let entry = text.lines().last().unwrap_or_default();
    ensure!(entry.starts_with('{'), "the log holds {text}");
    Ok(entry.to_owned())
}

/// What the engine itself can append in a second.
async fn bare(servers: &BenchServers, entry: &str) -> Result<f64> {
    let (clients, requests) = (CONNECTIONS.to_string(), ORDERS.to_string());
    let arguments = ["-c", &clients, "-n", &requests, "--csv", "XADD", "bench:bare", "*", "request", entry];
    let output = redis_tool(servers, "redis-benchmark", &arguments).await?;
    let text = String::from_utf8_lossy(&output.stdout);
    per_second(&text).with_context(|| format!("redis-benchmark says: {text}"))
}

async fn redis_tool(servers: &BenchServers, program: &str, arguments: &[&str]) -> Result<Output> {
    let found = find_in_path(program).with_context(|| format!("{program} is not installed; it comes with Redis"))?;
    let port = servers.stack().plan().ports.redis_order_log.to_string();
    let mut command = Command::new(found);
    let output = command.args(["-h", "127.0.0.1", "-p", &port]).args(arguments).kill_on_drop(true).output().await?;
    ensure!(output.status.success(), "{program} says: {}", String::from_utf8_lossy(&output.stderr));
    Ok(output)
}

/// The rate in the last line of CSV: the name of the test, quoted, with commas in it, then requests per second.
fn per_second(csv: &str) -> Option<f64> {
    let line = csv.lines().rfind(|line| line.starts_with('"'))?;
    let figures: Vec<&str> = line.split("\",\"").collect();
    // Seven latencies or none come after the rate, by the version; the name comes before it.
    let rate = if figures.len() >= 8 { figures[figures.len() - 7] } else { figures.last()? };
    rate.trim_matches('"').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_read_from_either_kind_of_line() {
        let new = "\"test\",\"rps\",\"avg_latency_ms\"\n\"XADD a * request {\"x\",\"y\"}\",\"13315.58\",\"0.1\",\"0.2\",\"0.3\",\"0.4\",\"0.5\",\"0.6\"\n";
        assert_eq!(per_second(new), Some(13_315.58));
        assert_eq!(per_second("\"XADD a * request x\",\"9000.10\"\n"), Some(9_000.1));
        assert_eq!(per_second("ERR"), None);
    }
}
