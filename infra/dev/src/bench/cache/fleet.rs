//! Several instances of the listing service, with the order-worker that relays changes to them.

use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::{Instant, sleep};

use super::metrics::{CHANGES_HEARD, LOADS, LOSSES, Metrics};
use crate::bench::servers::BenchServers;
use crate::ports::InstancePorts;

/// How long an instance may take to hear of a change before something is wrong with it.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it is asked meanwhile.
const ASK_EVERY: Duration = Duration::from_millis(5);

/// The instances.
pub(super) struct Fleet {
    instances: Vec<InstancePorts>,
}

impl Fleet {
    /// Starts them, and returns when all are ready.
    pub(super) async fn start(servers: &mut BenchServers, instances: usize) -> Result<Self> {
        servers.start_service("order-worker", &[], None).await?;
        for number in 1..=instances {
            servers.start_service(&format!("listing-{number}"), &[], None).await?;
        }
        let instances = servers.stack().plan().ports.listing.iter().take(instances).copied().collect();
        Ok(Self { instances })
    }

    /// Where they answer shoppers.
    pub(super) fn ports(&self) -> Vec<u16> {
        self.instances.iter().map(|instance| instance.port).collect()
    }

    /// How often they have read one kind of thing from the store.
    pub(super) async fn loads_of(&self, kind: &str) -> Result<f64> {
        Ok(self.each(LOADS, &[("kind", kind)]).await?.iter().sum())
    }

    /// How often they have read anything from the store.
    pub(super) async fn loads(&self) -> Result<f64> {
        Ok(self.each(LOADS, &[]).await?.iter().sum())
    }

    /// How many changes each has heard of.
    pub(super) async fn changes_heard(&self) -> Result<Vec<f64>> {
        self.each(CHANGES_HEARD, &[]).await
    }

    /// How often each has noticed that it may have missed something.
    pub(super) async fn losses_noticed(&self) -> Result<Vec<f64>> {
        self.each(LOSSES, &[]).await
    }

    /// Waits until each has heard of another change than those.
    pub(super) async fn await_change_after(&self, heard: &[f64]) -> Result<()> {
        self.await_more(CHANGES_HEARD, heard).await
    }

    /// Waits until each has noticed another loss than those.
    pub(super) async fn await_loss_after(&self, noticed: &[f64]) -> Result<()> {
        self.await_more(LOSSES, noticed).await
    }

    async fn await_more(&self, name: &str, before: &[f64]) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let now = self.each(name, &[]).await?;
            if now.iter().zip(before).all(|(now, before)| now > before) {
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("{name} stays at {now:?}");
            }
            sleep(ASK_EVERY).await;
        }
    }

    async fn each(&self, name: &str, labels: &[(&str, &str)]) -> Result<Vec<f64>> {
        let mut values = Vec::with_capacity(self.instances.len());
        for instance in &self.instances {
            values.push(Metrics::read(instance.admin_port).await?.sum(name, labels));
        }
        Ok(values)
    }
}
