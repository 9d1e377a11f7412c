//! What an instance does before it takes traffic, for a limited time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use crate::{Need, Readiness};

/// How often it is asked whether the warm-up can begin.
const ASK_EVERY: Duration = Duration::from_millis(100);

/// A warm-up: it makes a new instance as quick as an old one, and is never worth more than its limit.
#[derive(Debug, Clone, Copy)]
pub struct WarmUp {
    limit: Duration,
}

impl WarmUp {
    /// A warm-up that may take this long; none at all if that is no time.
    pub const fn within(limit: Duration) -> Self {
        Self { limit }
    }

    /// Does `work` as soon as `can_begin` says so. The instance is not ready before it is done, or out of time. Its time
    /// counts from when it begins: whether an instance is ready without what it waits for is for other probes to say.
    pub fn start<C, F, W>(self, readiness: &Readiness, can_begin: C, work: W) -> JoinHandle<()>
    where
        C: Fn() -> F + Send + 'static,
        F: Future<Output = bool> + Send,
        W: Future<Output = ()> + Send + 'static,
    {
        let is_over = Arc::new(AtomicBool::new(self.limit.is_zero()));
        let asked = Arc::clone(&is_over);
        readiness.add("warm_up", Need::Once, move || {
            let is_over = asked.load(Ordering::Acquire);
            async move { if is_over { Ok(()) } else { Err("still warming up") } }
        });
        tokio::spawn(async move {
            if is_over.load(Ordering::Acquire) {
                return;
            }
            while !can_begin().await {
                sleep(ASK_EVERY).await;
            }
            let began = Instant::now();
            let limit_ms = self.limit.as_millis();
            match timeout(self.limit, work).await {
                Ok(()) => tracing::info!(took_ms = began.elapsed().as_millis(), "warmed up"),
                Err(_) => {
                    tracing::warn!(limit_ms, "the warm-up ran out of time; the rest is made when it is asked for")
                }
            }
            is_over.store(true, Ordering::Release);
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    async fn is_ready_after(readiness: &Readiness, time: Duration) -> bool {
        sleep(time).await;
        readiness.is_ready(SECOND)
    }

    #[tokio::test(start_paused = true)]
    async fn an_instance_is_ready_when_its_work_is_done() {
        let readiness = Readiness::new();
        WarmUp::within(10 * SECOND).start(&readiness, || std::future::ready(true), sleep(2 * SECOND));
        readiness.watch(SECOND / 10, SECOND);
        assert!(!is_ready_after(&readiness, SECOND).await);
        assert!(is_ready_after(&readiness, 2 * SECOND).await);
    }

    #[tokio::test(start_paused = true)]
    async fn or_when_its_time_is_over() {
        let readiness = Readiness::new();
        WarmUp::within(3 * SECOND).start(&readiness, || std::future::ready(true), std::future::pending());
        readiness.watch(SECOND / 10, SECOND);
        assert!(!is_ready_after(&readiness, 2 * SECOND).await);
        assert!(is_ready_after(&readiness, 2 * SECOND).await);
    }

    #[tokio::test(start_paused = true)]
    async fn the_time_counts_from_its_beginning() {
        let readiness = Readiness::new();
        let opens_at = Instant::now() + 5 * SECOND;
        let can_begin = move || std::future::ready(Instant::now() >= opens_at);
        WarmUp::within(3 * SECOND).start(&readiness, can_begin, async { sleep(2 * SECOND).await });
        readiness.watch(SECOND / 10, SECOND);
        assert!(!is_ready_after(&readiness, 6 * SECOND).await);
        assert!(is_ready_after(&readiness, 2 * SECOND).await);
    }

    #[tokio::test(start_paused = true)]
    async fn no_time_is_no_warm_up() {
        let readiness = Readiness::new();
        WarmUp::within(Duration::ZERO).start(&readiness, || std::future::ready(false), std::future::pending());
        readiness.watch(SECOND / 10, SECOND);
        assert!(is_ready_after(&readiness, SECOND / 5).await);
    }
}
