//! What all instances share, and what the evening costs.
//!
//! These sizes come from the crowd and from figures that are written out beside each, because no stepped run of one instance
//! measures them. They are to be checked in the rehearsal, where the same things are on the report.

use serde::{Deserialize, Serialize};

use super::Prices;
use super::fleet::{Fleet, Measured};
use super::prices::Class;
use crate::event::{Event, PageClass};

/// What a capacity unit of the load balancer carries: new connections a second, bytes an hour, rules a second.
const UNIT_CONNECTIONS: f64 = 25.0;
const UNIT_BYTES_PER_HOUR: f64 = 1e9;
const UNIT_RULES: f64 = 1_000.0;
/// The least that can be reserved, and the most without asking for more first.
const LEAST_UNITS: u32 = 100;
const MOST_UNITS: u32 = 1_500;
/// More read replicas than this one primary should not feed.
const MOST_REPLICAS: u32 = 5;
/// Pages that a visitor looks at over one connection before it is closed.
const PAGES_PER_CONNECTION: f64 = 4.0;
/// Rules that a request passes on its way: those of the paths of search and order, and the last one.
const RULES_PER_REQUEST: f64 = 4.0;
/// What a page weighs when nobody measured it, compressed.
const USUAL_BYTES: f64 = 9_000.0;

/// The share of page views that reach the database with caches that are warm, and the statements of each.
const MISS_SHARE: f64 = 0.10;
const READS_PER_MISS: f64 = 2.0;
/// Statements a second that one processor of a database answers, the working set in memory.
const READS_PER_VCPU: f64 = 2_500.0;
/// Orders a second that the primary places for each of its processors, in batches.
const ORDERS_PER_VCPU: f64 = 500.0;
/// Bytes of an order in the log, and for how long the log may have to hold what comes, in seconds.
const BYTES_PER_ORDER: f64 = 2_000.0;
const LOG_HOLDS_S: f64 = 3_600.0;
/// Memory of a cache that is kept for other things than entries.
const CACHE_RESERVE: f64 = 0.5;
/// Bytes of a listing in the cache, and how many a crowd looks at.
const BYTES_PER_ENTRY: f64 = 6_000.0;
const ENTRIES: f64 = 500_000.0;

/// One size, and why.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Size {
    /// What it is.
    pub what: String,
    /// How large.
    pub size: String,
    /// Why.
    pub because: String,
    /// What it costs in an hour, in euros.
    pub euros_per_hour: f64,
}

/// What all instances share.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sizes {
    /// One after the other.
    pub all: Vec<Size>,
    /// Capacity units to reserve; none where the load balancer grows in time by itself.
    pub capacity_units: u32,
    /// Read replicas.
    pub read_replicas: u32,
}

/// What it costs, in euros.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Costs {
    /// The most in one hour.
    pub most_per_hour: f64,
    /// The evening, from the beginning of the fleet to the end of the reservation.
    pub evening: f64,
    /// The parts of that.
    pub parts: Vec<(String, f64)>,
    /// What it may cost.
    pub budget: Option<f64>,
    /// Where the prices come from.
    pub prices: String,
}

/// Sizes what is shared.
pub fn sizes(event: &Event, measured: &[Measured], prices: &Prices, warnings: &mut Vec<String>) -> Sizes {
    let margin = event.preparation.margin;
    let page_views = event.curve.peak().1 / 60.0 * margin;
    let orders = page_views * event.mix.share(PageClass::Order);
    let bytes = measured.iter().map(|run| run.bytes_each).fold(0.0, f64::max);
    let bytes = if bytes > 0.0 { bytes } else { USUAL_BYTES };
    let (units, balancer) = balancer(page_views, bytes, prices, warnings);
    let reads = page_views * MISS_SHARE * READS_PER_MISS;
    let (replicas, replica) = replicas(reads, prices, warnings);
    let primary = primary(orders, prices, warnings);
    let all = vec![balancer, primary, replica, cache(prices), order_log(orders, prices)];
    Sizes { all, capacity_units: units, read_replicas: replicas }
}

fn balancer(page_views: f64, bytes: f64, prices: &Prices, warnings: &mut Vec<String>) -> (u32, Size) {
    let needs = [
        (page_views / PAGES_PER_CONNECTION / UNIT_CONNECTIONS, "new connections"),
        (page_views * bytes * 3_600.0 / UNIT_BYTES_PER_HOUR, "bytes"),
        (page_views * RULES_PER_REQUEST / UNIT_RULES, "rules"),
    ];
    let (units, why) = needs.into_iter().fold((0.0, ""), |most, need| if need.0 > most.0 { need } else { most });
    let needed = whole(units);
    // Below this a load balancer is large enough when it is born.
    let reserved = if needed > LEAST_UNITS / 4 { needed.clamp(LEAST_UNITS, MOST_UNITS) } else { 0 };
    if needed > MOST_UNITS {
        warnings.push(format!(
            "The load balancer needs {needed} capacity units, and {MOST_UNITS} can be reserved: ask for a higher limit in time."
        ));
    }
    let because = format!(
        "{page_views:.0} requests a second of {:.0} kB need {needed} units, most of all for {why}; it grows by itself within \
         minutes, which is too late{}",
        bytes / 1_000.0,
        if reserved == 0 { ", but it is born larger than this" } else { "" }
    );
    let dollars = prices.load_balancer.hour + f64::from(needed.max(reserved)) * prices.load_balancer.capacity_unit_hour;
    let size = if reserved > 0 { format!("{reserved} capacity units reserved") } else { "nothing reserved".to_owned() };
    (reserved, Size { what: "Load balancer".to_owned(), size, because, euros_per_hour: prices.euros(dollars) })
}

