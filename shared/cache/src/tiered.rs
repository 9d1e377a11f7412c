//! The two-tier read-through cache of one kind of thing.

mod answer;
mod early_refresh;
mod entry;
mod from_origin;
mod from_shared;
mod keep;
mod known_versions;
mod load;
mod trust;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use answer::{Answer, Look};
use entry::{Entry, State};
use foldhash::fast::RandomState;
use halles_domain::Version;
use keep::Turnstiles;
use known_versions::KnownVersions;
use load::{Errand, Landed};
use moka::Expiry;
use moka::future::Cache;
use tokio::time::Instant;
use trust::Losses;

use crate::lookup::Lookup;
use crate::meters::{Level, Meters, Outcome};
use crate::shared_tier::SharedTier;
use crate::single_flight::SingleFlight;
use crate::{ChangeCounters, EntrySettings, Origin, OriginError, Surroundings, WallClock};

/// A cache of one kind of thing. Cheap to clone.
pub struct TieredCache<O: Origin> {
    inner: Arc<Inner<O>>,
    /// Entries are judged as if it was so much later.
    ahead: Duration,
}

impl<O: Origin> Clone for TieredCache<O> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), ahead: self.ahead }
    }
}

/// What a look into the cache found: the thing, or that there is no such thing.
pub type Found<V> = Lookup<Option<Arc<V>>>;

struct Inner<O: Origin> {
    origin: O,
    settings: EntrySettings,
    times: Times,
    l1: Cache<O::Key, Arc<Entry<O::Value>>, RandomState>,
    turnstiles: Turnstiles,
    l2: Option<SharedTier>,
    known: KnownVersions<O::Key>,
    flights: Arc<SingleFlight<O::Key, Landed<O::Value>>>,
    losses: Losses,
    /// When the origin was last found to be unavailable.
    failed_at: Mutex<Option<Instant>>,
    counters: Arc<ChangeCounters>,
    clock: WallClock,
    meters: Meters,
}

/// See the settings of the same names.
struct Times {
    load_timeout: Duration,
    failure_pause: Duration,
    settle: Duration,
    lease_wait: Duration,
    lease_poll: Duration,
}

impl<O: Origin> TieredCache<O> {
    /// A cache over `origin`.
    pub fn new(origin: O, entry: EntrySettings, surroundings: &Surroundings) -> Self {
        let settings = &surroundings.settings;
        let l1 = Cache::builder()
            .name(O::KIND)
            .max_capacity(settings.l1_bytes / 100 * u64::from(entry.l1_percent))
            .weigher(|_key, entry: &Arc<Entry<O::Value>>| entry.bytes)
            .expire_after(AsLongAsUseful)
            .build_with_hasher(RandomState::default());
        let millis = Duration::from_millis;
        let times = Times {
            load_timeout: millis(settings.load_timeout_ms),
            failure_pause: millis(settings.failure_pause_ms),
            settle: millis(settings.settle_ms),
            lease_wait: millis(settings.lease_wait_ms),
            lease_poll: millis(settings.lease_poll_ms),
        };
        let inner = Inner {
            origin,
            settings: entry,
            l1,
            turnstiles: Turnstiles::new(),
            l2: surroundings.l2.clone(),
            known: KnownVersions::new(millis(settings.remember_versions_ms), settings.max_remembered_versions),
            flights: SingleFlight::new(),
            losses: Losses::new(times.settle),
            times,
            failed_at: Mutex::new(None),
            counters: surroundings.counters(),
            clock: surroundings.clock.clone(),
            meters: Meters::new(O::KIND),
        };
        let cache = Self { inner: Arc::new(inner), ahead: Duration::ZERO };
        load::report_size(&cache.inner);
        cache.hear_of_doubts();
        cache
    }

    /// The same cache, for somebody who needs what will still be fresh in a while: an entry with less time left is loaded
    /// again and waited for.
    #[must_use]
    pub fn ahead(&self, margin: Duration) -> Self {
        Self { inner: Arc::clone(&self.inner), ahead: margin }
    }

    /// The thing under `key`.
    pub async fn get(&self, key: &O::Key) -> Result<Found<O::Value>, OriginError> {
        let look = self.inner.look_into_l1(key, self.ahead).await;
        // The way of nearly every request: it is there and fresh, and nothing is to be done about it.
        if look.state == State::Fresh
            && let Answer::Ready(entry, status) = look.answer
        {
            return Ok(self.inner.found(&entry, status, look.stamps));
        }
        let mut found = self.fill_in(std::slice::from_ref(key), vec![look]).await?;
        // One answer for each key.
        found.pop().ok_or_else(|| OriginError::Internal("no answer for the key".to_owned()))
    }

    /// The things under `keys`, in their order: with at most one question to L2 and one load for all that is missing.
    /// An error when one of them can be had nowhere.
    pub async fn get_many(&self, keys: &[O::Key]) -> Result<Vec<Found<O::Value>>, OriginError> {
        let mut looks = Vec::with_capacity(keys.len());
        for key in keys {
            looks.push(self.inner.look_into_l1(key, self.ahead).await);
        }
        self.fill_in(keys, looks).await
    }

    /// A change made this version of `key` (or a change without a version happened to it): nothing older is fresh any
    /// more, in neither tier, nor will it be kept.
    pub async fn invalidate(&self, key: &O::Key, version: Option<Version>) {
        self.invalidate_many(&[(key.clone(), version)]).await;
    }

