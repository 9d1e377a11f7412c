//! From when on entries in L1 are believed.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

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
        let nanos = u64::try_from(self.since.elapsed().as_nanos()).unwrap_or(u64::MAX - 1);
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
    /// Whether what was read at this moment is believed now. What was read before the replica had caught up is believed
    /// only until it has.
    pub(super) fn covers(self, read_at: Instant, now: Instant) -> bool {
        read_at >= self.settled_at || (read_at > self.lost_at && now < self.settled_at)
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
        assert!(trust.covers(at(2), at(2)), "good for the moment");
        assert!(!trust.covers(at(2), at(3)), "to be read once more");
        assert!(trust.covers(at(3), at(4)));
    }
}
