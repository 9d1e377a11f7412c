//! `cargo dev bench orders`: what placing in batches is worth.
//!
//! Both sides place the same requests through the same code and the same pool, on a primary that syncs every commit: in
//! batches of 200 from one leader, as the order-worker does; and one transaction for each order, from as many tasks as
//! the pool has connections. Once everybody wants the same listing, once a thousand listings. pgbench's `simple-update` on the same
//! server says what a transaction costs here at all.

pub mod drain;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use halles_domain::{
    BasketLine, ContactForm, Language, ListingId, OrderState, Quantity, RequestFingerprint, RequestToBuy,
};
use halles_store::{LeadTerm, Placement, PlacementRules, StoreSettings, Writer};
use jiff::Timestamp;
use serde_json::json;
use tokio::process::Command;
use tokio::task::JoinSet;

use super::rounds::alternate;
use super::servers::BenchServers;
use super::verdict::{Contest, Goal, Verdict, median};
use crate::stack::postgres::{DATABASE, Role, SUPERUSER};

/// As many as the order-worker takes at once.
const BATCH: usize = 200;
/// How long one side is measured in one round.
const STRETCH: Duration = Duration::from_secs(5);
/// Listings of the spread case.
const SPREAD: u64 = 1_000;
/// What no measurement can sell out.
const PIECES: u32 = 2_000_000_000;

const HOT: Contest = Contest {
    name: "orders for one hot listing, in batches",
    unit: "orders/s",
    against: "one transaction per order, same pool",
    goal: Some(Goal::AtLeast(12.0)),
};
const WIDE: Contest = Contest { name: "orders over 1,000 listings, in batches", goal: Some(Goal::AtLeast(3.0)), ..HOT };
const PGBENCH: Contest = Contest { against: "transactions/s of pgbench simple-update, same server", goal: None, ..HOT };

/// Runs this benchmark.
pub async fn run(servers: &mut BenchServers) -> Result<Vec<Verdict>> {
    put_on_the_shelves(servers).await?;
    let bench = Bench::new(servers).await?;
    let sides = alternate(servers.rounds(), 4, async |side| match side {
        0 => bench.in_batches(1).await,
        1 => bench.one_by_one(1).await,
        2 => bench.in_batches(SPREAD).await,
        _ => bench.one_by_one(SPREAD).await,
    });
    let sides = sides.await?;
    let [hot, hot_alone, wide, wide_alone] = &sides[..] else { anyhow::bail!("there are four sides") };
    let transactions = pgbench(servers).await?;
    let alone = json!({ "one_by_one": median(hot_alone.clone()) });
    Ok(vec![
        HOT.judge(hot, hot_alone).with_details(alone),
        WIDE.judge(wide, wide_alone).with_details(json!({ "one_by_one": median(wide_alone.clone()) })),
        PGBENCH.judge(&[median(hot.clone())], &[transactions]),
    ])
}

/// More pieces of everything than any measurement can sell.
async fn put_on_the_shelves(servers: &BenchServers) -> Result<()> {
    let stock = format!("UPDATE listing SET on_hand = {PIECES}, status = 'published', price_cents = 1000;");
    Ok(servers.stack().postgres().run_sql(DATABASE, &stock).await?)
}

struct Bench {
    writer: Writer,
    connections: u32,
    term: LeadTerm,
    rules: PlacementRules,
    next: Arc<AtomicU64>,
}

impl Bench {
    async fn new(servers: &BenchServers) -> Result<Self> {
        let primary_url = servers.stack().postgres().primary_url(Role::Writer, DATABASE);
        let settings = StoreSettings {
            primary_url: primary_url.as_str().into(),
            // More tasks than connections would only wait; the wait is not what is measured.
            acquire_timeout_ms: 10_000,
            ..StoreSettings::default()
        };
        let writer = Writer::new(&settings)?;
        let term = writer.begin_lead().await?;
        // As in life: with a bound for one person, which costs a look at their orders.
        let rules =
            PlacementRules { max_pieces_per_person: Some(20), ..PlacementRules::holding(Duration::from_secs(30 * 60)) };
        let connections = settings.primary_max_connections;
        Ok(Self { writer, connections, term, rules, next: Arc::default() })
    }

