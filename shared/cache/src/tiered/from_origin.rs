//! Loading from the origin, and what becomes of it: kept in L1, put into L2, handed to everybody who waits.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use halles_domain::Version;
use tokio::time::{Instant, timeout};

use super::entry::{Entry, Life, Source};
use super::load::{Errand, Landed};
use super::{Inner, read_version};
use crate::lookup::CacheStatus;
use crate::meters::{Level, Outcome};
use crate::shared_tier::{Content, Owner, Put, StoredEntry};
use crate::{Origin, OriginError};

/// What an entry costs in memory beside its value: the entry itself, its key twice, moka's and our bookkeeping.
const ENTRY_OVERHEAD_BYTES: usize = 400;

impl<O: Origin> Inner<O> {
    /// Lands all errands; `owner` is the one on their leases.
    pub(super) async fn load_from_origin(&self, errands: Vec<Errand<O>>, owner: Option<Owner>) {
        if errands.is_empty() {
            return;
        }
        let keys = errands.iter().map(|errand| errand.key().clone()).collect();
        // Data is as old as the moment when its reading began.
        let (read_at, read_at_ms) = (Instant::now(), self.clock.unix_ms());
        let loaded = match timeout(self.times.load_timeout, self.origin.load(keys)).await {
            Ok(loaded) => loaded,
            Err(_) => Err(OriginError::Unavailable("no answer in time".to_owned())),
        };
        let load_time = read_at.elapsed();
        self.meters.load(loaded.as_ref().map_or_else(OriginError::kind, |_| "loaded"), load_time);
        let not_put = match loaded {
            Ok(things) => {
                let source = Source { version: Version::default(), read_at, read_at_ms, load_time };
                self.land_loaded(errands, things, source, owner).await
            }
            Err(error) => self.land_failed(errands, &error),
        };
        // Whoever waits for what is not coming need not wait for the lease's end.
        if let (Some(l2), Some(owner), false) = (&self.l2, owner, not_put.is_empty()) {
            l2.release(owner, &not_put).await;
        }
    }

    /// Lands what was loaded and puts it into L2; returns the names under leases for which there was nothing to put.
    async fn land_loaded(
        &self,
        errands: Vec<Errand<O>>,
        things: Vec<(O::Key, O::Value)>,
        source: Source,
        owner: Option<Owner>,
    ) -> Vec<String> {
        self.note_origin_failure(None);
        let mut things: HashMap<O::Key, O::Value> = things.into_iter().collect();
        let (mut puts, mut not_put) = (Vec::new(), Vec::new());
        for errand in errands {
            let thing = things.remove(errand.key());
            let bytes = thing.as_ref().map_or_else(Vec::new, encode);
            let entry = Arc::new(self.loaded_entry(thing, source, &errand, bytes.len()));
            if self.keep_in_l1(errand.key(), &entry).await {
                // What we shall not believe ourselves when a loss has settled is nothing to share: it may be old, and
                // who knows better may have told so before.
                let is_settled = self.losses.trust().is_none_or(|trust| trust.had_settled(source.read_at));
                if self.l2.is_some() && is_settled {
                    puts.push(self.put(errand.key(), &entry, bytes));
                } else if errand.holds_lease {
                    not_put.push(Self::name(errand.key()));
                }
                errand.claim.land(Landed::Found(entry, CacheStatus::Miss));
            } else {
                self.meters.count(Level::Origin, Outcome::Refused, 1);
                if errand.holds_lease {
                    not_put.push(Self::name(errand.key()));
                }
                let (entry, status) = self.keep_for_a_moment(errand.key(), &entry).await;
                errand.claim.land(Landed::Found(entry, status));
            }
        }
        self.put_into_l2(owner, &puts).await;
        not_put
    }

    /// Those who wait have their answers already; whether this works is the next ones' luck.
    async fn put_into_l2(&self, owner: Option<Owner>, puts: &[Put]) {
        if let (Some(l2), Some(owner), false) = (&self.l2, owner, puts.is_empty()) {
            let failed = l2.put(owner, puts).await;
            let bytes = puts.iter().map(|put| put.entry.content.len()).sum();
            self.meters.l2_written(bytes, failed);
        }
    }

    fn land_failed(&self, errands: Vec<Errand<O>>, error: &OriginError) -> Vec<String> {
        if matches!(error, OriginError::Unavailable(_)) {
            self.note_origin_failure(Some(Instant::now()));
        }
        tracing::debug!(kind = O::KIND, keys = errands.len(), %error, "a load failed");
        let leased = errands.iter().filter(|errand| errand.holds_lease);
        let not_put = leased.map(|errand| Self::name(errand.key())).collect();
        for errand in errands {
            errand.claim.land(Landed::Failed(error.clone(), errand.fallback));
        }
        not_put
    }

    fn loaded_entry(
        &self,
        thing: Option<O::Value>,
        source: Source,
        errand: &Errand<O>,
        bytes: usize,
    ) -> Entry<O::Value> {
        let version = Self::version_of(thing.as_ref(), source.read_at_ms);
        let life = Life::new(&self.settings, thing.is_none(), source.load_time, errand.chance);
        Entry::new(thing.map(Arc::new), Source { version, ..source }, life, Self::in_memory(bytes))
    }

    /// In memory a value is its struct and about as many bytes behind pointers as it has in postcard.
    pub(super) const fn in_memory(bytes: usize) -> usize {
        ENTRY_OVERHEAD_BYTES + size_of::<O::Value>() + bytes
    }

    /// Of a thing that has versions but does not exist no version is known: the first one to exist is newer.
    fn version_of(thing: Option<&O::Value>, read_at_ms: u64) -> Version {
        match (O::VERSION, thing) {
            (Some(version), Some(thing)) => version(thing),
            (Some(_), None) => Version::default(),
            (None, _) => read_version(read_at_ms),
        }
    }

    fn put(&self, key: &O::Key, entry: &Entry<O::Value>, bytes: Vec<u8>) -> Put {
        let content = if entry.value.is_some() { Content::Value(bytes) } else { Content::Absent };
        let stored = StoredEntry {
            format: O::FORMAT,
            version: entry.version,
            read_at_ms: entry.read_at_ms,
            load_time: entry.load_time,
            content,
        };
        Put { name: Self::name(key), entry: stored, life: entry.remaining_life(Instant::now()) }
    }

    fn note_origin_failure(&self, failed_at: Option<Instant>) {
        *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner) = failed_at;
    }
}

fn encode<T: serde::Serialize>(thing: &T) -> Vec<u8> {
    postcard::to_stdvec(thing).unwrap_or_else(|error| {
        // Only a type that cannot be written at all comes here; the tests of each kind write one.
        tracing::error!(%error, "a value cannot be written for the shared cache");
        Vec::new()
    })
}
