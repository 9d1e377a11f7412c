//! Tombstones that could not be written because Redis was away.
//!
//! While a tombstone is owed, L2 may hold an entry that we know to be outdated. This process is covered by the versions
//! that it remembers, but only for a while. So the tombstones are written as soon as Redis is back; if that takes too
//! long, or if there are too many of them, L2 entries from before that moment are not believed any more.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use halles_domain::Version;
use tokio::time::Instant;

use super::{Inner, SharedTier, unix_ms};

/// How often to try. The connection itself knows whether Redis is there, so trying costs next to nothing.
const TRY_EVERY: Duration = Duration::from_millis(100);

/// Beyond so many, believing nothing old is cheaper than keeping the books.
const MAX_OWED: usize = 50_000;

pub(super) struct Debts {
    patience: Duration,
    owed: Mutex<Owed>,
}

#[derive(Default)]
struct Owed {
    graves: HashMap<(u8, String), Version>,
    /// Since when something is owed; none when nothing is, and nobody is at work to pay it.
    since: Option<Instant>,
}

impl Debts {
    pub(super) fn new(patience: Duration) -> Self {
        Self { patience, owed: Mutex::default() }
    }

    /// Notes what is owed; true when somebody has to be sent to pay it.
    pub(super) fn owe(&self, format: u8, graves: HashMap<String, Version>) -> bool {
        let mut owed = self.lock();
        for (key, version) in graves {
            let owed_version = owed.graves.entry((format, key)).or_default();
            *owed_version = version.max(*owed_version);
        }
        let nobody_is_at_work = owed.since.is_none();
        owed.since.get_or_insert_with(Instant::now);
        nobody_is_at_work
    }

    fn is_hopeless(&self) -> bool {
        let owed = self.lock();
        owed.graves.len() > MAX_OWED || owed.since.is_some_and(|since| since.elapsed() >= self.patience)
    }

    /// Takes up to so many, of one format.
    fn take_some(&self, most: usize) -> Option<(u8, HashMap<String, Version>)> {
        let mut owed = self.lock();
        let Some((format, _)) = owed.graves.keys().next().cloned() else {
            owed.since = None;
            return None;
        };
        let taken = owed.graves.extract_if(|(of_format, _), _| *of_format == format).take(most);
        Some((format, taken.map(|((_, key), version)| (key, version)).collect()))
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
            tracing::warn!("changes could not be told to the cache Redis; entries from before now are not used");
            tier.distrust_up_to(unix_ms());
            tier.inner.debts.forgive();
            return;
        }
        while tier.is_up() {
            let Some((format, graves)) = tier.inner.debts.take_some(super::MAX_ENTRIES_AT_ONCE) else { return };
            if tier.try_bury(format, &graves).await.is_err() {
                tier.inner.debts.owe(format, graves);
                break;
            }
        }
    }
}
