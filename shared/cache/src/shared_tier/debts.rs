//! Tombstones that could not be written because Redis was away.
//!
//! While a tombstone is owed, L2 may hold an entry that we know to be outdated. This process is covered by the versions
//! that it remembers, but only for a while. So the tombstones are written as soon as Redis is back; if that takes too
//! long, or if there are too many of them, they are given up, and nobody believes any more what L2 has from before that
//! moment: see [`super::doubts`].

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::time::Instant;

use super::entries::Put;
use super::{Inner, SharedTier};

/// How often to try. The connection itself knows whether Redis is there, so trying costs next to nothing.
const TRY_EVERY: Duration = Duration::from_millis(100);

/// How many to write at a time.
const SOME: usize = 500;

/// Beyond so many, believing nothing old is cheaper than keeping the books.
const MAX_OWED: usize = 50_000;

pub(super) struct Debts {
    patience: Duration,
    owed: Mutex<Owed>,
}

#[derive(Default)]
struct Owed {
    tombstones: HashMap<String, Put>,
    /// Since when something is owed; none when nothing is, and nobody is at work to pay it.
    since: Option<Instant>,
}

impl Debts {
    pub(super) fn new(patience: Duration) -> Self {
        Self { patience, owed: Mutex::default() }
    }

    /// Notes what is owed; true when somebody has to be sent to pay it.
    pub(super) fn owe(&self, tombstones: Vec<Put>) -> bool {
        let mut owed = self.lock();
        for tombstone in tombstones {
            let newest = owed.tombstones.entry(tombstone.name.clone()).or_insert_with(|| tombstone.clone());
            if newest.entry.version < tombstone.entry.version {
                *newest = tombstone;
            }
        }
        let nobody_is_at_work = owed.since.is_none();
        owed.since.get_or_insert_with(Instant::now);
        nobody_is_at_work
    }

    fn is_hopeless(&self) -> bool {
        let owed = self.lock();
        owed.tombstones.len() > MAX_OWED || owed.since.is_some_and(|since| since.elapsed() >= self.patience)
    }

    /// Takes some of what is owed; none when nothing is, and nobody needs to be at work any more.
    fn take_some(&self) -> Option<Vec<Put>> {
        let mut owed = self.lock();
        let taken: Vec<Put> = owed.tombstones.extract_if(|_, _| true).take(SOME).map(|(_, put)| put).collect();
        if taken.is_empty() {
            owed.since = None;
            return None;
        }
        Some(taken)
    }

    fn forgive(&self) {
        *self.lock() = Owed::default();
    }

    fn lock(&self) -> MutexGuard<'_, Owed> {
        self.owed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes what is owed, until nothing is, or until it has taken too long.
pub(super) async fn pay(tier: Weak<Inner>) {
    loop {
        tokio::time::sleep(TRY_EVERY).await;
        let Some(inner) = tier.upgrade() else { return };
        let tier = SharedTier { inner };
        if tier.inner.debts.is_hopeless() {
            tier.raise_doubts();
            tier.inner.debts.forgive();
            return;
        }
        while tier.inner.entries.is_up() {
            let Some(tombstones) = tier.inner.debts.take_some() else { return };
            let failed = tier.try_bury(tombstones).await;
            if !failed.is_empty() {
                tier.inner.debts.owe(failed);
                break;
            }
        }
    }
}
