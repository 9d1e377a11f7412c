//! What happens on a miss: once more L1, then L2, then the origin.
//!
//! Runs as a task of its own, for all keys of one question that nobody else is loading. Each claim is landed as soon as
//! its answer is known, and in any case: one that is dropped tells those who wait.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, Weak};
use std::time::Duration;

use halles_domain::Version;
use opentelemetry::KeyValue;
use tokio::time::{Instant, timeout};

use super::entry::{Entry, Life, State};
use super::{ENTRY_OVERHEAD_BYTES, Inner, Landed, read_version};
use crate::lookup::{CacheStatus, Tier};
use crate::meters::{Outcome, meter};
use crate::shared_tier::{Content, Envelope, Put, SharedTier, unix_ms};
use crate::single_flight::Claim;
use crate::{Origin, OriginError};

type Claims<O> = Vec<Claim<<O as Origin>::Key, Landed<<O as Origin>::Value>>>;

/// Claims that L2 could not land, each with what L2 has as a last resort.
type Unlanded<O> =
    Vec<(Claim<<O as Origin>::Key, Landed<<O as Origin>::Value>>, Option<Arc<Entry<<O as Origin>::Value>>>)>;

/// Lands all claims.
pub(super) async fn load<O: Origin>(inner: Arc<Inner<O>>, claims: Claims<O>) {
    let claims = inner.land_from_l1(claims).await;
    let unlanded = match &inner.l2 {
        Some(l2) if !claims.is_empty() => inner.land_from_l2(l2, claims).await,
        _ => claims.into_iter().map(|claim| (claim, None)).collect(),
    };
    // Here is the place to agree with the rest of the fleet on who loads.
    if !unlanded.is_empty() {
        inner.land_from_origin(unlanded).await;
    }
}

/// Tells how much L1 holds, for as long as the cache lives.
pub(super) fn report_size<O: Origin>(inner: &Arc<Inner<O>>) {
    let labels = [KeyValue::new("kind", O::KIND)];
    let (entries_of, bytes_of): (Weak<Inner<O>>, Weak<Inner<O>>) = (Arc::downgrade(inner), Arc::downgrade(inner));
    let entry_labels = labels.clone();
    meter()
        .u64_observable_gauge("cache_l1_entries")
        .with_callback(move |gauge| {
            if let Some(inner) = entries_of.upgrade() {
                gauge.observe(inner.l1.entry_count(), &entry_labels);
            }
        })
        .build();
    meter()
        .u64_observable_gauge("cache_l1_size")
        .with_unit("By")
        .with_callback(move |gauge| {
            if let Some(inner) = bytes_of.upgrade() {
                gauge.observe(inner.l1.weighted_size(), &labels);
            }
        })
        .build();
}

impl<O: Origin> Inner<O> {
    /// Somebody may have landed a key between our look into L1 and our claim.
    async fn land_from_l1(&self, claims: Claims<O>) -> Claims<O> {
        let mut unlanded = Vec::with_capacity(claims.len());
        for claim in claims {
            match self.l1.get(claim.key()).await {
                Some(entry) if entry.state(Instant::now(), self.trust()) == State::Fresh => {
                    claim.land(Landed::Found(entry, CacheStatus::Hit(Tier::L1)));
                }
                _ => unlanded.push(claim),
            }
        }
        unlanded
    }

    async fn land_from_l2(&self, l2: &SharedTier, claims: Claims<O>) -> Unlanded<O> {
        let keys: Vec<String> = claims.iter().map(|claim| l2.key(O::KIND, claim.key())).collect();
        let Ok(values) = l2.get(&keys).await else {
            self.meters.count("l2", Outcome::Error, keys.len());
            return claims.into_iter().map(|claim| (claim, None)).collect();
        };
        let mut unlanded = Vec::new();
        for (claim, value) in claims.into_iter().zip(values) {
            let (outcome, entry) = self.read_l2(l2, claim.key(), value.as_deref());
            self.meters.count("l2", outcome, 1);
            match (outcome, entry) {
                (Outcome::Hit, Some(entry)) => {
                    self.keep_in_l1(claim.key(), &entry).await;
                    claim.land(Landed::Found(entry, CacheStatus::Hit(Tier::L2)));
                }
                (_, fallback) => unlanded.push((claim, fallback)),
            }
        }
        unlanded
    }

    /// What an L2 value is worth: a hit with its entry; or no hit, with an entry if it will do as a last resort.
    fn read_l2(&self, l2: &SharedTier, key: &O::Key, value: Option<&[u8]>) -> (Outcome, Option<Arc<Entry<O::Value>>>) {
        let Some(value) = value else { return (Outcome::Miss, None) };
        let Some(envelope) = Envelope::decode(value, O::FORMAT) else { return (Outcome::Garbage, None) };
        let (thing, bytes) = match envelope.content {
            Content::Tombstone => {
                // Somebody heard of a change that may not have come to us yet.
                self.known.note(key, envelope.version);
                return (Outcome::Miss, None);
            }
            Content::Nothing => (None, 0),
            Content::Value(bytes) => match postcard::from_bytes::<O::Value>(bytes) {
                Ok(thing) => (Some(Arc::new(thing)), bytes.len()),
                Err(_) => return (Outcome::Garbage, None),
            },
        };
        let age = Duration::from_millis(unix_ms().saturating_sub(envelope.read_at_ms));
        let Some(read_at) = Instant::now().checked_sub(age) else { return (Outcome::Miss, None) };
        let entry = self.entry(thing, envelope.version, read_at, bytes);
        if self.known.get(key) > envelope.version || !l2.trusts(envelope.read_at_ms) {
            entry.mark_outdated();
        }
        let outcome = match entry.state(Instant::now(), None) {
            State::Fresh => Outcome::Hit,
            State::LastResort => Outcome::Outdated,
            State::Gone => return (Outcome::Outdated, None),
        };
        (outcome, Some(Arc::new(entry)))
    }

