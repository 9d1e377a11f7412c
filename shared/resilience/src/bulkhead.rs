//! A wall between kinds of work, so that one of them cannot take everything.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// Lets so many in at once; others wait in order, for a bounded time, and are then refused. Clones share the places.
#[derive(Debug, Clone)]
pub struct Bulkhead {
    name: &'static str,
    max_concurrent: usize,
    max_wait: Duration,
    places: Arc<Semaphore>,
}

/// A place behind the bulkhead, free again when this is dropped.
#[derive(Debug)]
#[must_use = "the place is given back at once when this is not kept"]
pub struct Permit {
    _place: OwnedSemaphorePermit,
}

/// No place became free in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{name} has no place free")]
pub struct BulkheadFull {
    /// Which bulkhead refused.
    pub name: &'static str,
}

impl Bulkhead {
    /// A bulkhead with `max_concurrent` places, for which one may wait up to `max_wait`.
    pub fn new(name: &'static str, max_concurrent: usize, max_wait: Duration) -> Self {
        let max_concurrent = max_concurrent.min(Semaphore::MAX_PERMITS);
        Self { name, max_concurrent, max_wait, places: Arc::new(Semaphore::new(max_concurrent)) }
    }

    /// Takes a place, waiting for one if need be.
    pub async fn enter(&self) -> Result<Permit, BulkheadFull> {
        // The common case costs no timer.
        if let Ok(permit) = self.try_enter() {
            return Ok(permit);
        }
        let waiting = Arc::clone(&self.places).acquire_owned();
        match timeout(self.max_wait, waiting).await {
            Ok(Ok(place)) => Ok(Permit { _place: place }),
            _ => Err(BulkheadFull { name: self.name }),
        }
    }

    /// Takes a place if one is free right now and nobody waits for it.
    pub fn try_enter(&self) -> Result<Permit, BulkheadFull> {
        match Arc::clone(&self.places).try_acquire_owned() {
            Ok(place) => Ok(Permit { _place: place }),
            Err(_) => Err(BulkheadFull { name: self.name }),
        }
    }

    /// How many places are taken.
    pub fn in_use(&self) -> usize {
        self.max_concurrent - self.places.available_permits()
    }

    /// How many places there are.
    pub fn max_concurrent(&self) -> usize {
        self.max_concurrent
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{Instant, sleep};

    use super::*;

    fn one_place() -> Bulkhead {
        Bulkhead::new("the counter", 1, Duration::from_millis(50))
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_one_refuses_after_the_wait_and_not_before() {
        let counter = one_place();
        let _permit = counter.enter().await.expect("the first");
        let start = Instant::now();
        let refusal = counter.enter().await.expect_err("the second");
        assert_eq!(refusal, BulkheadFull { name: "the counter" });
        assert_eq!(start.elapsed(), Duration::from_millis(50));
        assert_eq!(counter.in_use(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_gets_the_place_that_becomes_free() {
        let counter = one_place();
        let permit = counter.enter().await.expect("the first");
        let waiting = tokio::spawn({
            let counter = counter.clone();
            async move { counter.enter().await.is_ok() }
        });
        sleep(Duration::from_millis(20)).await;
        assert!(counter.try_enter().is_err());
        drop(permit);
        assert!(waiting.await.expect("no panic"));
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_stops_waiting_leaves_no_trace() {
        let counter = one_place();
        let permit = counter.enter().await.expect("the first");
        let impatient = timeout(Duration::from_millis(5), counter.enter()).await;
        assert!(impatient.is_err());
        drop(permit);
        assert_eq!(counter.in_use(), 0);
        assert!(counter.try_enter().is_ok());
    }

    #[tokio::test]
    async fn never_more_than_its_places_are_inside() {
        let counter = Bulkhead::new("the counter", 3, Duration::from_secs(5));
        let tasks: Vec<_> = (0..50)
            .map(|_| {
                let counter = counter.clone();
                tokio::spawn(async move {
                    let _permit = counter.enter().await.expect("a place");
                    tokio::task::yield_now().await;
                    counter.in_use()
                })
            })
            .collect();
        for task in tasks {
            assert!((1..=3).contains(&task.await.expect("no panic")));
        }
    }
}
