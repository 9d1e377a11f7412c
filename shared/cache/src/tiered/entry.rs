//! An entry in L1, and how good it still is.
//!
//! ```text
//!  read ──► fresh ──────► early ─────► aged ──────► last resort ──► gone
//!             │  near its end,  too old, and        │  too old, or known to be outdated,
//!             │  refreshed by   served while it     │  or from before a loss: served only while
//!             │  who is lucky   is refreshed        │  the store cannot be asked
//!             └──── a change is heard, or lost ─────┘
//! ```
//!
//! Only age makes an entry aged: one that is known to be outdated, or is not trusted, goes straight to the last resort.
//! "There is no such thing" is never aged nor a last resort. A *lagging* entry is what a replica said that had not caught
//! up: it is served for some milliseconds, so that not every request asks again, and is a last resort after that.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use halles_domain::Version;
use tokio::time::Instant;

use super::early_refresh;
use super::trust::Trust;
use crate::EntrySettings;

/// What is known about one key.
pub(super) struct Entry<V> {
    /// The thing; none when there is no such thing.
    pub(super) value: Option<Arc<V>>,
    pub(super) version: Version,
    /// When the data was read from the store, whichever way it came here.
    pub(super) read_at: Instant,
    /// The same in Unix milliseconds, as L2 has it.
    pub(super) read_at_ms: u64,
    /// How long loading it took.
    pub(super) load_time: Duration,
    /// About how much memory it takes.
    pub(super) bytes: u32,
    life: Life,
    /// Until when what a lagging replica said is served.
    lagging_until: Option<Instant>,
    /// A newer version is known to exist.
    outdated: AtomicBool,
}

/// How good an entry still is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Good.
    Fresh,
    /// Good, and to be loaded again in the background before its end comes.
    Early,
    /// A little too old: good enough while it is loaded again in the background.
    Aged,
    /// What a lagging replica said a moment ago.
    Lagging,
    /// Better than an error page, and nothing more.
    LastResort,
    /// Of no use.
    Gone,
}

/// Where an entry comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source {
    pub(super) version: Version,
    pub(super) read_at: Instant,
    pub(super) read_at_ms: u64,
    pub(super) load_time: Duration,
}

/// How long an entry lives, by its age.
#[derive(Debug, Clone, Copy)]
pub(super) struct Life {
    /// From this age on it may be refreshed early.
    early_from: Duration,
    fresh_for: Duration,
    aged_until: Duration,
    usable_for: Duration,
    early_refresh_percent: u32,
}

impl Life {
    /// The life of an entry whose loading took `load_time`; `chance` is between 0 and 1.
    pub(super) fn new(settings: &EntrySettings, is_negative: bool, load_time: Duration, chance: f64) -> Self {
        let millis = Duration::from_millis;
        let fresh_for = settings.jittered_ttl(is_negative, chance);
        let early_refresh_percent = settings.early_refresh_percent;
        let (aged_for, stale_for) = if is_negative {
            (Duration::ZERO, Duration::ZERO)
        } else {
            (millis(settings.stale_while_revalidate_ms), millis(settings.stale_if_error_ms))
        };
        Self {
            early_from: fresh_for.saturating_sub(early_refresh::reach(load_time, early_refresh_percent)),
            fresh_for,
            aged_until: fresh_for + aged_for,
            usable_for: if is_negative { fresh_for } else { settings.ttl(false) + stale_for },
            early_refresh_percent,
        }
    }
}

impl<V> Entry<V> {
    pub(super) fn new(value: Option<Arc<V>>, source: Source, life: Life, bytes: usize) -> Self {
        let Source { version, read_at, read_at_ms, load_time } = source;
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let outdated = AtomicBool::new(false);
        Self { value, version, read_at, read_at_ms, load_time, bytes, life, lagging_until: None, outdated }
    }

    /// The same, as what a lagging replica said.
    pub(super) fn lagging(&self, until: Instant) -> Self {
        let Self { version, read_at, read_at_ms, load_time, bytes, life, .. } = *self;
        let (value, outdated) = (self.value.clone(), AtomicBool::new(true));
        Self { value, version, read_at, read_at_ms, load_time, bytes, life, lagging_until: Some(until), outdated }
    }

