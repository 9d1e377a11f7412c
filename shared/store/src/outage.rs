//! Remembering for a moment that a server is down, so that not every caller pays for finding out.
//!
//! While an outage lasts, one caller per interval is let through as a probe and the others are refused at once. Any
//! success ends the outage.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// What is known about a server that may be down.
#[derive(Debug)]
pub(crate) struct Outage {
    probe_every: Duration,
    next_probe: Mutex<Option<Instant>>,
}

impl Outage {
    /// Nothing bad known yet; during an outage one caller `probe_every` interval may try.
    pub(crate) const fn new(probe_every: Duration) -> Self {
        Self { probe_every, next_probe: Mutex::new(None) }
    }

    /// Whether this caller may try: everybody while all is well, one per interval during an outage.
    pub(crate) fn admits(&self) -> bool {
        let now = Instant::now();
        let mut next_probe = self.lock();
        match *next_probe {
            None => true,
            Some(at) if now >= at => {
                *next_probe = Some(now + self.probe_every);
                true
            }
            Some(_) => false,
        }
    }

    /// Remembers that the server did not answer; says whether that is news.
    pub(crate) fn begin(&self) -> bool {
        self.lock().replace(Instant::now() + self.probe_every).is_none()
    }

    /// Remembers that the server answered; says whether that is news.
    pub(crate) fn end(&self) -> bool {
        self.lock().take().is_some()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.next_probe.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_outage_lets_one_probe_through_per_interval_until_one_succeeds() {
        let outage = Outage::new(Duration::from_millis(500));
        assert!(outage.admits() && outage.admits(), "all is well");
        assert!(outage.begin() && !outage.begin(), "the second failure is no news");
        assert!(!outage.admits());
        tokio::time::advance(Duration::from_millis(500)).await;
        assert!(outage.admits(), "one probe");
        assert!(!outage.admits(), "and only one");
        assert!(outage.end() && !outage.end());
        assert!(outage.admits() && outage.admits());
    }
}
