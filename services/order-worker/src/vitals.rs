//! What only a worker can tell about the whole: how full the order log is and whether its books balance, how far the
//! replica is behind, and whether stock and orders agree.
//!
//! Every worker measures, whether it leads or not, so that the figures are there while nobody leads. What cannot be asked
//! right now keeps its last figure; that it cannot be asked shows elsewhere (connections that are down, outages).

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use halles_http::Shutdown;
use halles_queue::order_log::{Depth, OrderLog};
use halles_store::{Reader, StoreError, WalPosition, Writer};
use jiff::Timestamp;
use opentelemetry::metrics::{Gauge, Meter};

use crate::ticks::Ticks;

/// How often stock is compared with orders: it costs the replica a look at every order of the listings concerned.
const STOCK_EVERY: Duration = Duration::from_secs(60);

/// The most places of the primary that are remembered. At one a second it is an hour: a replica that is further behind
/// is as far behind as can be told.
const MOST_PLACES: usize = 3_600;

/// What is measured, and where.
pub(crate) struct Vitals {
    log: OrderLog,
    writer: Writer,
    /// None where no replica is known.
    reader: Option<Reader>,
    gauges: Gauges,
    wal: WalClock<WalPosition>,
    stock_due: Instant,
}

impl Vitals {
    pub(crate) fn new(log: OrderLog, writer: Writer, reader: Option<Reader>) -> Self {
        let gauges = Gauges::new(&opentelemetry::global::meter("halles"));
        Self { log, writer, reader, gauges, wal: WalClock::default(), stock_due: Instant::now() }
    }

    /// Measures this often until asked to stop.
    pub(crate) async fn watch(mut self, every_ms: u64, shutdown: Shutdown) {
        let mut ticks = Ticks::every(every_ms, &shutdown);
        while ticks.next().await {
            self.look_at_log().await;
            if let Err(error) = self.look_at_databases().await {
                tracing::debug!(%error, "a database cannot be measured now");
            }
        }
    }

    async fn look_at_log(&self) {
        if let Ok(depth) = self.log.depth().await {
            self.gauges.show_depth(&depth, Timestamp::now());
        }
        if let Ok(ledger) = self.log.fetch_ledger().await {
            self.gauges.unaccounted.record(ledger.unaccounted(), &[]);
        }
    }

    async fn look_at_databases(&mut self) -> Result<(), StoreError> {
        let Some(reader) = &self.reader else { return Ok(()) };
        self.wal.wrote(self.writer.fetch_wal_position().await?, Instant::now());
        let lag = self.wal.lag(reader.fetch_replayed_position().await?, Instant::now());
        self.gauges.replica_lag.record(lag.as_secs_f64(), &[]);
        if Instant::now() >= self.stock_due {
            self.stock_due = Instant::now() + STOCK_EVERY;
            self.gauges.stock_disagreements.record(reader.count_stock_disagreements().await?, &[]);
        }
        Ok(())
    }
}

/// Where the primary was when. Asking the replica how old its last change is would call a quiet shop a lagging one.
#[derive(Debug)]
struct WalClock<P> {
    places: VecDeque<(P, Instant)>,
}

impl<P> Default for WalClock<P> {
    fn default() -> Self {
        Self { places: VecDeque::new() }
    }
}

impl<P: Copy + Ord> WalClock<P> {
    /// The primary has written up to here.
    fn wrote(&mut self, position: P, now: Instant) {
        if self.places.back().is_none_or(|(last, _)| *last < position) {
            self.places.push_back((position, now));
        }
        if self.places.len() > MOST_PLACES {
            self.places.pop_front();
        }
    }

    /// For how long the first place that the replica has not reached has been there.
    fn lag(&mut self, replayed: P, now: Instant) -> Duration {
        while self.places.front().is_some_and(|(position, _)| *position <= replayed) {
            self.places.pop_front();
        }
        self.places.front().map_or(Duration::ZERO, |(_, since)| now.saturating_duration_since(*since))
    }
}

struct Gauges {
    depth: Gauge<u64>,
    oldest_age: Gauge<f64>,
    expected_wait: Gauge<f64>,
    set_aside: Gauge<u64>,
    unaccounted: Gauge<i64>,
    replica_lag: Gauge<f64>,
    stock_disagreements: Gauge<u64>,
}

impl Gauges {
    fn new(meter: &Meter) -> Self {
        let seconds = |name, description| meter.f64_gauge(name).with_unit("s").with_description(description).build();
        let count = |name, description| meter.u64_gauge(name).with_description(description).build();
        Self {
            depth: count("order_log_depth", "Requests to buy that wait"),
            oldest_age: seconds("order_log_oldest_age", "How long the first of them has waited"),
            expected_wait: seconds("order_log_expected_wait", "What a request that comes now is told it will wait"),
            set_aside: count("order_log_set_aside", "Requests to buy that people must look at"),
            unaccounted: meter
                .i64_gauge("order_log_unaccounted")
                .with_description("Requests that have left the log without an outcome; below 0, outcomes told twice")
                .build(),
            replica_lag: seconds("store_replica_lag", "How far the read replica is behind the primary"),
            stock_disagreements: count(
                "order_stock_disagreements",
                "Listings, of those ordered last, whose stock is not what their orders say",
            ),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a log holds far fewer than 2^52 requests")]
    fn show_depth(&self, depth: &Depth, now: Timestamp) {
        let now_ms = u64::try_from(now.as_millisecond()).unwrap_or_default();
        let age_ms = depth.oldest.map_or(0, |oldest| now_ms.saturating_sub(oldest.millis));
        self.depth.record(depth.waiting, &[]);
        self.oldest_age.record(Duration::from_millis(age_ms).as_secs_f64(), &[]);
        self.set_aside.record(depth.dead, &[]);
        // While nobody takes requests no wait is promised, and none is shown but 0 for an empty log.
        match depth.per_second.filter(|rate| *rate > 0.0) {
            Some(rate) => self.expected_wait.record(depth.waiting as f64 / rate, &[]),
            None if depth.waiting == 0 => self.expected_wait.record(0.0, &[]),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests;
