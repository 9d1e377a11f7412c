//! Who looks and who buys, and what they were answered.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use halles_domain::ListingId;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::core_time;
use crate::bench::load::{Answer, Connection, Load, Measured, get, with_json};
use crate::bench::seller::Seller;
use crate::bench::servers::BenchServers;
use crate::stack::postgres::{DATABASE, SUPERUSER};

/// Orders that are looked at.
const ORDERS: usize = 200;
/// Listings that are bought.
const LISTINGS: u32 = 500;
/// Connections of those who look. Enough for what this driver can send while each answer takes some 50 ms.
const LOOKERS: usize = 500;
/// Who cannot send a look within this time of the moment when it was due goes away: the driver, or all its connections, are
/// busy, and what was never sent was never asked for.
const LOOKERS_PATIENCE: Duration = Duration::from_millis(100);
/// Connections of those who buy, and who never go away. An order takes some milliseconds; with more connections than that
/// takes, each would lie idle until the service closes it.
const BUYERS: usize = 100;
/// How many ask at once when the most is looked for: enough to keep one core busy.
const CLOSED: usize = 32;
/// How many requests find out roughly how much can be done.
const TRIED: usize = 1_000;
/// How long it is watched at most whether anybody is still refused, and how long all must be well to believe it.
const WATCHED: Duration = Duration::from_secs(40);
const WELL_FOR: Duration = Duration::from_secs(8);
/// How often one looks, and over how many connections.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const FEW: usize = 50;

/// Everybody.
pub(super) struct Crowd {
    port: u16,
    admin_port: u16,
    rung_token: String,
    listings: Arc<Vec<ListingId>>,
    orders: Arc<Vec<String>>,
    next_key: Arc<AtomicU64>,
}

/// The most that the service does when everybody waits for their answer before asking again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peak {
    /// Useful answers a second.
    pub(super) per_second: f64,
    /// The processor time of one of them.
    pub(super) cost: Duration,
    /// The processor time of a look, measured where nobody buys.
    pub(super) look: Duration,
    /// How much of the core was used. Far below 1, it is not the processor that sets the peak.
    pub(super) busy: f64,
}

/// How much is asked for, for how long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Phase {
    /// Looks at orders a second.
    pub(super) looking: f64,
    /// Orders a second.
    pub(super) buying: f64,
    /// For how long.
    pub(super) lasts: Duration,
}

/// What a phase was answered.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Seen {
    lasted_s: f64,
    looked: u64,
    looked_in_time: u64,
    looks_refused: u64,
    looks_failed: u64,
    /// Looks that were due and that this driver could not send.
    looks_given_up: u64,
    bought: u64,
    orders_sent: u64,
    orders_refused: u64,
    orders_in_time: u64,
    order_p99_ms: f64,
}

impl Seen {
    /// Answers a second that came while they were of use.
    pub(super) fn useful_per_second(&self) -> f64 {
        (self.looked_in_time + self.orders_in_time) as f64 / self.lasted_s
    }

    /// Orders that were taken a second.
    pub(super) fn bought_per_second(&self) -> f64 {
        self.bought as f64 / self.lasted_s
    }

    /// What was really asked for.
    pub(super) fn asked_per_second(&self) -> f64 {
        (self.looked + self.looks_failed + self.orders_sent) as f64 / self.lasted_s
    }

    /// The share of the orders that were taken, sooner or later.
    pub(super) fn taken_share(&self) -> f64 {
        self.bought as f64 / self.orders_sent.max(1) as f64
    }

    /// The share of the looks that were refused.
    pub(super) fn refused_share(&self) -> f64 {
        self.looks_refused as f64 / (self.looked + self.looks_failed).max(1) as f64
    }
}

#[derive(Deserialize)]
struct Placed {
    id: String,
}

#[derive(Deserialize)]
struct Standing {
    number: u8,
}

