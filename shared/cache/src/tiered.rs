//! The two-tier read-through cache of one kind of thing.

mod entry;
mod known_versions;
mod load;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use entry::{Entry, State, Trust};
use halles_domain::Version;
use known_versions::KnownVersions;
use moka::Expiry;
use moka::future::Cache;
use tokio::time::Instant;

use crate::lookup::{CacheStatus, Lookup, Tier};
use crate::meters::{Meters, Outcome};
use crate::shared_tier::{SharedTier, unix_ms};
use crate::single_flight::SingleFlight;
use crate::{ChangeCounters, EntrySettings, Freshness, Origin, OriginError, Stamps, Surroundings};

/// What an entry costs in memory beside its value: the entry itself, its key twice, moka's and our bookkeeping.
const ENTRY_OVERHEAD_BYTES: usize = 400;

/// A cache of one kind of thing. Cheap to clone.
pub struct TieredCache<O: Origin> {
    inner: Arc<Inner<O>>,
}

impl<O: Origin> Clone for TieredCache<O> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

/// What a look into the cache found: the thing, or that there is no such thing.
pub type Found<V> = Lookup<Option<Arc<V>>>;

struct Inner<O: Origin> {
    origin: O,
    settings: EntrySettings,
    load_timeout: Duration,
    failure_pause: Duration,
    settle: Duration,
    l1: Cache<O::Key, Arc<Entry<O::Value>>>,
    l2: Option<SharedTier>,
    known: KnownVersions<O::Key>,
    flights: Arc<SingleFlight<O::Key, Landed<O::Value>>>,
    /// Set when changes may have gone by unheard.
    trust: RwLock<Option<Trust>>,
    /// When the origin was last found to be unavailable.
    failed_at: Mutex<Option<Instant>>,
    counters: Arc<ChangeCounters>,
    meters: Meters,
}

/// How a load ended, for everybody who waits for it.
enum Landed<V> {
    /// Found in a tier, or loaded.
    Found(Arc<Entry<V>>, CacheStatus),
    /// Could not be loaded; L2 may have had something to fall back on.
    Failed(OriginError, Option<Arc<Entry<V>>>),
}

impl<V> Clone for Landed<V> {
    fn clone(&self) -> Self {
        match self {
            Self::Found(entry, status) => Self::Found(Arc::clone(entry), *status),
            Self::Failed(error, fallback) => Self::Failed(error.clone(), fallback.clone()),
        }
    }
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
            .build();
        let remembered = Duration::from_millis(settings.remember_versions_ms);
        let inner = Inner {
            origin,
            settings: entry,
            load_timeout: Duration::from_millis(settings.load_timeout_ms),
            failure_pause: Duration::from_millis(settings.failure_pause_ms),
            settle: Duration::from_millis(settings.settle_ms),
            l1,
            l2: surroundings.l2.clone(),
            known: KnownVersions::new(remembered, settings.max_remembered_versions),
            flights: SingleFlight::new(),
            trust: RwLock::new(None),
            failed_at: Mutex::new(None),
            counters: surroundings.counters(),
            meters: Meters::new(O::KIND),
        };
        let cache = Self { inner: Arc::new(inner) };
        load::report_size(&cache.inner);
        cache
    }

    /// The thing under `key`.
    pub async fn get(&self, key: &O::Key) -> Result<Found<O::Value>, OriginError> {
        let mut found = self.get_many(std::slice::from_ref(key)).await?;
        // One answer for each key.
        found.pop().ok_or_else(|| OriginError::Internal("no answer for the key".to_owned()))
    }

    /// The things under `keys`, in their order: with at most one question to L2 and one load for all that is missing.
    /// An error when one of them can be had nowhere.
    pub async fn get_many(&self, keys: &[O::Key]) -> Result<Vec<Found<O::Value>>, OriginError> {
        let inner = &self.inner;
        let stamps: Vec<Stamps> = keys.iter().map(|key| inner.counters.stamp(O::KIND, key)).collect();
        let mut answers = Vec::with_capacity(keys.len());
        let mut missing = Vec::new();
        for key in keys {
            let answer = inner.look_into_l1(key).await;
            if !matches!(answer, Answer::Fresh(_)) {
                missing.push(key.clone());
            }
            answers.push(answer);
        }
        inner.meters.l1_hits(keys.len() - missing.len());
        if missing.is_empty() {
            return Ok(inner.serve(answers, stamps));
        }
        inner.meters.l1_misses(missing.len());
        if inner.origin_rests() && answers.iter().all(|answer| !matches!(answer, Answer::Absent)) {
            return Ok(inner.serve(answers, stamps));
        }
        let answers = self.fill_in(answers, &missing).await?;
        Ok(inner.serve(answers, stamps))
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
            let version = version.unwrap_or_else(|| read_version(unix_ms() + settle_ms(inner.settle)));
            // In this order: whoever stores an old entry now either finds the version noted, or is found right below.
            inner.known.note(key, version);
            inner.flights.forget(key);
            if let Some(entry) = inner.l1.get(key).await
                && entry.version < version
            {
                entry.mark_outdated();
            }
            if let Some(l2) = &inner.l2 {
                let known = graves.entry(l2.key(O::KIND, key)).or_insert(version);
                *known = version.max(*known);
            }
        }
        for (key, _) in changes {
            inner.counters.count_change(O::KIND, key);
        }
        if let Some(l2) = &inner.l2 {
            l2.bury(O::FORMAT, graves).await;
        }
    }

    /// Changes may have gone by unheard: what is here now, and what L2 holds, is only a last resort until it has been
    /// read afresh.
    pub fn distrust(&self) {
        let lost_at = Instant::now();
        let trust = Trust { lost_at, settled_at: lost_at + self.inner.settle };
        *self.inner.trust.write().unwrap_or_else(PoisonError::into_inner) = Some(trust);
        if let Some(l2) = &self.inner.l2 {
            l2.distrust_up_to(unix_ms() + settle_ms(self.inner.settle));
        }
        self.inner.counters.count_loss();
    }

    async fn fill_in(
        &self,
        mut answers: Vec<Answer<O::Value>>,
        missing: &[O::Key],
    ) -> Result<Vec<Answer<O::Value>>, OriginError> {
        let inner = &self.inner;
        let (seats, claims) = inner.flights.board(missing);
        if !claims.is_empty() {
            // A task of its own: whoever asked may lose patience, the others who wait must not lose their answer.
            tokio::spawn(load::load(Arc::clone(inner), claims));
        }
        let mut seats = seats.into_iter();
        for answer in &mut answers {
            if matches!(answer, Answer::Fresh(_)) {
                continue;
            }
            let seat = seats.next().expect("there is a seat for each key that is missing");
            let landed = seat.wait().await.unwrap_or_else(|_| {
                Landed::Failed(OriginError::Internal("the load was given up half-way".to_owned()), None)
            });
            let before = std::mem::replace(answer, Answer::Absent);
            *answer = inner.settle_answer(before, landed)?;
        }
        Ok(answers)
    }
}

