//! What goes into L1, and what does not.
//!
//! What comes back older than a version that is known to exist comes from a replica that lags behind. It never takes the
//! place of anything newer; it is kept for some milliseconds, marked, so that not every request asks again.
//!
//! moka counts each look at a key and lets in what is asked for more often than what would have to go. One request must
//! count once, or a key that is asked for a single time looks like a popular one: so nothing here looks at a key that is
//! not there.

use std::hash::{BuildHasher, Hash};
use std::sync::Arc;

use foldhash::fast::RandomState;
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::Instant;

use super::Inner;
use super::entry::{Entry, State};
use crate::Origin;
use crate::lookup::{CacheStatus, Tier};

/// Of two loads of one key, the one that comes second has to see what the first one kept.
pub(super) struct Turnstiles {
    stiles: [Mutex<()>; 64],
    hasher: RandomState,
}

impl Turnstiles {
    pub(super) fn new() -> Self {
        Self { stiles: std::array::from_fn(|_| Mutex::new(())), hasher: RandomState::default() }
    }

    async fn pass(&self, key: &impl Hash) -> MutexGuard<'_, ()> {
        #[expect(clippy::cast_possible_truncation, reason = "any bits of a hash are as good as the others")]
        let place = self.hasher.hash_one(key) as usize % self.stiles.len();
        self.stiles[place].lock().await
    }
}

impl<O: Origin> Inner<O> {
    /// What is there, without counting as a request for what is not.
    pub(super) async fn present(&self, key: &O::Key) -> Option<Arc<Entry<O::Value>>> {
        if self.l1.contains_key(key) { self.l1.get(key).await } else { None }
    }

    /// Keeps an entry unless a newer one is there; false when a newer version is known to exist.
    pub(super) async fn keep_in_l1(&self, key: &O::Key, entry: &Arc<Entry<O::Value>>) -> bool {
        if entry.version < self.known.get(key) {
            return false;
        }
        {
            let _turn = self.turnstiles.pass(key).await;
            match self.present(key).await {
                Some(present) if present.version > entry.version => return false,
                Some(present) if present.is_newer_than(entry) => {}
                _ => self.l1.insert(key.clone(), Arc::clone(entry)).await,
            }
        }
        // A change may have been noted since we looked: either its author finds our entry, or we find its note.
        if entry.version < self.known.get(key) {
            entry.mark_outdated();
            return false;
        }
        true
    }

    /// Keeps what a lagging replica said for a moment, or what is there if that is newer: not every request shall ask.
    pub(super) async fn keep_for_a_moment(
        &self,
        key: &O::Key,
        loaded: &Arc<Entry<O::Value>>,
    ) -> (Arc<Entry<O::Value>>, CacheStatus) {
        let _turn = self.turnstiles.pass(key).await;
        let (now, present) = (Instant::now(), self.present(key).await);
        let newest = match present {
            // Somebody has brought what is known to exist.
            Some(present) if matches!(present.state(now, self.losses.trust()), State::Fresh | State::Early) => {
                return (present, CacheStatus::Hit(Tier::L1));
            }
            Some(present) if present.version > loaded.version => present,
            _ => Arc::clone(loaded),
        };
        let lagging = Arc::new(newest.lagging(now + self.settings.lagging()));
        self.l1.insert(key.clone(), Arc::clone(&lagging)).await;
        (lagging, CacheStatus::Lagging)
    }
}
