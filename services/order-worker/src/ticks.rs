//! The beat of everything that the worker does now and then.

use std::fmt::Display;
use std::time::Duration;

use halles_http::Shutdown;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// Comes up in time until the worker is asked to stop. Work that takes longer than the time between two ticks moves the
/// next one back rather than being hurried.
pub(crate) struct Ticks {
    interval: Interval,
    shutdown: Shutdown,
}

impl Ticks {
    /// The first tick comes at once.
    pub(crate) fn every(milliseconds: u64, shutdown: &Shutdown) -> Self {
        let mut interval = interval(Duration::from_millis(milliseconds));
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { interval, shutdown: shutdown.clone() }
    }

    /// Waits for the next one; false when it is time to stop.
    pub(crate) async fn next(&mut self) -> bool {
        tokio::select! {
            _ = self.interval.tick() => true,
            () = self.shutdown.requested() => false,
        }
    }
}

/// What could not be done now is said, and tried again with the next tick.
pub(crate) fn try_on<E: Display>(what: &'static str, outcome: Result<(), E>) {
    if let Err(error) = outcome {
        tracing::warn!(%error, what, "cannot be looked after now; trying on");
    }
}