impl Crowd {
    /// Fills the shelves, so that nobody is told that something is sold out, and places the orders that are looked at.
    pub(super) async fn gather(servers: &BenchServers) -> Result<Self> {
        let script = format!("\\connect {DATABASE}\nUPDATE listing SET on_hand = 1000000000;\n");
        servers.stack().postgres().run_sql(SUPERUSER, &script).await?;
        let listings = Seller::new(servers)?.listings(LISTINGS).await?;
        let listings: Vec<ListingId> =
            listings.iter().filter(|listing| listing.is_orderable()).map(|listing| listing.id).collect();
        ensure!(!listings.is_empty(), "none of the listings can be ordered");
        let ports = servers.stack().plan().ports.order[0];
        let mut crowd = Self {
            port: ports.port,
            admin_port: ports.admin_port,
            rung_token: servers.stack().postgres().secrets.rung_token.clone(),
            listings: Arc::new(listings),
            orders: Arc::default(),
            next_key: Arc::default(),
        };
        let placed = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&placed);
        let load = Load { ports: vec![crowd.port], connections: 8, requests: ORDERS, per_second: None };
        load.send(crowd.buy(), move |_, answer| {
            if let Ok(Placed { id }) = serde_json::from_slice(answer.body) {
                seen.lock().unwrap_or_else(PoisonError::into_inner).push(id);
            }
        })
        .await?;
        let placed = std::mem::take(&mut *placed.lock().unwrap_or_else(PoisonError::into_inner));
        ensure!(placed.len() == ORDERS, "only {} of {ORDERS} orders were taken", placed.len());
        crowd.orders = Arc::new(placed);
        Ok(crowd)
    }

    /// What the service does at most.
    pub(super) async fn closed(&self, lasts: Duration) -> Result<Peak> {
        let (looks, used_for_looks) = self.measure_closed(self.look(), lasts / 2).await?;
        let (look_only, buy) = (self.look(), self.buy());
        let mixed = move |number: usize| if number.is_multiple_of(10) { buy(number) } else { look_only(number) };
        let (measured, used) = self.measure_closed(mixed, lasts).await?;
        let took = measured.took.as_secs_f64();
        Ok(Peak {
            per_second: measured.in_time as f64 / took,
            cost: used.div_f64(measured.answered.max(1) as f64),
            look: used_for_looks.div_f64(looks.answered.max(1) as f64),
            busy: used.as_secs_f64() / took,
        })
    }

    /// Asks for so long, and tells how long the core was busy with it.
    async fn measure_closed(
        &self,
        request: impl Fn(usize) -> Vec<u8> + Clone + Send + Sync + 'static,
        lasts: Duration,
    ) -> Result<(Measured, Duration)> {
        let load = |requests| Load { ports: vec![self.port], connections: CLOSED, requests, per_second: None };
        // Warms up, and tells how many make the time full.
        let tried = load(TRIED).send(request.clone(), |_, _| {}).await?;
        let before = core_time()?;
        let measured = load(count(tried.per_second(), lasts)).send(request, |_, _| {}).await?;
        let used = core_time()?.saturating_sub(before);
        let (answered, failed) = (measured.answered, measured.failed);
        ensure!(failed * 100 <= answered, "{failed} requests failed though nobody was in a hurry, {answered} did not");
        Ok((measured, used))
    }

    /// A phase of requests that come whether or not they are answered.
    pub(super) async fn open(&self, phase: Phase) -> Result<Seen> {
        let load = |connections, per_second: f64| Load {
            ports: vec![self.port],
            connections,
            requests: count(per_second, phase.lasts),
            per_second: Some(per_second),
        };
        let (looking, buying) = tokio::try_join!(
            load(LOOKERS, phase.looking).send_impatiently(LOOKERS_PATIENCE, self.look(), |_, _| {}),
            load(BUYERS, phase.buying).send(self.buy(), |_, _| {}),
        )?;
        Ok(seen(phase, &looking, &buying))
    }

    /// How long it takes, with a light load, until everybody is answered in time and nothing is given up, for good.
    pub(super) async fn recovery(&self, per_second: f64) -> Result<Duration> {
        let began = Instant::now();
        let mut bad_until = Duration::ZERO;
        while began.elapsed() < WATCHED && began.elapsed() - bad_until < WELL_FOR {
            let requests = count(per_second, LOOK_EVERY);
            let load = Load { ports: vec![self.port], connections: FEW, requests, per_second: Some(per_second) };
            let measured = load.send(self.look(), |_, _| {}).await?;
            if measured.in_time < requests as u64 || self.rung().await? > 0 {
                bad_until = began.elapsed();
            }
        }
        Ok(bad_until)
    }

    /// The rung that the service stands on.
    async fn rung(&self) -> Result<u8> {
        let mut connection = Connection::open(self.admin_port).await?;
        let answer = connection.exchange(&get("/rung")).await?;
        let standing: Standing = serde_json::from_slice(answer.body).context("the ladder says something else")?;
        Ok(standing.number)
    }

    /// Sets a rung for a minute.
    pub(super) async fn set_rung(&self, rung: u8) -> Result<()> {
        let order = json!({ "rung": rung, "seconds": 60, "why": "a benchmark", "by": "cargo dev bench" });
        let bearer = format!("authorization: Bearer {}\r\n", self.rung_token);
        let mut connection = Connection::open(self.admin_port).await?;
        let answer = connection.exchange(&with_json("PUT", "/rung", &bearer, &order.to_string())).await?;
        ensure!(answer.status == 200, "the rung cannot be set: {}", String::from_utf8_lossy(answer.body));
        Ok(())
    }

    /// Looks so many times, as many at once as when the house is full; how many were refused and told when to come back.
    pub(super) async fn knock(&self, requests: usize) -> Result<u64> {
        let told = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&told);
        let load = Load { ports: vec![self.port], connections: LOOKERS, requests, per_second: None };
        let see = move |_: usize, answer: &Answer<'_>| {
            if answer.status == 503 && answer.header("retry-after").is_some() {
                count.fetch_add(1, Ordering::Relaxed);
            }
        };
        load.send(self.look(), see).await?;
        Ok(told.load(Ordering::Relaxed))
    }

    /// Opens the page of one of the orders.
    fn look(&self) -> impl Fn(usize) -> Vec<u8> + Clone + Send + Sync + 'static {
        let orders = Arc::clone(&self.orders);
        move |number| get(&format!("/orders/{}", orders[number % orders.len()]))
    }

    /// Orders one piece of one of the listings; every order is one of its own, of somebody of their own.
    fn buy(&self) -> impl Fn(usize) -> Vec<u8> + Clone + Send + Sync + 'static {
        let (listings, next_key) = (Arc::clone(&self.listings), Arc::clone(&self.next_key));
        move |number| {
            let key = next_key.fetch_add(1, Ordering::Relaxed);
            let listing = listings[number % listings.len()];
            let order = json!({
                "contact": {
                    "name": "Camille Durand", "email": format!("camille-{key}@example.org"),
                    "street": "12 rue des Halles", "postcode": "75001", "town": "Paris", "country": "FR",
                },
                "lines": [{ "listing_id": listing.get(), "quantity": 1 }],
                "language": "fr",
            });
            let header = format!("idempotency-key: overload-{key:020}\r\n");
            with_json("POST", "/api/v1/orders", &header, &order.to_string())
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of requests, far below both ends")]
fn count(per_second: f64, lasts: Duration) -> usize {
    (per_second * lasts.as_secs_f64()).round() as usize
}

fn seen(phase: Phase, looking: &Measured, buying: &Measured) -> Seen {
    Seen {
        lasted_s: phase.lasts.as_secs_f64(),
        looked: looking.answered,
        looked_in_time: looking.in_time,
        looks_refused: looking.refused,
        looks_failed: looking.failed,
        looks_given_up: looking.given_up,
        bought: buying.answered,
        orders_sent: buying.answered + buying.failed,
        orders_refused: buying.refused,
        orders_in_time: buying.in_time,
        order_p99_ms: buying.quantile(0.99).as_secs_f64() * 1_000.0,
    }
}
