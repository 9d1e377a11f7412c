//! Waiting for a condition.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How often a condition is looked at.
const POLL: Duration = Duration::from_millis(10);

/// Waits until `condition` holds, and panics with `what` when it does not within `timeout`.
pub async fn eventually(what: &str, timeout: Duration, mut condition: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + timeout;
    while !condition().await {
        assert!(Instant::now() < deadline, "waited {timeout:?} in vain: {what}");
        sleep(POLL).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn looks_again_until_it_holds() {
        let mut looks = 0;
        eventually("three looks", Duration::from_secs(1), async || {
            looks += 1;
            looks == 3
        })
        .await;
        assert_eq!(looks, 3);
    }

    #[tokio::test(start_paused = true)]
    #[should_panic(expected = "waited 1s in vain: the sky falls")]
    async fn gives_up() {
        eventually("the sky falls", Duration::from_secs(1), async || false).await;
    }
}
