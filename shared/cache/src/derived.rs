//! What was made from cached things: pages and documents, ready to send.
//!
//! A page is made from many entries of the catalogue and is good for exactly as long as all of them are: until the first
//! of them stops being fresh, and only while none of them changes. Both come with every [`Lookup`], so whatever is made
//! from lookups can be kept here, under a key that names everything else that it depends on (its language, say).
//!
//! Promises:
//! - What is kept is given out only while its parts are fresh and unchanged; asking that costs a look into memory and a
//!   few counters, so a hot page costs next to nothing.
//! - Each thing is made by one at a time, whoever asks, and in a task of its own: who loses patience takes nobody's page.
//!   Nobody is given a thing whose making began before they asked, if its parts have changed since.
//! - A thing that many ask for is made anew in the background shortly before its end (XFetch, as for entries), so that
//!   nobody ever waits for it.
//! - When it cannot be made because the store is away, the last one that was made is given out, marked as stale.
//! - On the rung of the ladder that says so, what is only too old, and not known to have changed, is good for some seconds
//!   more: then each thing is made that much less often.
//! - Memory is bounded, whatever keys strangers invent.
//!
//! There is no second tier: what the fleet shares is the data. Drawing it costs each instance less than fetching a page
//! would, and during a release two versions draw differently.

mod settings;
mod short_way;

use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use halles_resilience::{Ladder, Rung};
use moka::sync::Cache;
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::meters::{Level, Meters, Outcome, report_size};
use crate::single_flight::{Claim, SingleFlight};
use crate::{CacheStatus, Catalogue, ChangeCounters, Freshness, Lookup};

pub use settings::DerivedSettings;
pub use short_way::ShortWay;

/// What a thing costs in memory beside itself: its entry, its stamps, moka's bookkeeping.
const ENTRY_OVERHEAD_BYTES: usize = 800;

/// How a kind of thing is kept.
pub struct DerivedKind<K, V, E> {
    /// Its name in metrics.
    pub name: &'static str,
    /// About how many bytes a key and its thing take.
    pub weigh: fn(&K, &V) -> usize,
    /// Whether a thing that failed in this way may be stood in for by an old one: because the store is away or busy, not
    /// because there is no such thing.
    pub is_outage: fn(&E) -> bool,
}

/// A cache of things made from the catalogue. `E` is why one cannot be made.
pub struct DerivedCache<K: Eq + Hash, V, E> {
    inner: Arc<Inner<K, V, E>>,
}

struct Inner<K: Eq + Hash, V, E> {
    kept: Cache<K, Arc<Entry<V>>>,
    flights: Arc<SingleFlight<K, Landed<V, E>>>,
    counters: Arc<ChangeCounters>,
    kind: DerivedKind<K, V, E>,
    settings: DerivedSettings,
    failure_pause: Duration,
    ladder: OnceLock<Ladder>,
    meters: Meters,
}

/// How a making ended.
type Landed<V, E> = Result<Arc<Entry<V>>, E>;

/// Something made, and for how long it holds.
struct Entry<V> {
    value: Arc<V>,
    status: CacheStatus,
    freshness: Freshness,
    kept_until: Instant,
    /// How long it took to make.
    made_in: Duration,
}

/// How near a thing is to its end, and how early it may be made anew.
struct RenewalTime {
    left: Duration,
    eagerness: Duration,
    horizon: Duration,
}

/// What was asked for.
#[derive(Debug)]
pub struct Derived<K, V> {
    /// Its key: with it, [`DerivedCache::short_way_to`] leads to the thing again.
    pub key: K,
    /// The thing.
    pub value: Arc<V>,
    /// Which way it came.
    pub came: DerivedStatus,
}

/// Which way a derived thing came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DerivedStatus {
    /// It was ready, and is good for this long, in whole seconds.
    Ready(Duration),
    /// It was made for this request, or for another at the same time, from parts that came this way.
    Made(CacheStatus),
    /// It was ready, and as many whole seconds ago as this its oldest part was read; there is too much to do to read newer ones.
    Overdue(Duration),
    /// Its parts are too old, and as long ago as this the oldest was read; the store cannot be asked for newer ones.
    Stale(Duration),
}

impl DerivedStatus {
    /// How long ago it was last known to be what the store has. What is ready is known to be so at this moment.
    pub const fn age(self) -> Duration {
        match self {
            Self::Ready(_) | Self::Made(_) => Duration::ZERO,
            Self::Overdue(age) | Self::Stale(age) => age,
        }
    }
}