fn primary(orders: f64, prices: &Prices, warnings: &mut Vec<String>) -> Size {
    let vcpu = orders / ORDERS_PER_VCPU / 0.5;
    let class =
        large_enough(&prices.database.class, |class| f64::from(class.vcpu) >= vcpu.max(2.0) && class.memory_gb >= 16.0);
    if class.is_none() {
        warnings.push("No database in the price file is large enough for the orders of this event.".to_owned());
    }
    let class = class.or(prices.database.class.last());
    let hour = class.map_or(0.0, |class| class.hour * prices.database.multi_az_factor);
    Size {
        what: "Primary".to_owned(),
        size: format!("{}, in several zones", name_of(class)),
        because: format!(
            "{orders:.0} orders a second at the peak, placed in batches of up to 200: {ORDERS_PER_VCPU} a second for each \
             processor, half of them kept for everything else; reads do not touch it"
        ),
        euros_per_hour: prices.euros(hour),
    }
}

fn replicas(reads: f64, prices: &Prices, warnings: &mut Vec<String>) -> (u32, Size) {
    let suits = |class: &&Class| class.memory_gb >= 16.0;
    let class = prices
        .database
        .class
        .iter()
        .filter(suits)
        .find(|class| reads / (READS_PER_VCPU * f64::from(class.vcpu) * 0.5) <= 2.0);
    let class = class.or(prices.database.class.last());
    let each = class.map_or(1.0, |class| READS_PER_VCPU * f64::from(class.vcpu) * 0.5);
    let count = whole(reads / each).max(1);
    if count > MOST_REPLICAS {
        warnings.push(format!(
            "{count} read replicas are more than one primary should feed: keep more of the pages in the caches."
        ));
    }
    let count = count.min(MOST_REPLICAS);
    let size = Size {
        what: "Read replicas".to_owned(),
        size: format!("{count} × {}", name_of(class)),
        because: format!(
            "{reads:.0} statements a second: {:.0} % of page views miss every cache, {READS_PER_MISS} statements each; \
             {READS_PER_VCPU} a second for each processor, half of it kept in reserve",
            MISS_SHARE * 100.0
        ),
        euros_per_hour: prices.euros(class.map_or(0.0, |class| class.hour) * f64::from(count)),
    };
    (count, size)
}

fn cache(prices: &Prices) -> Size {
    let gigabytes = ENTRIES * BYTES_PER_ENTRY / 1e9;
    let class = large_enough(&prices.cache.class, |class| class.memory_gb * CACHE_RESERVE >= gigabytes);
    let class = class.or(prices.cache.class.last());
    Size {
        what: "Cache Redis".to_owned(),
        size: format!("2 × {}", name_of(class)),
        because: format!(
            "{ENTRIES:.0} listings of {:.0} kB with as much again to spare; one more in another zone",
            BYTES_PER_ENTRY / 1_000.0
        ),
        euros_per_hour: prices.euros(class.map_or(0.0, |class| class.hour) * 2.0),
    }
}

fn order_log(orders: f64, prices: &Prices) -> Size {
    let gigabytes = orders * BYTES_PER_ORDER * LOG_HOLDS_S / 1e9;
    let class = large_enough(&prices.order_log.class, |class| class.memory_gb * CACHE_RESERVE >= gigabytes);
    let class = class.or(prices.order_log.class.last());
    Size {
        what: "Order log".to_owned(),
        size: format!("2 × {}", name_of(class)),
        because: format!(
            "{orders:.0} orders a second for an hour without anybody to place them are {gigabytes:.2} GB; one more in another zone"
        ),
        euros_per_hour: prices.euros(class.map_or(0.0, |class| class.hour) * 2.0),
    }
}

/// Adds it all up.
pub fn costs(event: &Event, fleet: &Fleet, sizes: &Sizes, prices: &Prices, warnings: &mut Vec<String>) -> Costs {
    let hours = (fleet.ends - fleet.begins) / 60.0;
    let mut parts = Vec::new();
    let mut most_per_hour = 0.0;
    for service in &fleet.services {
        let each = prices.fargate_arm.vcpu_hour * service.vcpu + prices.fargate_arm.gb_hour * service.memory_gb;
        let evening = prices.euros(each * service.instance_hours(fleet.ends));
        parts.push((format!("{}, {} at most", service.service, service.most()), evening));
        most_per_hour += prices.euros(each * f64::from(service.most()));
    }
    for size in &sizes.all {
        parts.push((format!("{}, {}", size.what, size.size), size.euros_per_hour * hours));
        most_per_hour += size.euros_per_hour;
    }
    let evening = parts.iter().map(|(_, euros)| euros).sum();
    let budget = event.preparation.budget_euros;
    if let Some(budget) = budget
        && evening > budget
    {
        warnings.push(format!("The evening costs {evening:.0} €, more than the {budget:.0} € that it may cost."));
    }
    let prices = format!("{}, looked up on {}", prices.region, prices.as_of);
    Costs { most_per_hour, evening, parts, budget, prices }
}

fn large_enough(classes: &[Class], is_enough: impl Fn(&Class) -> bool) -> Option<&Class> {
    classes.iter().find(|class| is_enough(class))
}

fn name_of(class: Option<&Class>) -> &str {
    class.map_or("unknown", |class| class.name.as_str())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number")]
fn whole(number: f64) -> u32 {
    number.ceil().clamp(0.0, 1e6) as u32
}
