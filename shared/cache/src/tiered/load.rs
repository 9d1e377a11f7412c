//! What happens on a miss, and when an entry is renewed: once more L1, then L2, then the origin.
//!
//! Runs as a task of its own, for all keys of one question that nobody else is loading. Each claim is landed as soon as
//! its answer is known, and in any case: one that is dropped tells those who wait.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::Inner;
use super::entry::{Entry, State};
use super::from_shared::Turn;
use crate::lookup::{CacheStatus, Tier};
use crate::meters;
use crate::single_flight::Claim;
use crate::{Origin, OriginError};

/// How a load ended, for everybody who waits for it.
pub(super) enum Landed<V> {
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

/// The duty to load one key, and what is known about it so far.
pub(super) struct Errand<O: Origin> {
    pub(super) claim: Claim<O::Key, Landed<O::Value>>,
    /// The entry that is to be renewed: only a newer one will do.
    pub(super) have: Option<Arc<Entry<O::Value>>>,
    /// What L2 has as a last resort.
    pub(super) fallback: Option<Arc<Entry<O::Value>>>,
    /// Whether this process is the one to load it for the fleet.
    pub(super) holds_lease: bool,
    /// By how much of the jitter the entry's life is to be shortened. Drawn once, so that L2 is asked for an entry that
    /// is then found to be fresh.
    pub(super) chance: f64,
}

impl<O: Origin> Errand<O> {
    /// Nothing is there.
    pub(super) fn new(claim: Claim<O::Key, Landed<O::Value>>) -> Self {
        Self { claim, have: None, fallback: None, holds_lease: false, chance: rand::random_range(0.0..1.0) }
    }

    /// Something is there, and is to be renewed.
    pub(super) fn renewing(claim: Claim<O::Key, Landed<O::Value>>, have: Arc<Entry<O::Value>>) -> Self {
        Self { have: Some(have), ..Self::new(claim) }
    }

    /// Whether this entry is newer than what is there.
    pub(super) fn wants(&self, entry: &Entry<O::Value>) -> bool {
        self.have.as_ref().is_none_or(|have| entry.is_newer_than(have))
    }

    pub(super) fn key(&self) -> &O::Key {
        self.claim.key()
    }
}

/// Runs the errands, for somebody who looks so far ahead.
pub(super) async fn load<O: Origin>(inner: Arc<Inner<O>>, errands: Vec<Errand<O>>, ahead: Duration) {
    let errands = inner.land_from_l1(errands, ahead).await;
    if errands.is_empty() {
        return;
    }
    match inner.l2.clone() {
        Some(l2) => Turn::new(inner, l2, ahead).run(errands).await,
        None => inner.load_from_origin(errands, None).await,
    }
}

impl<O: Origin> Inner<O> {
    /// Somebody may have landed a key between our look into L1 and our claim.
    async fn land_from_l1(&self, errands: Vec<Errand<O>>, ahead: Duration) -> Vec<Errand<O>> {
        let mut open = Vec::with_capacity(errands.len());
        for errand in errands {
            let entry = self.present(errand.key()).await.filter(|entry| errand.wants(entry));
            match entry.map(|entry| (entry.state(Instant::now() + ahead, self.losses.trust()), entry)) {
                Some((State::Fresh | State::Early, entry)) => {
                    errand.claim.land(Landed::Found(entry, CacheStatus::Hit(Tier::L1)));
                }
                Some((State::Lagging, entry)) => errand.claim.land(Landed::Found(entry, CacheStatus::Lagging)),
                _ => open.push(errand),
            }
        }
        open
    }
}

/// Tells how much L1 holds, for as long as the cache lives.
pub(super) fn report_size<O: Origin>(inner: &Arc<Inner<O>>) {
    let inner = Arc::downgrade(inner);
    meters::report_size(O::KIND, move || {
        inner.upgrade().map(|inner| (inner.l1.entry_count(), inner.l1.weighted_size()))
    });
}
