//! How a task learns that it should finish what it has in hand.

use tokio::sync::watch;

/// A request to stop, made once and seen by every clone, however late it looks.
#[derive(Debug, Clone)]
pub struct Shutdown {
    requested: watch::Sender<bool>,
}

impl Shutdown {
    /// Nobody has asked to stop yet.
    pub fn new() -> Self {
        Self { requested: watch::Sender::new(false) }
    }

    /// Asks everybody to stop.
    pub fn request(&self) {
        self.requested.send_replace(true);
    }

    /// Whether somebody has asked to stop: for a loop that has something to do in each round.
    pub fn is_requested(&self) -> bool {
        *self.requested.borrow()
    }

    /// Waits until somebody asks to stop: for `tokio::select!` beside whatever a task waits for.
    pub async fn requested(&self) {
        let mut receiver = self.requested.subscribe();
        // It cannot fail: `self` is a sender, so the channel stays open while we wait.
        let _ = receiver.wait_for(|is_requested| *is_requested).await;
    }
}

impl Default for Shutdown {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn everybody_hears_it_however_late() {
        let shutdown = Shutdown::new();
        let waiting = tokio::spawn({
            let shutdown = shutdown.clone();
            async move { shutdown.requested().await }
        });
        tokio::task::yield_now().await;
        assert!(!shutdown.is_requested() && !waiting.is_finished());
        shutdown.request();
        waiting.await.expect("no panic");
        shutdown.clone().requested().await;
        assert!(shutdown.is_requested());
    }
}
