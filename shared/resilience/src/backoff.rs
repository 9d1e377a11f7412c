//! How long to wait before the next try.

use std::time::Duration;

/// Waits that double from `first` to `longest`, each shortened at random by up to half, so that those who failed
/// together do not come back together.
#[derive(Debug, Clone)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
    next: Duration,
}

impl Backoff {
    /// Waits from `first` up to `longest`.
    pub fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, next: first.min(longest) }
    }

    /// How long to wait now; the next answer is longer.
    pub fn next_wait(&mut self) -> Duration {
        let wait = self.next.mul_f64(rand::random_range(0.5..=1.0));
        self.next = self.next.saturating_mul(2).min(self.longest);
        wait
    }

    /// Waits before the next try.
    pub async fn wait(&mut self) {
        tokio::time::sleep(self.next_wait()).await;
    }

    /// Begins anew, after a try that worked.
    pub fn reset(&mut self) {
        self.next = self.first.min(self.longest);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn waits_grow_and_begin_anew() {
        let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(1));
        let start = tokio::time::Instant::now();
        for _ in 0..4 {
            backoff.wait().await;
        }
        let waited = start.elapsed();
        assert!((Duration::from_millis(750)..=Duration::from_millis(1504)).contains(&waited), "{waited:?}");
        backoff.reset();
        assert!(backoff.next_wait() <= Duration::from_millis(100));
    }

    #[test]
    fn those_who_failed_together_do_not_come_back_together() {
        let waits: std::collections::HashSet<Duration> =
            (0..100).map(|_| Backoff::new(Duration::from_secs(1), Duration::from_secs(1)).next_wait()).collect();
        assert!(waits.len() > 90, "{} different waits", waits.len());
    }

    proptest! {
        #[test]
        fn every_wait_lies_between_half_the_first_and_the_longest(first in 1_u64..10_000, longest in 1_u64..100_000, tries in 1_usize..80) {
            let (first, longest) = (Duration::from_millis(first), Duration::from_millis(longest));
            let mut backoff = Backoff::new(first, longest);
            for _ in 0..tries {
                let wait = backoff.next_wait();
                prop_assert!(wait <= longest);
                prop_assert!(wait >= first.min(longest).mul_f64(0.49));
            }
        }
    }
}
