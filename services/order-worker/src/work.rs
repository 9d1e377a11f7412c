//! The worker's tasks, started together and stopped together.

use std::sync::Arc;

use anyhow::Context;
use halles_http::{AdminServer, Need, Readiness, ShopLinks, Shutdown, Signer};
use halles_mail::Mailer;
use halles_payment::{HostedProvider, PaymentProvider};
use halles_queue::changes::Relay;
use halles_queue::order_log::{Consumer, OrderLog};
use halles_store::{Reader, Writer};
use halles_telemetry::Telemetry;
use tokio::task::JoinSet;

use crate::expiry;
use crate::mails::Mails;
use crate::payment_sweep::PaymentSweep;
use crate::placing::Placing;
use crate::refunds::Refunds;
use crate::settings::OrderWorkerSettings;
use crate::shoppers;
use crate::vitals::Vitals;

/// Everything that the worker does, ready to begin.
pub struct Work {
    settings: OrderWorkerSettings,
    writer: Writer,
    /// For measuring how far the replica is behind; none where no replica is known.
    reader: Option<Reader>,
    log: OrderLog,
    consumer: Consumer,
    relay: Relay,
    provider: Arc<dyn PaymentProvider>,
    mailer: Option<Mailer>,
}

impl Work {
    /// Connects to what can be reached; the rest is tried again while working.
    pub async fn prepare(settings: OrderWorkerSettings) -> anyhow::Result<Self> {
        let writer = Writer::new(&settings.store).context("the store")?;
        let has_replica = !settings.store.replica_url.is_empty();
        let reader = has_replica.then(|| Reader::new(&settings.store)).transpose().context("the store")?;
        let log = OrderLog::connect(&settings.order_log).await.context("the order log")?;
        let consumer = Consumer::connect(&settings.order_log).await.context("the order log")?;
        let relay = Relay::connect(writer.clone(), &settings.changes).await.context("the change stream")?;
        let provider = Arc::new(HostedProvider::new(&settings.payment).context("the payment provider")?);
        let mailer = Mailer::new(&settings.mail).context("the mail server")?;
        Ok(Self { settings, writer, reader, log, consumer, relay, provider, mailer })
    }

    /// Works behind an admin port until the process is told to stop.
    pub async fn serve(self, telemetry: Telemetry) -> anyhow::Result<()> {
        let readiness = Readiness::new();
        let (writer, log) = (self.writer.clone(), self.log.clone());
        readiness.add("primary", Need::Always, move || {
            let writer = writer.clone();
            async move { writer.ping().await }
        });
        readiness.add("order log", Need::Always, move || {
            let log = log.clone();
            async move { log.ping().await }
        });
        let admin = AdminServer::new("halles-order-worker", self.settings.http.clone(), readiness, telemetry);
        admin.run(|shutdown| self.run(shutdown)).await
    }

    /// Works until asked to stop, then finishes the batch in hand. Dropping the future is the same as a crash.
    pub async fn run(self, shutdown: Shutdown) -> anyhow::Result<()> {
        let Self { settings, writer, reader, log, consumer, relay, provider, mailer } = self;
        let mut tasks = JoinSet::new();
        tasks.spawn(Placing::new(consumer, writer.clone(), settings.orders.clone()).run(shutdown.clone()));
        let refunds = Refunds::new(writer.clone(), Arc::clone(&provider), settings.money.clone());
        tasks.spawn(refunds.run(shutdown.clone()));
        tasks.spawn(PaymentSweep::new(writer.clone(), provider, settings.money.clone()).run(shutdown.clone()));
        if let Some(mailer) = mailer {
            let links = ShopLinks::new(Signer::new(&settings.signing), &settings.links);
            let mails = Mails::new(writer.clone(), mailer, links, settings.mails.clone());
            tasks.spawn(mails.run(shutdown.clone()));
        }
        let vitals = Vitals::new(log, writer.clone(), reader);
        tasks.spawn(vitals.watch(settings.orders.gauge_interval_ms, shutdown.clone()));
        tasks.spawn(expiry::run(writer.clone(), settings.orders.clone(), shutdown.clone()));
        tasks.spawn(shoppers::remind(writer.clone(), settings.shoppers.clone(), shutdown.clone()));
        tasks.spawn(shoppers::forget(writer, settings.shoppers.clone(), shutdown.clone()));
        tasks.spawn(publish(relay, shutdown));
        while let Some(ended) = tasks.join_next().await {
            // A task that panicked must not leave a worker that looks alive and does half its work.
            ended.context("a task of the order-worker ended badly")?;
        }
        Ok(())
    }
}

/// Publishes committed changes; stopping it anywhere is harmless.
async fn publish(relay: Relay, shutdown: Shutdown) {
    tokio::select! {
        never = relay.run() => match never {},
        () = shutdown.requested() => {}
    }
}
