//! What a look into the cache tells about time.

use std::time::Duration;

use tokio::time::Instant;

use crate::change_counters::Stamps;

/// Longer than any process lives, and short enough to be added to any moment.
const FOR_EVER: Duration = Duration::from_secs(10 * 365 * 24 * 3_600);

/// How long an answer holds: until `fresh_until`, and only as long as its stamps are current.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freshness {
    /// When the oldest part was read from the store.
    pub read_at: Instant,
    /// When the first part stops being fresh. For an answer that is stale already, this has passed.
    pub fresh_until: Instant,
    /// What was counted for each part before it was looked for.
    pub stamps: Stamps,
}

impl Freshness {
    /// The same, but no longer than this from now on.
    #[must_use]
    pub fn at_most(mut self, time: Duration) -> Self {
        self.fresh_until = self.fresh_until.min(Instant::now() + time);
        self
    }

    /// Of something that needs no look at all.
    #[must_use]
    pub fn certain() -> Self {
        let now = Instant::now();
        Self { read_at: now, fresh_until: now + FOR_EVER, stamps: Stamps::none() }
    }

    /// Of an answer put together from two.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            read_at: self.read_at.min(other.read_at),
            fresh_until: self.fresh_until.min(other.fresh_until),
            stamps: self.stamps.and(other.stamps),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_answer_from_two_parts_is_as_old_as_the_older_and_ends_with_the_first() {
        let start = Instant::now();
        let part = |read_at, fresh_until| Freshness {
            read_at: start + Duration::from_secs(read_at),
            fresh_until: start + Duration::from_secs(fresh_until),
            stamps: Stamps::none(),
        };
        let whole = part(1, 9).and(part(2, 5)).and(Freshness::certain());
        assert_eq!(whole, Freshness { read_at: start, ..part(0, 5) });
    }
}