/// As a member of the `Cache-Status` header (RFC 9211).
impl fmt::Display for DerivedStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready(left) => write!(f, "halles; hit; ttl={}; detail=page", left.as_secs()),
            Self::Made(status) => status.fmt(f),
            Self::Overdue(_) => f.write_str("halles; hit; detail=page-overdue"),
            Self::Stale(_) => CacheStatus::Stale.fmt(f),
        }
    }
}

impl<K, V, E> DerivedCache<K, V, E>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Send + Sync + 'static,
    E: Clone + Send + Sync + 'static,
{
    /// A cache of this kind of thing, made from what `catalogue` gives.
    pub fn new(kind: DerivedKind<K, V, E>, settings: &DerivedSettings, catalogue: &Catalogue) -> Self {
        Self::over(kind, settings, catalogue.counters(), catalogue.failure_pause())
    }

    fn over(
        kind: DerivedKind<K, V, E>,
        settings: &DerivedSettings,
        counters: Arc<ChangeCounters>,
        failure_pause: Duration,
    ) -> Self {
        let weigh = kind.weigh;
        let kept = Cache::builder()
            .name(kind.name)
            .max_capacity(settings.max_bytes)
            .weigher(move |key, entry: &Arc<Entry<V>>| {
                u32::try_from(ENTRY_OVERHEAD_BYTES + weigh(key, &entry.value)).unwrap_or(u32::MAX)
            })
            .time_to_live(settings.kept_for())
            .build();
        let meters = Meters::new(kind.name);
        let settings = settings.clone();
        let flights = SingleFlight::new();
        let inner =
            Arc::new(Inner { kept, flights, counters, kind, settings, failure_pause, ladder: OnceLock::new(), meters });
        let measured = Arc::downgrade(&inner);
        report_size(inner.kind.name, move || {
            measured.upgrade().map(|inner| (inner.kept.entry_count(), inner.kept.weighted_size()))
        });
        Self { inner }
    }

    /// Obeys this ladder from now on.
    #[must_use]
    pub fn obeying(self, ladder: Ladder) -> Self {
        // Only the first one counts, and there is no second.
        let _ = self.inner.ladder.set(ladder);
        self
    }

    /// The thing under `key`, made by `make` if it is not ready. `make` is told how far to look ahead: what it reads
    /// should be fresh for at least that long (see [`Catalogue::ahead`]).
    pub async fn get<F>(&self, key: K, make: impl Fn(Duration) -> F) -> Result<Derived<K, V>, E>
    where
        F: Future<Output = Result<Lookup<V>, E>> + Send + 'static,
    {
        let now = Instant::now();
        if let Some(entry) = self.inner.find_good(&key, now) {
            if let Some(ahead) = self.inner.renewal_due(&entry, now) {
                self.renew(&key, || make(ahead));
            }
            self.inner.meters.count(Level::Page, Outcome::Hit, 1);
            return Ok(Derived { key, value: Arc::clone(&entry.value), came: entry.came_ready(now) });
        }
        self.inner.meters.count(Level::Page, Outcome::Miss, 1);
        let entry = self.make_now(&key, || make(Duration::ZERO)).await?;
        Ok(Derived { key, value: Arc::clone(&entry.value), came: entry.came_made() })
    }

    async fn make_now<F>(&self, key: &K, make: impl Fn() -> F) -> Landed<V, E>
    where
        F: Future<Output = Result<Lookup<V>, E>> + Send + 'static,
    {
        // Whoever joins others may find that a change came in between; what is in the air after that began late enough.
        for is_last in [false, true] {
            let (seats, claims) = self.inner.flights.board(std::slice::from_ref(key));
            let is_ours = !claims.is_empty();
            for claim in claims {
                self.start(claim, make());
            }
            for seat in seats {
                match seat.wait().await {
                    Ok(Ok(entry)) if is_ours || is_last || self.inner.is_good(&entry, Instant::now()) => {
                        return Ok(entry);
                    }
                    Ok(Err(error)) if is_ours || is_last => return Err(error),
                    _ => {}
                }
            }
        }
        // Both tasks ended without a word: they panicked, or their runtime is shutting down. So does whoever made them.
        self.inner.make(key, make()).await
    }

    /// Makes the thing anew in the background, unless somebody does already.
    fn renew<F>(&self, key: &K, make: impl Fn() -> F)
    where
        F: Future<Output = Result<Lookup<V>, E>> + Send + 'static,
    {
        if let Some(claim) = self.inner.flights.try_claim(key) {
            self.inner.meters.refresh("early");
            self.start(claim, make());
        }
    }

    fn start<F>(&self, claim: Claim<K, Landed<V, E>>, making: F)
    where
        F: Future<Output = Result<Lookup<V>, E>> + Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        let task = async move {
            let made = inner.make(claim.key(), making).await;
            claim.land(made);
        };
        tokio::spawn(task.in_current_span());
    }
}

