//! Money that is owed back: asked of the provider until it has gone.
//!
//! Every worker does this. A refund is taken for a while, asked for under its payment's name, and then noted as done;
//! whoever dies in between leaves a refund that comes back by itself, and asking the provider twice is asking once.

use std::sync::Arc;

use halles_http::Shutdown;
use halles_payment::PaymentProvider;
use halles_store::{OwedRefund, StoreError, Writer};
use halles_telemetry::Trail;
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Gauge};
use opentelemetry::trace::SpanKind;

use crate::settings::MoneySettings;
use crate::ticks::{Ticks, try_on};

/// From this attempt on it is no hiccup, and people should look at it.
const TROUBLING_ATTEMPTS: u32 = 6;

/// Gives money back.
pub struct Refunds {
    writer: Writer,
    provider: Arc<dyn PaymentProvider>,
    settings: MoneySettings,
    attempts: Counter<u64>,
    owed: Gauge<u64>,
}

impl Refunds {
    /// Gives back what `writer` owes, through `provider`.
    pub fn new(writer: Writer, provider: Arc<dyn PaymentProvider>, settings: MoneySettings) -> Self {
        let meter = opentelemetry::global::meter("halles");
        Self {
            writer,
            provider,
            settings,
            attempts: meter
                .u64_counter("order_refund_attempts")
                .with_description("Attempts to give money back, by how they went")
                .build(),
            owed: meter.u64_gauge("order_refunds_owed").with_description("Refunds that are not done").build(),
        }
    }

    /// Gives back in time until asked to stop.
    pub async fn run(self, shutdown: Shutdown) {
        let mut ticks = Ticks::every(self.settings.refund_interval_ms, &shutdown);
        while ticks.next().await {
            try_on("refunds", self.work_off(&shutdown).await);
        }
    }

    /// Works off what is due now.
    async fn work_off(&self, shutdown: &Shutdown) -> Result<(), StoreError> {
        self.owed.record(self.writer.count_owed_refunds().await?, &[]);
        loop {
            let taken = self.writer.take_refunds(self.settings.refund_batch as usize).await?;
            for refund in &taken {
                if shutdown.is_requested() {
                    return Ok(());
                }
                self.give_back(refund).await?;
            }
            if taken.len() < self.settings.refund_batch as usize {
                return Ok(());
            }
        }
    }

    async fn give_back(&self, refund: &OwedRefund) -> Result<(), StoreError> {
        let payment = refund.payment_id;
        let step = Trail::of(refund.order_id.get().as_u128()).step("give back", SpanKind::Client, Vec::new());
        let given = self.provider.refund(payment, refund.amount).await;
        let outcome = if given.is_ok() { "done" } else { "failed" };
        self.attempts.add(1, &[KeyValue::new("outcome", outcome)]);
        match given {
            Ok(()) => self.writer.finish_refund(payment).await,
            Err(error) => {
                step.fail(error.to_string());
                let attempts = refund.attempts;
                if attempts >= TROUBLING_ATTEMPTS || !error.is_transient() {
                    tracing::error!(%error, %payment, attempts, "a refund does not go through; trying on");
                } else {
                    tracing::warn!(%error, %payment, attempts, "a refund did not go through; trying on");
                }
                self.writer.note_refund_trouble(payment, &error.to_string()).await
            }
        }
    }
}
