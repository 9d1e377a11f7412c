//! An entry in L1, and how good it still is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use halles_domain::Version;
use tokio::time::Instant;

/// What is known about one key.
pub(crate) struct Entry<V> {
    /// The thing; none when there is no such thing.
    pub(crate) value: Option<Arc<V>>,
    pub(crate) version: Version,
    /// When the data was read from the store, whichever way it came here.
    pub(crate) read_at: Instant,
    /// How long it is fresh from then on.
    pub(crate) fresh_for: Duration,
    /// How long it may be served from then on while the store cannot be asked.
    pub(crate) usable_for: Duration,
    /// About how much memory it takes.
    pub(crate) bytes: u32,
    /// A newer version is known to exist.
    outdated: AtomicBool,
}

/// How good an entry still is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Good.
    Fresh,
    /// Better than an error page, and nothing more.
    LastResort,
    /// Of no use.
    Gone,
}

/// From when on L1 entries are believed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trust {
    /// The last moment up to which changes may have gone by unheard.
    pub(crate) lost_at: Instant,
    /// When the replica has certainly caught up with that moment.
    pub(crate) settled_at: Instant,
}

impl<V> Entry<V> {
    pub(crate) fn new(value: Option<Arc<V>>, version: Version, read_at: Instant, life: Life, bytes: u32) -> Self {
        let Life { fresh_for, usable_for } = life;
        Self { value, version, read_at, fresh_for, usable_for, bytes, outdated: AtomicBool::new(false) }
    }

    pub(crate) fn state(&self, now: Instant, trust: Option<Trust>) -> State {
        let age = now.saturating_duration_since(self.read_at);
        let is_outdated = self.outdated.load(Ordering::Acquire);
        if age < self.fresh_for && !is_outdated && trust.is_none_or(|trust| trust.covers(self.read_at, now)) {
            return State::Fresh;
        }
        // Saying "there is no such thing" on a guess would be worse than saying nothing.
        if age < self.usable_for && self.value.is_some() { State::LastResort } else { State::Gone }
    }

    /// A newer version exists: from now on this one is a last resort.
    pub(crate) fn mark_outdated(&self) {
        self.outdated.store(true, Ordering::Release);
    }

    /// When it stops being fresh, by its age or because the replica will have caught up after a loss.
    pub(crate) fn fresh_until(&self, trust: Option<Trust>) -> Instant {
        let by_age = self.read_at + self.fresh_for;
        match trust {
            Some(trust) if self.read_at < trust.settled_at => by_age.min(trust.settled_at),
            _ => by_age,
        }
    }

    /// How much longer it is worth its place in memory.
    pub(crate) fn remaining_life(&self, now: Instant) -> Duration {
        let until = if self.value.is_some() { self.usable_for } else { self.fresh_for };
        until.saturating_sub(now.saturating_duration_since(self.read_at))
    }
}

impl Trust {
    /// What was read before the replica had caught up is believed only until it has.
    fn covers(self, read_at: Instant, now: Instant) -> bool {
        read_at >= self.settled_at || (read_at > self.lost_at && now < self.settled_at)
    }
}

/// How long an entry lives from the moment its data was read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Life {
    pub(crate) fresh_for: Duration,
    pub(crate) usable_for: Duration,
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn entry(value: Option<u8>, read_at: Instant) -> Entry<u8> {
        let life = Life { fresh_for: 10 * SECOND, usable_for: 100 * SECOND };
        Entry::new(value.map(Arc::new), Version::new(1), read_at, life, 1)
    }

    #[test]
    fn goes_from_fresh_to_last_resort_to_gone() {
        let start = Instant::now();
        let entry = entry(Some(1), start);
        assert_eq!(entry.state(start + 9 * SECOND, None), State::Fresh);
        assert_eq!(entry.state(start + 10 * SECOND, None), State::LastResort);
        assert_eq!(entry.state(start + 100 * SECOND, None), State::Gone);
    }

    #[test]
    fn an_expired_nothing_is_no_answer() {
        let start = Instant::now();
        let nothing = entry(None, start);
        assert_eq!(nothing.state(start + 9 * SECOND, None), State::Fresh);
        assert_eq!(nothing.state(start + 10 * SECOND, None), State::Gone);
        assert_eq!(nothing.remaining_life(start + 4 * SECOND), 6 * SECOND);
    }

    #[test]
    fn an_outdated_entry_is_a_last_resort() {
        let start = Instant::now();
        let entry = entry(Some(1), start);
        entry.mark_outdated();
        assert_eq!(entry.state(start, None), State::LastResort);
    }

    #[test]
    fn after_a_loss_only_what_is_read_later_is_fresh() {
        let start = Instant::now();
        let trust = Some(Trust { lost_at: start + SECOND, settled_at: start + 3 * SECOND });
        let at = |seconds: u32| start + seconds * SECOND;
        assert_eq!(entry(Some(1), at(0)).state(at(2), trust), State::LastResort, "read before the loss");
        assert_eq!(entry(Some(1), at(1)).state(at(2), trust), State::LastResort, "read at that very moment");
        assert_eq!(entry(Some(1), at(2)).state(at(2), trust), State::Fresh, "good for the moment");
        assert_eq!(entry(Some(1), at(2)).state(at(3), trust), State::LastResort, "to be read once more");
        assert_eq!(entry(Some(1), at(3)).state(at(4), trust), State::Fresh);
    }
}