    /// Like [`Self::invalidate`], with one message to L2 for all.
    pub async fn invalidate_many(&self, changes: &[(O::Key, Option<Version>)]) {
        let inner = &self.inner;
        let mut graves = HashMap::with_capacity(changes.len());
        for (key, version) in changes {
            let version = version.unwrap_or_else(|| read_version(inner.settled_ms()));
            // What is no news has its tombstone, or is owed one; another would take the lease from whoever loads it now.
            if inner.hear_of(key, version, true).await && inner.l2.is_some() {
                let known = graves.entry(Inner::<O>::name(key)).or_insert(version);
                *known = version.max(*known);
            }
        }
        if let Some(l2) = &inner.l2 {
            l2.bury(O::FORMAT, graves).await;
        }
    }

    /// Whether `key` has changed, without a version, so recently that the replica may not show it yet: what is read now
    /// will have to be read again.
    pub(crate) fn is_settling(&self, key: &O::Key) -> bool {
        self.inner.known.get(key) > read_version(self.inner.clock.unix_ms())
    }

    /// How often this has happened until now, as the metrics tell it.
    pub fn counted(&self, level: Level, outcome: Outcome) -> u64 {
        self.inner.meters.counted(level, outcome)
    }

    /// Loads what is missing, and starts to renew what is due.
    async fn fill_in(
        &self,
        keys: &[O::Key],
        mut looks: Vec<Look<O::Value>>,
    ) -> Result<Vec<Found<O::Value>>, OriginError> {
        let inner = &self.inner;
        inner.renew(keys.iter().zip(&looks).filter_map(|(key, look)| look.due(key)).collect());
        let is_missing = |(_, look): &(&O::Key, &Look<O::Value>)| !matches!(look.answer, Answer::Ready(..));
        let missing: Vec<O::Key> = keys.iter().zip(&looks).filter(is_missing).map(|(key, _)| key.clone()).collect();
        if !missing.is_empty() {
            inner.meters.count(Level::L1, Outcome::Miss, missing.len());
            let is_nothing_absent = looks.iter().all(|look| !matches!(look.answer, Answer::Absent));
            if !(is_nothing_absent && inner.origin_rests()) {
                self.wait_for(&mut looks, &missing).await?;
            }
        }
        Ok(inner.serve(looks))
    }

    /// Boards the loads of what is missing, and starts those that nobody has started yet.
    async fn wait_for(&self, looks: &mut [Look<O::Value>], missing: &[O::Key]) -> Result<(), OriginError> {
        let inner = &self.inner;
        let (seats, claims) = inner.flights.board(missing);
        if !claims.is_empty() {
            // A task of its own: whoever asked may lose patience, the others who wait must not lose their answer.
            let errands = claims.into_iter().map(Errand::new).collect();
            tokio::spawn(load::load(Arc::clone(inner), errands, self.ahead));
        }
        let open = looks.iter_mut().filter(|look| !matches!(look.answer, Answer::Ready(..)));
        for (look, seat) in open.zip(seats) {
            let landed = seat.wait().await.unwrap_or_else(|_| {
                Landed::Failed(OriginError::Internal("the load was given up half-way".to_owned()), None)
            });
            let before = std::mem::replace(&mut look.answer, Answer::Absent);
            look.answer = before.settled_by(landed)?;
        }
        Ok(())
    }
}

impl<O: Origin> Inner<O> {
    /// Hears that a version exists: nothing older is fresh any more. With a change, nobody joins a load from before it;
    /// who hears of it while loading knows what to make of what comes.
    async fn hear_of(&self, key: &O::Key, version: Version, is_change: bool) -> bool {
        // In this order: whoever stores an old entry now either finds the version noted, or is found right below; and
        // whoever finds the new count finds no old entry.
        let is_news = self.known.note(key, version);
        let present = self.present(key).await;
        let is_there = present.as_ref().is_some_and(|entry| entry.version >= version);
        // A load that began when this version was here, or known, brings nothing older that is not marked.
        if is_change && is_news && !is_there {
            self.flights.forget(key);
        }
        if let Some(entry) = present.filter(|_| !is_there) {
            entry.mark_outdated();
        }
        if is_news {
            self.counters.count_change(O::KIND, key);
        }
        is_news
    }

    /// Whether the origin failed so recently that asking again would only cost time.
    fn origin_rests(&self) -> bool {
        let failed_at = *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner);
        failed_at.is_some_and(|failed_at| failed_at.elapsed() < self.times.failure_pause)
    }

    /// When what happens now has certainly reached the replica, in Unix milliseconds.
    fn settled_ms(&self) -> u64 {
        self.clock.unix_ms() + u64::try_from(self.times.settle.as_millis()).unwrap_or(u64::MAX)
    }

    /// What a key is called in L2.
    fn name(key: &O::Key) -> String {
        format!("{}:{key}", O::KIND)
    }
}

/// The version of things that have none: the moment when they were read.
fn read_version(read_at_ms: u64) -> Version {
    Version::new(i64::try_from(read_at_ms).unwrap_or(i64::MAX))
}

/// Keeps each entry for as long as it is of any use.
struct AsLongAsUseful;

impl<K, V> Expiry<K, Arc<Entry<V>>> for AsLongAsUseful {
    fn expire_after_create(&self, _: &K, entry: &Arc<Entry<V>>, _: std::time::Instant) -> Option<Duration> {
        Some(entry.remaining_life(Instant::now()))
    }

    fn expire_after_update(
        &self,
        _: &K,
        entry: &Arc<Entry<V>>,
        _: std::time::Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(entry.remaining_life(Instant::now()))
    }
}
