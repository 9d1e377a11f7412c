//! `orders --part drain`: a hundred thousand requests to buy have gathered while nobody placed any; now they are placed, and
//! whoever is buying at that moment should not notice.
//!
//! Whoever buys at that moment has an order that is held for them and goes to pay it: that asks the order service, the
//! primary, the payment provider and, now and then, the disk, and waits in no queue. (A new order takes its place behind those
//! in the log, as it should.) The same number of payments a second is started at rest and while the log drains.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use futures_util::{StreamExt as _, stream};
use halles_queue::order_log::{OrderLog, OrderLogSettings};
use serde::Deserialize;
use serde_json::json;

use super::{put_on_the_shelves, request};
use crate::bench::load::{Load, Measured, with_json};
use crate::bench::servers::BenchServers;
use crate::bench::verdict::{Contest, Goal, Verdict};
use crate::psql::Psql;

/// The numbers of these requests begin behind those of the part beside this one.
const FIRST: u64 = 1 << 40;
/// How many requests have gathered.
const QUEUED: u64 = 100_000;
/// How many of them are appended at the same time.
const AT_ONCE: usize = 512;
/// Longer than any of it takes.
const A_DAY_MS: u64 = 24 * 60 * 60 * 1_000;
/// Over how many listings they are spread.
const LISTINGS: u64 = 1_000;
/// Orders that are held for those who pay, and payments a second.
const HELD: usize = 200;
const PAYMENTS_PER_SECOND: u32 = 40;
/// How long payments are measured at rest, and in one go while the log drains.
const AT_REST: Duration = Duration::from_secs(20);
const STRETCH: Duration = Duration::from_secs(2);

const LIVE: Contest = Contest {
    name: "p99 of starting a payment while 100,000 orders are placed",
    unit: "ms",
    against: "the same at rest",
    goal: Some(Goal::AtMost(1.2)),
};
const WAIT: Contest =
    Contest { name: "from noted to placed, 99 of 100", unit: "s", against: "100,000 that have gathered", goal: None };
const RATE: Contest =
    Contest { name: "placed while the log drains", unit: "orders/s", against: "beside 40 payments/s", goal: None };

/// Runs this benchmark.
pub async fn run(servers: &mut BenchServers) -> Result<Vec<Verdict>> {
    put_on_the_shelves(servers).await?;
    for name in ["payments", "order-worker", "order"] {
        servers.start_service(name, &[("TELEMETRY__LOG", "error")], None).await?;
    }
    let bench = Bench::prepare(servers).await?;
    let (mut at_rest, mut draining, mut waits, mut rates) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for first in (0..u64::from(servers.rounds())).map(|round| FIRST + round * QUEUED) {
        at_rest.push(p99_ms(&bench.pay(AT_REST).await?));
        let worker = servers.stack().process("order-worker")?;
        worker.hold().await;
        bench.gather(first).await?;
        let began = Instant::now();
        worker.resume().await;
        draining.push(p99_ms(&bench.pay_while_draining().await?));
        rates.push(QUEUED as f64 / began.elapsed().as_secs_f64());
        waits.push(bench.slowest_hundredth(first).await?);
    }
    let details = json!({ "at_rest_ms": at_rest, "draining_ms": draining, "payments_per_second": PAYMENTS_PER_SECOND });
    Ok(vec![LIVE.judge(&draining, &at_rest).with_details(details), WAIT.judge_alone(&waits), RATE.judge_alone(&rates)])
}

fn p99_ms(measured: &Measured) -> f64 {
    measured.quantile(0.99).as_secs_f64() * 1_000.0
}

struct Bench {
    port: u16,
    log: OrderLog,
    psql: Psql,
    held: Arc<Vec<String>>,
}

