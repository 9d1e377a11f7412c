//! Publishes the outbox: one relay at a time, whoever holds the lock.

use std::convert::Infallible;
use std::time::Duration;

use halles_domain::{Change, ChangePosition};
use halles_redis::RedisError;
use halles_resilience::Backoff;
use halles_store::{RelayLock, StoreError, Writer};
use tokio::time::{Instant, sleep};

use super::meters::RelayMeters;
use super::settings::ChangesSettings;
use super::stream::ChangeStream;

/// Between two tries when a server is away: soon enough for the second within which everybody sees a change.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The way from the outbox to the change stream.
pub struct Relay {
    writer: Writer,
    /// None when there is no stream and everybody polls the outbox, which still has to be tidied.
    stream: Option<ChangeStream>,
    settings: ChangesSettings,
    meters: RelayMeters,
}

impl Relay {
    /// A relay that publishes to the stream of the settings. That its Redis is away is no error.
    pub async fn connect(writer: Writer, settings: &ChangesSettings) -> Result<Self, RedisError> {
        let stream = ChangeStream::connect(settings).await?;
        Ok(Self { writer, stream, settings: settings.clone(), meters: RelayMeters::new() })
    }

    /// Publishes whenever this process holds the lock, and waits for the lock otherwise. It never ends by itself; it
    /// may be dropped at any moment, and whoever comes next goes on.
    pub async fn run(&self) -> Infallible {
        let mut backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE);
        loop {
            match self.writer.try_relay_lock().await {
                Ok(Some(lock)) => {
                    backoff.reset();
                    let Err(error) = self.lead(&lock).await;
                    self.meters.leads(false);
                    self.meters.failed("store");
                    tracing::warn!(%error, "the relay stepped down");
                }
                Ok(None) => {
                    backoff.reset();
                    sleep(Duration::from_millis(self.settings.relay_takeover_ms)).await;
                    continue;
                }
                Err(error) => {
                    self.meters.failed("lock");
                    tracing::debug!(%error, "the relay's lock cannot be asked for");
                }
            }
            backoff.wait().await;
        }
    }

    async fn lead(&self, lock: &RelayLock) -> Result<Infallible, StoreError> {
        tracing::info!("this process relays the changes");
        self.meters.leads(true);
        let mut purge_at = Instant::now();
        let mut place = lock.fetch_position().await?;
        loop {
            let changes = lock.list_changes(place, self.settings.batch_size()).await?;
            if let Some(last) = changes.last() {
                self.publish(place, &changes).await;
                lock.save_position(last.position).await?;
                place = last.position;
                self.meters.published(changes.len());
            }
            if Instant::now() >= purge_at {
                self.purge(lock).await?;
                purge_at = Instant::now() + Duration::from_millis(self.settings.purge_every_ms);
            }
            if changes.len() < self.settings.batch_size() {
                sleep(Duration::from_millis(self.settings.relay_rest_ms)).await;
            }
        }
    }

    /// Tries until it has worked. While Redis is away the followers poll the outbox, so nobody waits for this.
    async fn publish(&self, after: ChangePosition, changes: &[Change]) {
        let Some(stream) = &self.stream else { return };
        let mut backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE);
        while let Err(error) = stream.publish(after, changes).await {
            self.meters.failed("stream");
            tracing::debug!(%error, "changes could not be published; trying again");
            backoff.wait().await;
        }
    }

    async fn purge(&self, lock: &RelayLock) -> Result<(), StoreError> {
        let kept = Duration::from_secs(self.settings.outbox_kept_hours.saturating_mul(3_600));
        let purged = lock.purge_outbox(kept).await?;
        if purged > 0 {
            tracing::info!(purged, "tidied the outbox");
        }
        Ok(())
    }
}