    /// One leader, batch after batch.
    async fn in_batches(&self, listings: u64) -> Result<f64> {
        let (began, mut placed) = (Instant::now(), 0);
        while began.elapsed() < STRETCH {
            let batch: Vec<RequestToBuy> =
                (0..BATCH).map(|_| request(self.next.fetch_add(1, Ordering::Relaxed), listings)).collect();
            let placements = self.writer.place_batch_as_leader(self.term, &batch, &self.rules).await?;
            placed += all_held(&placements)?;
        }
        Ok(f64::from(placed) / began.elapsed().as_secs_f64())
    }

    /// As many tasks as there are connections, each order a transaction of its own.
    async fn one_by_one(&self, listings: u64) -> Result<f64> {
        let began = Instant::now();
        let mut tasks = JoinSet::new();
        for _ in 0..self.connections {
            let (writer, rules, next) = (self.writer.clone(), self.rules, Arc::clone(&self.next));
            tasks.spawn(async move {
                let mut placed = 0;
                while began.elapsed() < STRETCH {
                    let wanted = request(next.fetch_add(1, Ordering::Relaxed), listings);
                    placed += all_held(&writer.place_batch(std::slice::from_ref(&wanted), &rules).await?)?;
                }
                anyhow::Ok(placed)
            });
        }
        let mut placed = 0;
        while let Some(count) = tasks.join_next().await {
            placed += count.context("a task panicked")??;
        }
        Ok(f64::from(placed) / began.elapsed().as_secs_f64())
    }
}

/// How many were placed, which must be all of them.
fn all_held(placements: &[Placement]) -> Result<u32> {
    let is_held = |placement: &Placement| matches!(placement, Placement::Placed(order) if order.state == OrderState::AwaitingPayment);
    let held = placements.iter().filter(|placement| is_held(placement)).count();
    ensure!(held == placements.len(), "{held} of {} orders were held", placements.len());
    Ok(u32::try_from(held)?)
}

/// Request number `number`, by a shopper of its own, for one of so many listings.
fn request(number: u64, listings: u64) -> RequestToBuy {
    let form = ContactForm {
        name: "Camille Durand".into(),
        email: format!("camille.{number}@example.org"),
        street: "12 rue des Halles".into(),
        postcode: "75001".into(),
        town: "Paris".into(),
        country: "FR".into(),
    };
    // Spread without a pattern that neighbours in a batch would share.
    let listing = 1 + number.wrapping_mul(0x9E37_79B9_7F4A_7C15) % listings;
    RequestToBuy {
        order_id: format!("{:032x}", 0x8000_u128 << 64 | u128::from(number)).parse().expect("32 digits are a name"),
        idempotency_key: format!("bench-order-{number}").parse().expect("letters and digits are a key"),
        fingerprint: RequestFingerprint([0; 32]),
        language: Language::Fr,
        contact: form.parse().expect("every field is filled in"),
        lines: vec![BasketLine {
            listing_id: ListingId::new(i64::try_from(listing).expect("a thousand listings")),
            quantity: Quantity::new(1).expect("one is a quantity"),
        }],
        may_wait: false,
        what_there_is: false,
        personalisations: Vec::new(),
        accepted_at: Timestamp::now(),
    }
}

/// Transactions per second of pgbench's `simple-update`, from as many clients as our pool has connections.
async fn pgbench(servers: &BenchServers) -> Result<f64> {
    let postgres = servers.stack().postgres();
    let clients = StoreSettings::default().primary_max_connections.to_string();
    let seconds = STRETCH.as_secs().to_string();
    let mut output = String::new();
    for arguments in [vec!["--initialize", "--scale", "10", "--quiet"], {
        vec!["--builtin", "simple-update", "--protocol", "prepared", "--client", &clients, "--time", &seconds]
    }] {
        let mut command = Command::new(postgres.programs.program("pgbench"));
        command.args(arguments).args(["--host", "127.0.0.1", "--username", SUPERUSER]);
        command.args(["--port", &postgres.primary_port.to_string(), SUPERUSER]);
        command.env("PGPASSWORD", &postgres.secrets.superuser).kill_on_drop(true);
        let ran = command.output().await.context("pgbench cannot be run; it comes with PostgreSQL")?;
        ensure!(ran.status.success(), "pgbench says: {}", String::from_utf8_lossy(&ran.stderr));
        output = String::from_utf8_lossy(&ran.stdout).into_owned();
    }
    let line = output.lines().find_map(|line| line.strip_prefix("tps = "));
    let tps = line.and_then(|line| line.split_whitespace().next()).context("pgbench says no tps")?;
    Ok(tps.parse()?)
}
