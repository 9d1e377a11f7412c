//! From when on entries in L1 are believed: since this process lost changes, or heard that nobody believes what L2 held.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use super::{Inner, TieredCache};
use crate::Origin;

/// The last moment up to which changes may have gone by unheard.
pub(super) struct Losses {
    since: Instant,
    settle: Duration,
    /// Nanoseconds from `since`, plus one; zero for never. Read with every request, so no lock.
    last: AtomicU64,
}

/// What was read before a loss had settled is in doubt.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trust {
    /// The last moment up to which changes may have gone by unheard.
    pub(super) lost_at: Instant,
    /// When the replica has certainly caught up with that moment.
    pub(super) settled_at: Instant,
}

impl Losses {
    pub(super) fn new(settle: Duration) -> Self {
        Self { since: Instant::now(), settle, last: AtomicU64::new(0) }
    }

    /// Changes may have gone by unheard until now.
    pub(super) fn note(&self) {
        self.note_at(Instant::now());
    }

    /// What was read up to this moment, by when everything had settled, is in doubt.
    pub(super) fn note_settled(&self, settled_at: Instant) {
        let lost_at = settled_at.checked_sub(self.settle).unwrap_or(self.since);
        self.note_at(lost_at.max(self.since));
    }

    fn note_at(&self, lost_at: Instant) {
        let nanos = u64::try_from(lost_at.saturating_duration_since(self.since).as_nanos()).unwrap_or(u64::MAX - 1);
        self.last.fetch_max(nanos + 1, Ordering::AcqRel);
    }

    /// What to believe; none when nothing was ever lost.
    pub(super) fn trust(&self) -> Option<Trust> {
        let nanos = self.last.load(Ordering::Acquire).checked_sub(1)?;
        let lost_at = self.since + Duration::from_nanos(nanos);
        Some(Trust { lost_at, settled_at: lost_at + self.settle })
    }
}

impl Trust {
    /// Whether what was read at this moment is believed for good.
    pub(super) fn had_settled(self, read_at: Instant) -> bool {
        read_at >= self.settled_at
    }

    /// Whether what was read at this moment is believed now. What was read before the replica had caught up is believed
    /// only until it has.
    pub(super) fn covers(self, read_at: Instant, now: Instant) -> bool {
        self.had_settled(read_at) || (read_at > self.lost_at && now < self.settled_at)
    }
}

impl<O: Origin> TieredCache<O> {
    /// Changes may have gone by unheard: what is here now, and what L2 holds, is only a last resort until it has been
    /// read afresh.
    pub fn distrust(&self) {
        let inner = &self.inner;
        inner.losses.note();
        inner.flights.forget_all();
        if let Some(l2) = &inner.l2 {
            l2.distrust_up_to(inner.settled_ms());
        }
        inner.counters.count_loss();
    }

    /// When nobody believes L2 any more, what came here from it is no better.
    pub(super) fn hear_of_doubts(&self) {
        let inner = Arc::downgrade(&self.inner);
        let doubt = move |up_to_ms| {
            if let Some(inner) = inner.upgrade() {
                inner.doubt(up_to_ms);
            }
        };
        if let Some(l2) = &self.inner.l2 {
            l2.when_doubted(doubt);
        }
    }
}

impl<O: Origin> Inner<O> {
    /// What was read up to this moment, in Unix milliseconds, is only a last resort until it has been read afresh.
    fn doubt(&self, up_to_ms: u64) {
        let (now, now_ms) = (Instant::now(), self.clock.unix_ms());
        let ago = Duration::from_millis(now_ms.saturating_sub(up_to_ms));
        // However far ahead somebody's clock is: what is read now has to do until it is read once more.
        let ahead = Duration::from_millis(up_to_ms.saturating_sub(now_ms)).min(self.times.settle);
        self.losses.note_settled(now.checked_sub(ago).unwrap_or(now) + ahead);
        self.flights.forget_all();
        self.counters.count_loss();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn after_a_loss_only_what_is_read_later_is_believed() {
        let losses = Losses::new(2 * SECOND);
        assert!(losses.trust().is_none());
        let start = Instant::now();
        tokio::time::advance(SECOND).await;
        losses.note();
        let trust = losses.trust().expect("a loss");
        let at = |seconds: u32| start + seconds * SECOND;
        assert!(!trust.covers(at(0), at(2)), "read before the loss");
        assert!(!trust.covers(at(1), at(2)), "read at that very moment");
        assert!(trust.covers(at(2), at(2)) && !trust.had_settled(at(2)), "good for the moment");
        assert!(!trust.covers(at(2), at(3)), "to be read once more");
        assert!(trust.covers(at(3), at(4)));
    }

    #[tokio::test(start_paused = true)]
    async fn what_had_settled_before_a_doubt_was_heard_of_is_believed() {
        let losses = Losses::new(2 * SECOND);
        let start = Instant::now();
        tokio::time::advance(9 * SECOND).await;
        losses.note_settled(start + 5 * SECOND);
        let trust = losses.trust().expect("a doubt");
        assert!(!trust.covers(start + 4 * SECOND, Instant::now()));
        assert!(trust.covers(start + 5 * SECOND, Instant::now()));
    }
}
