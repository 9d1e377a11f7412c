//! The orders that somebody looks at, and how each of them stands.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use halles_domain::OrderId;
use halles_queue::order_log::WaitingRoom;
use halles_resilience::{Bulkhead, Permit};
use halles_store::{Reader, StoreError};
use opentelemetry::global;
use opentelemetry::metrics::{Counter, Gauge};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use super::{LiveSettings, Standing};

/// How often it is looked whether the order-worker has told an outcome: in memory, without asking anybody.
const OUTCOMES_EVERY: Duration = Duration::from_millis(200);
/// How long newcomers wait for others, so that a crowd is one read.
const GATHER: Duration = Duration::from_millis(20);
/// How long an order is watched after the last one has looked: longer than between two questions of one page.
const LINGER: Duration = Duration::from_secs(12);
/// The most orders in one read.
const MAX_READ: usize = 1_000;

/// All orders that somebody looks at. Clones share it.
#[derive(Clone)]
pub(crate) struct StatusBoard {
    shared: Arc<Shared>,
}

struct Shared {
    reader: Reader,
    room: WaitingRoom,
    read_interval: Duration,
    max_orders: usize,
    seats: Mutex<HashMap<OrderId, Seat>>,
    newcomers: Notify,
    streams: Bulkhead,
    reads: Counter<u64>,
    watched: Gauge<u64>,
}

/// One order that is looked at.
struct Seat {
    told: watch::Sender<Option<Standing>>,
    /// Since when nobody has looked.
    left_alone: Option<Instant>,
}

/// Somebody who looks at an order.
#[derive(Debug)]
pub(crate) struct Viewer {
    told: watch::Receiver<Option<Standing>>,
}

impl StatusBoard {
    pub(crate) fn new(reader: Reader, room: WaitingRoom, settings: &LiveSettings) -> Self {
        let meter = global::meter("halles");
        let shared = Shared {
            reader,
            room,
            read_interval: settings.read_interval(),
            max_orders: settings.max_orders,
            seats: Mutex::default(),
            newcomers: Notify::new(),
            streams: Bulkhead::new("order pages kept up to date", settings.max_streams, Duration::ZERO),
            reads: meter
                .u64_counter("order_live_reads")
                .with_description("Reads of the replica for all orders that somebody looks at")
                .build(),
            watched: meter.u64_gauge("order_live_watched").with_description("Orders that somebody looks at").build(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// A place among the answers that are kept open; none when there are too many.
    pub(crate) fn try_open(&self) -> Option<Permit> {
        self.shared.streams.try_enter().ok()
    }

    /// Looks at an order from now on; none when too many are looked at.
    pub(crate) fn watch(&self, id: OrderId) -> Option<Viewer> {
        let mut seats = self.shared.seats();
        if let Some(seat) = seats.get_mut(&id) {
            seat.left_alone = None;
            return Some(Viewer { told: seat.told.subscribe() });
        }
        if seats.len() >= self.shared.max_orders {
            return None;
        }
        // What this process was told by the order-worker needs no read.
        let known = self.shared.room.recall(id).map(|outcome| Standing::from(&*outcome));
        let seat = Seat { told: watch::Sender::new(known), left_alone: None };
        let viewer = Viewer { told: seat.told.subscribe() };
        seats.insert(id, seat);
        drop(seats);
        self.shared.newcomers.notify_one();
        Some(viewer)
    }

    /// Keeps everybody informed until the task is dropped.
    pub(crate) async fn run(self) {
        let shared = self.shared;
        let mut outcomes = interval(OUTCOMES_EVERY);
        let mut reads = interval(shared.read_interval);
        outcomes.set_missed_tick_behavior(MissedTickBehavior::Delay);
        reads.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = reads.tick() => {
                    shared.clear_away();
                    shared.read(shared.list(|_| true)).await;
                }
                _ = outcomes.tick() => shared.recall(),
                () = shared.newcomers.notified() => {
                    sleep(GATHER).await;
                    shared.read(shared.list(|known| known.is_none())).await;
                }
            }
        }
    }
}

impl Viewer {
    /// How the order stands now; waits for the first word about it.
    pub(crate) async fn first(&mut self) -> Option<Standing> {
        let known = self.told.wait_for(Option::is_some).await.ok()?;
        *known
    }

    /// How the order stands, as far as is known.
    pub(crate) fn standing(&self) -> Option<Standing> {
        *self.told.borrow()
    }

    /// Waits until it stands differently. False when nobody will tell any more.
    pub(crate) async fn changed(&mut self) -> bool {
        self.told.changed().await.is_ok()
    }
}

impl Shared {
    /// The orders of which this much is known.
    fn list(&self, which: impl Fn(&Option<Standing>) -> bool) -> Vec<OrderId> {
        let seats = self.seats();
        // What is over for good is not asked about again.
        let may_change = |known: &Option<Standing>| known.is_none_or(Standing::may_change);
        let wanted = seats.iter().filter(|(_, seat)| {
            let known = seat.told.borrow();
            which(&known) && may_change(&known)
        });
        wanted.map(|(id, _)| *id).collect()
    }

    /// Asks the replica about these orders and tells what it says. What it does not know is pending, unless the
    /// order-worker has told more.
    async fn read(&self, ids: Vec<OrderId>) {
        for ids in ids.chunks(MAX_READ) {
            self.reads.add(1, &[]);
            match self.reader.list_standings(ids).await {
                Ok(known) => {
                    let mut known: HashMap<OrderId, Standing> =
                        known.iter().map(|standing| (standing.id, standing.into())).collect();
                    for id in ids {
                        let standing = known.remove(id).or_else(|| self.recalled(*id));
                        self.tell(*id, standing.unwrap_or(Standing::Pending));
                    }
                }
                Err(error) => self.not_read(&error),
            }
        }
    }

    fn not_read(&self, error: &StoreError) {
        // The store has warned already; whoever looks goes on seeing what was true a moment ago.
        tracing::debug!(%error, "order pages stay as they are");
    }

    /// Tells what the order-worker has told meanwhile.
    fn recall(&self) {
        let is_pending = |known: &Option<Standing>| known.is_none_or(|known| known == Standing::Pending);
        for id in self.list(is_pending) {
            if let Some(standing) = self.recalled(id) {
                self.tell(id, standing);
            }
        }
    }

    fn recalled(&self, id: OrderId) -> Option<Standing> {
        self.room.recall(id).map(|outcome| Standing::from(&*outcome))
    }

    /// Tells everybody who looks at this order, if it is news.
    fn tell(&self, id: OrderId, standing: Standing) {
        let seats = self.seats();
        let Some(seat) = seats.get(&id) else { return };
        seat.told.send_if_modified(|known| {
            let is_news = known.is_none_or(|known| standing != known && standing.step() >= known.step());
            if is_news {
                *known = Some(standing);
            }
            is_news
        });
    }

    /// Forgets orders that nobody has looked at for a while.
    fn clear_away(&self) {
        let now = Instant::now();
        let mut seats = self.seats();
        seats.retain(|_, seat| {
            if seat.told.receiver_count() > 0 {
                seat.left_alone = None;
                return true;
            }
            now - *seat.left_alone.get_or_insert(now) < LINGER
        });
        self.watched.record(seats.len() as u64, &[]);
    }

    /// A panic while the lock was held cannot leave the seats half changed in a way that matters.
    fn seats(&self) -> MutexGuard<'_, HashMap<OrderId, Seat>> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
