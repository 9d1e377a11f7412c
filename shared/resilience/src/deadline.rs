//! The time by which an answer is still useful.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

/// A moment after which nobody waits for the answer any more. Made once at the door, copied along with the request;
/// every outgoing call takes what is left of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(Instant);

/// The answer would have come too late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the deadline has passed")]
pub struct DeadlineExceeded;

impl Deadline {
    /// The deadline of something that starts now and may take this long.
    pub fn after(budget: Duration) -> Self {
        Self(Instant::now() + budget)
    }

    /// How much time is left; nothing once it has passed.
    pub fn remaining(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// Whether it has passed.
    pub fn has_passed(self) -> bool {
        self.remaining().is_zero()
    }

    /// The earlier of this deadline and one that starts now: for a step that may not use up the whole budget.
    #[must_use]
    pub fn at_most(self, budget: Duration) -> Self {
        self.min(Self::after(budget))
    }

    /// Does the work, or gives it up when the deadline passes. Work whose deadline has already passed never begins.
    pub async fn run<T>(self, work: impl Future<Output = T>) -> Result<T, DeadlineExceeded> {
        if self.has_passed() {
            return Err(DeadlineExceeded);
        }
        timeout_at(self.0, work).await.map_err(|_| DeadlineExceeded)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use tokio::time::{advance, sleep};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_quick_enough_is_answered() {
        let deadline = Deadline::after(Duration::from_millis(100));
        let answer = deadline.run(async {
            sleep(Duration::from_millis(99)).await;
            7
        });
        assert_eq!(answer.await, Ok(7));
        assert_eq!(deadline.remaining(), Duration::from_millis(1));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_too_slow_is_given_up_in_time() {
        let start = Instant::now();
        let deadline = Deadline::after(Duration::from_millis(100));
        assert_eq!(deadline.run(sleep(Duration::from_secs(60))).await, Err(DeadlineExceeded));
        assert_eq!(start.elapsed(), Duration::from_millis(100));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_too_late_never_begins() {
        let deadline = Deadline::after(Duration::from_millis(100));
        advance(Duration::from_millis(100)).await;
        let has_begun = Cell::new(false);
        assert_eq!(deadline.run(async { has_begun.set(true) }).await, Err(DeadlineExceeded));
        assert!(!has_begun.get());
        assert_eq!(deadline.remaining(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_step_never_gets_more_than_is_left() {
        let deadline = Deadline::after(Duration::from_millis(100));
        assert_eq!(deadline.at_most(Duration::from_millis(30)).remaining(), Duration::from_millis(30));
        assert_eq!(deadline.at_most(Duration::from_secs(3)).remaining(), Duration::from_millis(100));
    }
}