    async fn land_from_origin(&self, unlanded: Unlanded<O>) {
        let keys = unlanded.iter().map(|(claim, _)| claim.key().clone()).collect();
        // Data is as old as the moment when its reading began.
        let (read_at, read_at_ms) = (Instant::now(), unix_ms());
        let loaded = match timeout(self.load_timeout, self.origin.load(keys)).await {
            Ok(loaded) => loaded,
            Err(_) => Err(OriginError::Unavailable("no answer in time".to_owned())),
        };
        self.meters.load(loaded.as_ref().map_or_else(OriginError::kind, |_| "loaded"), read_at.elapsed());
        match loaded {
            Ok(things) => self.land_loaded(unlanded, things, read_at, read_at_ms).await,
            Err(error) => self.land_failed(unlanded, &error),
        }
    }

    async fn land_loaded(
        &self,
        unlanded: Unlanded<O>,
        things: Vec<(O::Key, O::Value)>,
        read_at: Instant,
        read_at_ms: u64,
    ) {
        self.note_origin_failure(None);
        let mut things: HashMap<O::Key, O::Value> = things.into_iter().collect();
        let mut puts = Vec::new();
        for (claim, _) in unlanded {
            let thing = things.remove(claim.key());
            let version = version_of::<O>(thing.as_ref(), read_at_ms);
            let bytes = thing.as_ref().map_or_else(Vec::new, encode);
            let entry = Arc::new(self.entry(thing.map(Arc::new), version, read_at, bytes.len()));
            if self.keep_in_l1(claim.key(), &entry).await {
                puts.extend(self.put(claim.key(), &entry, &bytes, read_at_ms));
            } else {
                self.meters.count("origin", Outcome::Refused, 1);
            }
            claim.land(Landed::Found(entry, CacheStatus::Miss));
        }
        // Those who wait have their answers already; whether this works is the next ones' luck.
        if let Some(l2) = &self.l2 {
            let count = puts.len();
            if l2.put(puts).await.is_err() {
                self.meters.count("l2_write", Outcome::Error, count);
            }
        }
    }

    fn land_failed(&self, unlanded: Unlanded<O>, error: &OriginError) {
        if matches!(error, OriginError::Unavailable(_)) {
            self.note_origin_failure(Some(Instant::now()));
        }
        tracing::debug!(kind = O::KIND, keys = unlanded.len(), %error, "a load failed");
        for (claim, fallback) in unlanded {
            claim.land(Landed::Failed(error.clone(), fallback));
        }
    }

    /// Keeps an entry unless something newer is known, or there; false when it was not worth keeping.
    async fn keep_in_l1(&self, key: &O::Key, entry: &Arc<Entry<O::Value>>) -> bool {
        if entry.version < self.known.get(key) {
            return false;
        }
        let kept = self.l1.entry_by_ref(key).and_compute_with(|present| {
            let is_newer_there = present.is_some_and(|present| present.value().version > entry.version);
            let operation = if is_newer_there {
                moka::ops::compute::Op::Nop
            } else {
                moka::ops::compute::Op::Put(Arc::clone(entry))
            };
            std::future::ready(operation)
        });
        kept.await;
        // A change may have been noted since we looked: either its author finds our entry, or we find its note.
        if entry.version < self.known.get(key) {
            entry.mark_outdated();
            return false;
        }
        true
    }

    fn entry(&self, thing: Option<Arc<O::Value>>, version: Version, read_at: Instant, bytes: usize) -> Entry<O::Value> {
        let is_negative = thing.is_none();
        let life = Life {
            fresh_for: self.settings.jittered_ttl(is_negative, rand::random_range(0.0..1.0)),
            usable_for: self.settings.ttl(is_negative) + self.settings.stale(),
        };
        // In memory a value is its struct and about as many bytes behind pointers as it has in postcard.
        let in_memory = ENTRY_OVERHEAD_BYTES + size_of::<O::Value>() + bytes;
        Entry::new(thing, version, read_at, life, u32::try_from(in_memory).unwrap_or(u32::MAX))
    }

    fn put(&self, key: &O::Key, entry: &Entry<O::Value>, bytes: &[u8], read_at_ms: u64) -> Option<Put> {
        let l2 = self.l2.as_ref()?;
        let content = if entry.value.is_some() { Content::Value(bytes) } else { Content::Nothing };
        let envelope = Envelope { format: O::FORMAT, version: entry.version, read_at_ms, content };
        let life = entry.remaining_life(Instant::now());
        Some(Put { key: l2.key(O::KIND, key), envelope: envelope.encode(), life })
    }

    fn note_origin_failure(&self, failed_at: Option<Instant>) {
        *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner) = failed_at;
    }
}

/// Of a thing that does not exist no version is known: the first one to exist is newer.
fn version_of<O: Origin>(thing: Option<&O::Value>, read_at_ms: u64) -> Version {
    match thing {
        Some(thing) => O::version(thing).unwrap_or_else(|| read_version(read_at_ms)),
        None => Version::default(),
    }
}

fn encode<T: serde::Serialize>(thing: &T) -> Vec<u8> {
    postcard::to_stdvec(thing).unwrap_or_else(|error| {
        // Only a type that cannot be written at all comes here; the tests of each kind write one.
        tracing::error!(%error, "a value cannot be written for the shared cache");
        Vec::new()
    })
}
