//! Payments of whose end nobody has told: their provider is asked.
//!
//! A shopper who closes the browser and a notice that never comes leave a payment open. Every worker takes such payments
//! now and then, asks, and completes them with what it hears, in the same way as everybody else.

use std::sync::Arc;

use halles_domain::PaymentReport;
use halles_http::Shutdown;
use halles_payment::{PaymentProvider, ProviderError, Standing};
use halles_store::{OpenPayment, StoreError, Writer};
use halles_telemetry::Trail;
use jiff::Timestamp;
use opentelemetry::trace::SpanKind;

use crate::settings::MoneySettings;
use crate::ticks::{Ticks, try_on};

/// Finds out how open payments ended.
pub struct PaymentSweep {
    writer: Writer,
    provider: Arc<dyn PaymentProvider>,
    settings: MoneySettings,
}

impl PaymentSweep {
    /// Completes what `writer` knows as open with what `provider` says.
    pub fn new(writer: Writer, provider: Arc<dyn PaymentProvider>, settings: MoneySettings) -> Self {
        Self { writer, provider, settings }
    }

    /// Asks in time until asked to stop.
    pub async fn run(self, shutdown: Shutdown) {
        let mut ticks = Ticks::every(self.settings.sweep_interval_ms, &shutdown);
        while ticks.next().await {
            try_on("open payments", self.sweep(&shutdown).await);
        }
    }

    async fn sweep(&self, shutdown: &Shutdown) -> Result<(), StoreError> {
        loop {
            let taken = self.writer.take_open_payments(self.settings.sweep_batch as usize).await?;
            for open in &taken {
                if shutdown.is_requested() {
                    return Ok(());
                }
                self.ask(open).await?;
            }
            if taken.len() < self.settings.sweep_batch as usize {
                return Ok(());
            }
        }
    }

    async fn ask(&self, open: &OpenPayment) -> Result<(), StoreError> {
        let report = match self.provider.standing(open.id).await {
            Ok(Standing::Over(report)) => report,
            Ok(Standing::Open { .. }) => return Ok(()),
            // Whoever started it died before the provider heard of it. Should it hear of it after all, its notice
            // still counts: a failed payment that was captured is captured.
            Err(ProviderError::Unknown) if self.is_abandoned(open) => PaymentReport::Failed,
            Err(error) => {
                tracing::warn!(%error, payment = %open.id, "cannot ask about an open payment; trying on");
                return Ok(());
            }
        };
        let step = Trail::of(open.order_id.get().as_u128()).step("complete payment", SpanKind::Internal, Vec::new());
        step.note("source", "sweep");
        let completion = self.writer.complete_payment(open.id, report).await?;
        tracing::info!(payment = %open.id, order = %open.order_id, ?completion, "found out how a payment ended");
        Ok(())
    }

    fn is_abandoned(&self, open: &OpenPayment) -> bool {
        let age_ms = Timestamp::now().as_millisecond() - open.started_at.as_millisecond();
        age_ms >= i64::try_from(self.settings.unknown_after_ms).unwrap_or(i64::MAX)
    }
}