    /// How good it is at this moment.
    pub(super) fn state(&self, now: Instant, trust: Option<Trust>) -> State {
        if self.lagging_until.is_some_and(|until| now < until) {
            return State::Lagging;
        }
        let age = now.saturating_duration_since(self.read_at);
        let is_good =
            !self.outdated.load(Ordering::Acquire) && trust.is_none_or(|trust| trust.covers(self.read_at, now));
        if is_good && age < self.life.fresh_for {
            return if self.is_due_early(age) { State::Early } else { State::Fresh };
        }
        // Saying "there is no such thing" on a guess would be worse than saying nothing.
        if self.value.is_none() {
            return State::Gone;
        }
        if is_good && age < self.life.aged_until {
            return State::Aged;
        }
        if age < self.life.usable_for { State::LastResort } else { State::Gone }
    }

    fn is_due_early(&self, age: Duration) -> bool {
        // Far from the end, the dice need not even be thrown.
        age >= self.life.early_from
            && early_refresh::is_due(
                self.life.fresh_for.saturating_sub(age),
                self.load_time,
                self.life.early_refresh_percent,
                rand::random_range(0.0..1.0),
            )
    }

    /// When it stops being fresh: by its age, or because the replica will have caught up, from a loss or with a change.
    pub(super) fn fresh_until(&self, trust: Option<Trust>) -> Instant {
        if let Some(until) = self.lagging_until {
            return until;
        }
        let by_age = self.read_at + self.life.fresh_for;
        match trust {
            Some(trust) if self.read_at < trust.settled_at => by_age.min(trust.settled_at),
            _ => by_age,
        }
    }

    /// A newer version exists: from now on this one is a last resort. What a lagging replica said has its end set already.
    pub(super) fn mark_outdated(&self) {
        self.outdated.store(true, Ordering::Release);
    }

    /// Which of two entries is newer: by version, and of one version by when it was read.
    pub(super) fn is_newer_than(&self, other: &Self) -> bool {
        (self.version, self.read_at_ms) > (other.version, other.read_at_ms)
    }

    /// How much longer it is worth its place.
    pub(super) fn remaining_life(&self, now: Instant) -> Duration {
        self.life.usable_for.saturating_sub(now.saturating_duration_since(self.read_at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn settings() -> EntrySettings {
        EntrySettings {
            ttl_ms: 10_000,
            negative_ttl_ms: 10_000,
            stale_while_revalidate_ms: 5_000,
            stale_if_error_ms: 90_000,
            early_refresh_percent: 0,
            ..EntrySettings::default()
        }
    }

    fn entry(value: Option<u8>, read_at: Instant) -> Entry<u8> {
        let source = Source { version: Version::new(1), read_at, read_at_ms: 0, load_time: Duration::ZERO };
        let life = Life::new(&settings(), value.is_none(), Duration::ZERO, 0.0);
        Entry::new(value.map(Arc::new), source, life, 1)
    }

    #[test]
    fn goes_from_fresh_to_aged_to_last_resort_to_gone() {
        let start = Instant::now();
        let entry = entry(Some(1), start);
        let states = [(9, State::Fresh), (10, State::Aged), (15, State::LastResort), (100, State::Gone)];
        for (age, state) in states {
            assert_eq!(entry.state(start + age * SECOND, None), state, "at {age} s");
        }
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
    fn an_outdated_entry_is_never_aged() {
        let start = Instant::now();
        let entry = entry(Some(1), start);
        entry.mark_outdated();
        assert_eq!(entry.state(start, None), State::LastResort);
        assert_eq!(entry.state(start + 11 * SECOND, None), State::LastResort);
    }

    #[test]
    fn what_is_not_trusted_is_never_aged_and_ends_when_the_loss_has_settled() {
        let start = Instant::now();
        let trust = Some(Trust { lost_at: start, settled_at: start + 2 * SECOND });
        assert_eq!(entry(Some(1), start).state(start + SECOND, trust), State::LastResort);
        assert_eq!(entry(Some(1), start).state(start + 11 * SECOND, trust), State::LastResort);
        let since = entry(Some(1), start + SECOND);
        assert_eq!(since.state(start + SECOND, trust), State::Fresh);
        assert_eq!(since.fresh_until(trust), start + 2 * SECOND);
    }

    #[test]
    fn what_a_lagging_replica_said_holds_for_a_moment() {
        let start = Instant::now();
        let lagging = entry(Some(1), start).lagging(start + SECOND);
        assert_eq!(lagging.state(start, None), State::Lagging);
        assert_eq!(lagging.fresh_until(None), start + SECOND);
        assert_eq!(lagging.state(start + SECOND, None), State::LastResort);
        let nothing = entry(None, start).lagging(start + SECOND);
        assert_eq!(nothing.state(start, None), State::Lagging);
        assert_eq!(nothing.state(start + SECOND, None), State::Gone);
    }
}