/// What is known about one key on the way to its answer.
enum Answer<V> {
    /// L1 has it, fresh.
    Fresh(Arc<Entry<V>>),
    /// L1 has an expired one.
    LastResort(Arc<Entry<V>>),
    /// Nothing is known.
    Absent,
    /// A load has brought it.
    Brought(Arc<Entry<V>>, CacheStatus),
}

impl<O: Origin> Inner<O> {
    async fn look_into_l1(&self, key: &O::Key) -> Answer<O::Value> {
        let Some(entry) = self.l1.get(key).await else { return Answer::Absent };
        match entry.state(Instant::now(), self.trust()) {
            State::Fresh => Answer::Fresh(entry),
            State::LastResort => Answer::LastResort(entry),
            State::Gone => Answer::Absent,
        }
    }

    /// What a load means for an answer: the loaded entry, else the expired one from L1, else the expired one from L2.
    fn settle_answer(
        &self,
        before: Answer<O::Value>,
        landed: Landed<O::Value>,
    ) -> Result<Answer<O::Value>, OriginError> {
        match (landed, before) {
            (Landed::Found(entry, status), _) => Ok(Answer::Brought(entry, status)),
            (Landed::Failed(..), expired @ Answer::LastResort(_)) => Ok(expired),
            (Landed::Failed(_, Some(fallback)), _) => Ok(Answer::LastResort(fallback)),
            (Landed::Failed(error, None), _) => Err(error),
        }
    }

    /// The answers as they are; those that are absent are left out.
    fn serve(&self, answers: Vec<Answer<O::Value>>, stamps: Vec<Stamps>) -> Vec<Found<O::Value>> {
        let (now, trust) = (Instant::now(), self.trust());
        let serve = |(answer, stamps)| {
            let (entry, status) = match answer {
                Answer::Fresh(entry) => (entry, CacheStatus::Hit(Tier::L1)),
                Answer::Brought(entry, status) => (entry, status),
                Answer::LastResort(entry) => {
                    self.meters.count("l1", Outcome::Stale, 1);
                    (entry, CacheStatus::Stale)
                }
                Answer::Absent => return None,
            };
            let fresh_until = entry.fresh_until(trust);
            let fresh_until = if status == CacheStatus::Stale { fresh_until.min(now) } else { fresh_until };
            let freshness = Freshness { read_at: entry.read_at, fresh_until, stamps };
            Some(Lookup { value: entry.value.clone(), status, freshness })
        };
        answers.into_iter().zip(stamps).filter_map(serve).collect()
    }

    /// Whether the origin failed so recently that asking again would only cost time.
    fn origin_rests(&self) -> bool {
        let failed_at = *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner);
        failed_at.is_some_and(|failed_at| failed_at.elapsed() < self.failure_pause)
    }

    fn trust(&self) -> Option<Trust> {
        *self.trust.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The version of things that have none: the moment when they were read.
fn read_version(read_at_ms: u64) -> Version {
    Version::new(i64::try_from(read_at_ms).unwrap_or(i64::MAX))
}

fn settle_ms(settle: Duration) -> u64 {
    u64::try_from(settle.as_millis()).unwrap_or(u64::MAX)
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
