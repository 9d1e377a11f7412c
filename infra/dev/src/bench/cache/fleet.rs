//! Several instances of the listing service, with the order-worker that relays changes to them.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use futures_util::future::{join_all, try_join_all};
use serde::Serialize;
use tokio::time::{Instant, sleep};

use crate::bench::metrics::{CHANGES_HEARD, LOADS, Metrics};
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
    /// Starts them with these settings, and returns when all are ready.
    pub(super) async fn start(servers: &mut BenchServers, instances: usize, settings: &[(&str, &str)]) -> Result<Self> {
        servers.start_service("order-worker", &[], None).await?;
        for number in 1..=instances {
            servers.start_service(&format!("listing-{number}"), settings, None).await?;
        }
        let instances = servers.stack().plan().ports.listing.iter().take(instances).copied().collect();
        Ok(Self { instances })
    }

    /// Where they answer shoppers.
    pub(super) fn ports(&self) -> Vec<u16> {
        self.instances.iter().map(|instance| instance.port).collect()
    }

    /// How often they have read from the store, by kind.
    pub(super) async fn loads(&self) -> Result<Loads> {
        let mut loads = BTreeMap::new();
        for metrics in self.metrics().await? {
            for (kind, count) in metrics.sums_by(LOADS, "kind") {
                *loads.entry(kind).or_default() += count;
            }
        }
        Ok(Loads(loads))
    }

    /// How many changes each has heard of.
    pub(super) async fn changes_heard(&self) -> Result<Vec<f64>> {
        self.each(CHANGES_HEARD).await
    }

    /// Waits until each has heard of another change than those.
    pub(super) async fn await_change_after(&self, heard: &[f64]) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let now = self.changes_heard().await?;
            if now.iter().zip(heard).all(|(now, before)| now > before) {
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("an instance does not hear of a change: {now:?}");
            }
            sleep(ASK_EVERY).await;
        }
    }

    /// Stops all instances, empties the cache's Redis and starts them again: nobody remembers anything, and they count
    /// from nothing.
    pub(super) async fn forget_everything(&self, servers: &BenchServers) -> Result<()> {
        let names = (1..=self.instances.len()).map(|number| format!("listing-{number}"));
        let processes = names.map(|name| servers.stack().process(&name)).collect::<Result<Vec<_>, _>>()?;
        join_all(processes.iter().map(|process| process.hold())).await;
        servers.flush_redis_cache().await?;
        join_all(processes.iter().map(|process| process.resume())).await;
        let are_ready = join_all(processes.iter().map(|process| process.ready())).await;
        ensure!(are_ready.iter().all(|is_ready| *is_ready), "an instance does not come back");
        Ok(())
    }

    async fn each(&self, name: &str) -> Result<Vec<f64>> {
        Ok(self.metrics().await?.iter().map(|metrics| metrics.sum(name, &[])).collect())
    }

    async fn metrics(&self) -> Result<Vec<Metrics>> {
        try_join_all(self.instances.iter().map(|instance| Metrics::read(instance.admin_port))).await
    }
}

/// How often things were read from the store, by kind.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(super) struct Loads(BTreeMap<String, f64>);

impl Loads {
    /// What has been added since.
    pub(super) fn since(mut self, before: &Self) -> Self {
        for (kind, count) in &mut self.0 {
            *count -= before.of(kind);
        }
        self.0.retain(|_, count| *count > 0.0);
        self
    }

    /// Of one kind.
    pub(super) fn of(&self, kind: &str) -> f64 {
        self.0.get(kind).copied().unwrap_or_default()
    }

    /// Of all kinds.
    pub(super) fn total(&self) -> f64 {
        self.0.values().sum()
    }
}