impl<K, V, E> Inner<K, V, E>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Send + Sync + 'static,
    E: Clone + Send + Sync + 'static,
{
    fn find_good(&self, key: &K, now: Instant) -> Option<Arc<Entry<V>>> {
        self.kept.get(key).filter(|entry| self.is_good(entry, now))
    }

    fn is_good(&self, entry: &Entry<V>, now: Instant) -> bool {
        now < self.end_of(entry) && self.counters.are_current(&entry.freshness.stamps)
    }

    /// Until when a thing is good if nothing changes.
    fn end_of(&self, entry: &Entry<V>) -> Instant {
        let is_patient = self.ladder.get().is_some_and(|ladder| ladder.gives_up(Rung::StaleLonger));
        if is_patient { entry.kept_until + self.settings.overload_patience() } else { entry.kept_until }
    }

    /// Whether it is this request's turn to have the thing made anew before its end, and how far to look ahead then.
    ///
    /// XFetch: the nearer the end and the longer the making took, the likelier. So a thing that many ask for is made anew
    /// in time by one of them, and one that few ask for is not made for nobody.
    fn renewal_due(&self, entry: &Entry<V>, now: Instant) -> Option<Duration> {
        let RenewalTime { left, eagerness, horizon } = self.time_to_renew(entry, now)?;
        let dice = -rand::random_range(f64::MIN_POSITIVE..1.0).ln();
        (eagerness.mul_f64(dice) >= left).then_some(left + horizon)
    }

    /// Whether the end is near enough to throw the dice at all.
    fn time_to_renew(&self, entry: &Entry<V>, now: Instant) -> Option<RenewalTime> {
        let left = self.end_of(entry).saturating_duration_since(now);
        let eagerness = entry.made_in.mul_f64(self.settings.early_renewal);
        // Past this the chance is below one in two million.
        let horizon = eagerness * 15;
        let is_time = left < horizon && entry.status != CacheStatus::Stale;
        is_time.then_some(RenewalTime { left, eagerness, horizon })
    }

    /// Makes a thing and keeps it; the old one instead when the store is away.
    async fn make(&self, key: &K, making: impl Future<Output = Result<Lookup<V>, E>>) -> Result<Arc<Entry<V>>, E> {
        let began = Instant::now();
        let entry = match making.await {
            Ok(Lookup { value, status, freshness }) => self.made(value, status, freshness, began),
            Err(error) => self.stand_in(key, error)?,
        };
        let entry = Arc::new(entry);
        self.kept.insert(key.clone(), Arc::clone(&entry));
        Ok(entry)
    }

    fn made(&self, value: V, status: CacheStatus, freshness: Freshness, began: Instant) -> Entry<V> {
        let now = Instant::now();
        // Parts that are not fresh any more are being refreshed, or cannot be: to draw the same for each request until
        // then would help nobody.
        let pause = match status {
            CacheStatus::Stale => self.failure_pause,
            CacheStatus::Revalidating(_) => self.settings.revalidation_pause(),
            CacheStatus::Hit(_) | CacheStatus::Miss | CacheStatus::Lagging => Duration::ZERO,
        };
        let kept_until = freshness.fresh_until.max(now + pause);
        Entry { value: Arc::new(value), status, freshness, kept_until, made_in: now - began }
    }

    /// The last thing that was made, for a short while whatever happens to its parts: nobody can say what they are now.
    fn stand_in(&self, key: &K, error: E) -> Result<Entry<V>, E> {
        if !(self.kind.is_outage)(&error) {
            return Err(error);
        }
        let old = self.kept.get(key).ok_or(error)?;
        self.meters.count(Level::Page, Outcome::Stale, 1);
        let freshness = Freshness { read_at: old.freshness.read_at, ..Freshness::certain() };
        Ok(Entry {
            value: Arc::clone(&old.value),
            status: CacheStatus::Stale,
            freshness,
            kept_until: Instant::now() + self.failure_pause,
            made_in: old.made_in,
        })
    }
}

impl<V> Entry<V> {
    fn came_ready(&self, now: Instant) -> DerivedStatus {
        match self.status {
            CacheStatus::Stale => DerivedStatus::Stale(now - self.freshness.read_at),
            _ if now >= self.kept_until => {
                DerivedStatus::Overdue(Duration::from_secs((now - self.freshness.read_at).as_secs()))
            }
            _ => DerivedStatus::Ready(Duration::from_secs((self.kept_until - now).as_secs())),
        }
    }

    fn came_made(&self) -> DerivedStatus {
        match self.status {
            CacheStatus::Stale => DerivedStatus::Stale(self.freshness.read_at.elapsed()),
            status => DerivedStatus::Made(status),
        }
    }
}

#[cfg(test)]
mod tests;
