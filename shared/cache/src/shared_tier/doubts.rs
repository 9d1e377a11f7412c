//! From when on entries in L2 are believed.
//!
//! A process that has lost changes doubts what is there; that is its own affair. When a change could not be told to L2 in
//! time, what is there is wrong for everybody, also for those who begin later and have never heard of that change. So it
//! stands in Redis itself: a mark, the moment up to which nobody believes what was read. Every process says several times
//! a second how high it knows the mark to be, and is told how high it is; so it only ever rises, and a Redis that has lost
//! it, in an outage or a failover, is told again.
//!
//! ```text
//!  tombstones owed for too long ──► this process raises the mark ── says so as soon as Redis is there ──► all others hear
//!                                                                                                             │
//!  begins ──► nothing in L2 is believed ── has heard of the mark ──► L2: only newer entries ◄─────────────────┤
//!                                                                    L1: older ones are a last resort ◄───────┘
//! ```
//!
//! The mark is `settle_ms` ahead of whoever raises it: by then the last change has reached the replica, and what was read
//! before that was not dated later by a clock that is ahead. In Redis it has no TTL, so it outlives all entries, and only
//! what has one is evicted.
//!
//! What remains until the TTL, for whoever begins later: a change that every process has lost
//! ([`FeedEvent::Lost`](halles_domain::FeedEvent::Lost)), and one that nobody could tell before they all died, when those who
//! began meanwhile did so too late to hear it again.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::metrics::Counter;

use super::{Inner, SharedTier};
use crate::meters;

/// How often to compare marks. From one process by Redis to another it takes this time twice at most: with a connection
/// that comes back, still within the second within which a change is seen.
const SHARE_EVERY: Duration = Duration::from_millis(250);

/// Told of the moment (Unix milliseconds) up to which nobody believes anything any more.
type Listener = Box<dyn Fn(u64) + Send + Sync>;

pub(super) struct Doubts {
    /// Up to when this process does not believe.
    own_ms: AtomicU64,
    /// The mark as this process knows it.
    mark_ms: AtomicU64,
    /// Whether Redis has ever said how high it is.
    has_heard: AtomicBool,
    listeners: Mutex<Vec<Listener>>,
    raised: Counter<u64>,
}

impl Doubts {
    pub(super) fn new() -> Self {
        Self {
            own_ms: AtomicU64::new(0),
            mark_ms: AtomicU64::new(0),
            has_heard: AtomicBool::new(false),
            listeners: Mutex::default(),
            raised: meters::doubts(),
        }
    }

    /// What was read up to this moment is not believed.
    pub(super) fn up_to_ms(&self) -> u64 {
        if !self.has_heard.load(Ordering::Acquire) {
            return u64::MAX;
        }
        self.own_ms.load(Ordering::Acquire).max(self.mark_ms.load(Ordering::Acquire))
    }

    /// This process does not believe any more what was read up to this moment.
    pub(super) fn note_own(&self, moment_ms: u64) {
        self.own_ms.fetch_max(moment_ms, Ordering::AcqRel);
    }

    /// Nobody is to believe any more what was read up to this moment.
    fn raise(&self, moment_ms: u64) {
        tracing::warn!(moment_ms, "the cache Redis could not be told of changes; what was read before is not used");
        self.note_own(moment_ms);
        self.mark_ms.fetch_max(moment_ms, Ordering::AcqRel);
        self.raised.add(1, &[KeyValue::new("raised", "here")]);
    }

    /// Redis was told `said_ms`, and has the mark at `mark_ms`. When others have raised it, all listeners hear of it: what
    /// this process says itself is no news to it, for it knows those changes.
    fn note_mark(&self, said_ms: u64, mark_ms: u64) {
        // Redis puts it lower than we said when our clock is far ahead.
        let agreed = |known_ms| Some(if known_ms == said_ms { mark_ms } else { mark_ms.max(known_ms) });
        let known_ms = self.mark_ms.fetch_update(Ordering::AcqRel, Ordering::Acquire, agreed).unwrap_or_default();
        let had_heard = self.has_heard.swap(true, Ordering::AcqRel);
        if had_heard && mark_ms > known_ms {
            tracing::warn!(mark_ms, "another process could not tell the cache Redis of changes");
            self.raised.add(1, &[KeyValue::new("raised", "elsewhere")]);
            self.listeners().iter().for_each(|listener| listener(mark_ms));
        }
    }

    pub(super) fn listen(&self, listener: Listener) {
        self.listeners().push(listener);
    }

    fn listeners(&self) -> MutexGuard<'_, Vec<Listener>> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SharedTier {
    /// From now on nobody is to believe what L2 has from before.
    pub(super) fn raise_doubts(&self) {
        let settle_ms = u64::try_from(self.inner.settle.as_millis()).unwrap_or(u64::MAX / 2);
        self.inner.doubts.raise(self.clock().unix_ms() + settle_ms);
    }

    /// Says how high the mark is known to be, and hears how high it is. While that does not work, what was known holds.
    pub(super) async fn share_doubts(&self) {
        let doubts = &self.inner.doubts;
        let said_ms = doubts.mark_ms.load(Ordering::Acquire);
        if let Ok(mark_ms) = self.inner.entries.distrust(said_ms).await {
            doubts.note_mark(said_ms, mark_ms);
        }
    }
}

/// Compares marks from time to time, for as long as the tier lives.
pub(super) async fn keep_sharing(tier: Weak<Inner>) {
    while let Some(inner) = tier.upgrade() {
        SharedTier { inner }.share_doubts().await;
        tokio::time::sleep(SHARE_EVERY).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn doubts() -> (Doubts, Arc<Mutex<Vec<u64>>>) {
        let (doubts, heard) = (Doubts::new(), Arc::new(Mutex::new(Vec::new())));
        let ear = Arc::clone(&heard);
        doubts.listen(Box::new(move |moment_ms| ear.lock().expect("no panic").push(moment_ms)));
        (doubts, heard)
    }

    #[test]
    fn nothing_is_believed_before_the_mark_was_heard_and_whoever_listens_hears_it_rise() {
        let (doubts, heard) = doubts();
        doubts.note_own(3);
        assert_eq!(doubts.up_to_ms(), u64::MAX);
        for (said_ms, mark_ms, up_to_ms) in [(0, 5, 5), (5, 5, 5), (5, 7, 7), (5, 6, 7)] {
            doubts.note_mark(said_ms, mark_ms);
            assert_eq!(doubts.up_to_ms(), up_to_ms);
        }
        doubts.note_own(9);
        assert_eq!(doubts.up_to_ms(), 9);
        assert_eq!(*heard.lock().expect("no panic"), [7], "but not what was so at the beginning");
    }

    #[test]
    fn what_a_process_says_itself_is_no_news_to_it_and_a_wrong_clock_is_its_own_affair() {
        let (doubts, heard) = doubts();
        doubts.note_mark(0, 0);
        doubts.raise(9);
        doubts.note_mark(0, 0);
        assert_eq!((doubts.up_to_ms(), doubts.mark_ms.load(Ordering::Acquire)), (9, 9), "it came in between");
        doubts.note_mark(9, 9);
        doubts.raise(1_000);
        doubts.note_mark(1_000, 20);
        assert_eq!((doubts.up_to_ms(), doubts.mark_ms.load(Ordering::Acquire)), (1_000, 20));
        assert!(heard.lock().expect("no panic").is_empty());
    }
}