impl Bench {
    /// Places the orders that will be paid.
    async fn prepare(servers: &BenchServers) -> Result<Self> {
        #[derive(Deserialize)]
        struct Placed {
            id: String,
        }
        let stack = servers.stack();
        let settings = OrderLogSettings {
            redis_url: stack.redis_order_log_url().as_str().into(),
            // What gathers here is more than a shop would promise to place in time.
            max_depth: 2 * QUEUED,
            max_wait_ms: A_DAY_MS,
            ..OrderLogSettings::default()
        };
        let (port, held) = (stack.plan().ports.order[0].port, Arc::new(Mutex::new(Vec::new())));
        let load = Load { ports: vec![port], connections: 8, requests: HELD, per_second: None };
        let seen = Arc::clone(&held);
        load.send(order, move |_, answer| {
            if let (201, Ok(Placed { id })) = (answer.status, serde_json::from_slice(answer.body)) {
                seen.lock().unwrap_or_else(PoisonError::into_inner).push(id);
            }
        })
        .await?;
        let held = std::mem::take(&mut *held.lock().unwrap_or_else(PoisonError::into_inner));
        ensure!(held.len() == HELD, "only {} of {HELD} orders were held", held.len());
        let log = OrderLog::connect(&settings).await?;
        Ok(Self { port, log, psql: Psql::new(stack.postgres()), held: Arc::new(held) })
    }

    /// Notes requests from number `first` on, which nobody takes yet.
    async fn gather(&self, first: u64) -> Result<()> {
        let mut noted = stream::iter(first..first + QUEUED)
            .map(|number| async move { self.log.append(&request(number, LISTINGS)).await })
            .buffer_unordered(AT_ONCE);
        while let Some(appended) = noted.next().await {
            appended.context("a request was not noted")?;
        }
        Ok(())
    }

    /// Payments for as long as any request waits, and no longer.
    async fn pay_while_draining(&self) -> Result<Measured> {
        let mut all = self.pay(STRETCH).await?;
        while self.log.depth().await?.waiting > 0 {
            all.add(self.pay(STRETCH).await?);
        }
        Ok(all)
    }

    /// Starts payments at the same rate for so long, each of which must lead to the provider.
    async fn pay(&self, lasting: Duration) -> Result<Measured> {
        let requests = usize::try_from(u64::from(PAYMENTS_PER_SECOND) * lasting.as_secs())?;
        let per_second = Some(f64::from(PAYMENTS_PER_SECOND));
        let load = Load { ports: vec![self.port], connections: 16, requests, per_second };
        let (held, led) = (Arc::clone(&self.held), Arc::new(AtomicUsize::new(0)));
        let seen = Arc::clone(&led);
        let measured = load
            .send(
                move |number| pay(&held[number % HELD]),
                move |_, answer| {
                    let is_led = answer.header("location").is_some_and(|way| way.contains("/sandbox/payments/"));
                    seen.fetch_add(usize::from(answer.status == 303 && is_led), Ordering::Relaxed);
                },
            )
            .await?;
        let led = led.load(Ordering::Relaxed);
        ensure!(led == requests, "only {led} of {requests} were led to the provider");
        Ok(measured)
    }

    /// After how many seconds 99 of 100 requests from number `first` on were placed.
    async fn slowest_hundredth(&self, first: u64) -> Result<f64> {
        let keys = format!("substring(idempotency_key FROM 13)::bigint BETWEEN {first} AND {}", first + QUEUED - 1);
        let sql = format!(
            "SELECT count(*), extract(epoch FROM percentile_cont(0.99) WITHIN GROUP (ORDER BY placed_at - accepted_at))
             FROM orders WHERE idempotency_key LIKE 'bench-order-%' AND {keys};"
        );
        let rows = self.psql.ask(&sql).await?;
        let row = rows.first().context("one row")?;
        ensure!(row[0] == QUEUED.to_string(), "{} of {QUEUED} requests were placed", row[0]);
        row[1].parse().with_context(|| format!("{row:?} for a time"))
    }
}

/// An order as a client sends it, of those that will be paid.
fn order(number: usize) -> Vec<u8> {
    let contact = json!({
        "name": "Camille Durand", "email": format!("payer.{number}@example.org"),
        "street": "12 rue des Halles", "postcode": "75001", "town": "Paris", "country": "FR",
    });
    let body = json!({ "contact": contact, "lines": [{ "listing_id": 1 + number % 1_000, "quantity": 1 }] });
    let key = format!("idempotency-key: bench-drain-payer-{number}\r\n");
    with_json("POST", "/api/v1/orders", &key, &body.to_string())
}

/// "Pay", as a browser's form sends it.
fn pay(order: &str) -> Vec<u8> {
    format!("POST /orders/{order}/pay HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 0\r\n\r\n").into_bytes()
}
