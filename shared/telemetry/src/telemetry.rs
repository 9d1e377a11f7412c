//! The three signals of a process, started together and flushed together.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use opentelemetry::KeyValue;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use prometheus::{Registry, TextEncoder};

use crate::{TelemetrySettings, metrics, open_metrics, process, tracing_setup};

/// What the first start of this process installed. Subscribers and providers are global by nature, so there is one.
static INSTALLED: Mutex<Option<Telemetry>> = Mutex::new(None);

/// A handle on the logs, traces and metrics of this process.
#[derive(Clone)]
pub struct Telemetry {
    signals: Arc<Signals>,
}

struct Signals {
    service: &'static str,
    trace_share: f64,
    tracer_provider: SdkTracerProvider,
    meter_provider: SdkMeterProvider,
    registry: Registry,
}

/// Why telemetry could not start.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The exporter to the collector could not be built.
    #[error("the OTLP exporter cannot be built")]
    Exporter(#[from] opentelemetry_otlp::ExporterBuildError),
    /// The metrics cannot be offered as Prometheus text.
    #[error("the Prometheus exporter cannot be built")]
    Prometheus(#[from] opentelemetry_sdk::error::OTelSdkError),
    /// The setting `log` is no filter.
    #[error("the log filter cannot be read")]
    LogFilter(#[from] tracing_subscriber::filter::ParseError),
}

impl Telemetry {
    /// Starts logs, traces and metrics for `service`; a second start in one process joins the first.
    pub fn start(service: &'static str, settings: &TelemetrySettings) -> Result<Self, TelemetryError> {
        let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(telemetry) = &*installed {
            return Ok(telemetry.clone());
        }
        // The whole workspace has one version.
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let resource = Resource::builder().with_service_name(service).with_attribute(version).build();
        let (meter_provider, registry) = metrics::build(settings, resource.clone())?;
        let tracer_provider = tracing_setup::build_tracer_provider(settings, resource)?;
        tracing_setup::install(service, settings, &tracer_provider)?;
        opentelemetry::global::set_meter_provider(meter_provider.clone());
        process::observe();
        let trace_share = if settings.otlp_endpoint.is_empty() { 0.0 } else { settings.trace_ratio };
        let signals = Signals { service, trace_share, tracer_provider, meter_provider, registry };
        let telemetry = Self { signals: Arc::new(signals) };
        *installed = Some(telemetry.clone());
        Ok(telemetry)
    }

    /// The share of requests that should begin a trace: none when nobody collects them. Whoever begins one draws first
    /// and opens no span for the others, since a span costs more than the rest of a cached answer.
    pub fn trace_share(&self) -> f64 {
        self.signals.trace_share
    }

    /// Every metric in the Prometheus text format.
    pub fn prometheus_text(&self) -> String {
        written(TextEncoder::new().encode_to_string(&self.signals.registry.gather()))
    }

    /// Every metric in the format of OpenMetrics, with exemplars.
    pub fn open_metrics_text(&self) -> String {
        written(open_metrics::write(&self.signals.registry.gather()))
    }

    /// Hands what is left over to the collector; the last thing that a process does. Blocks for at most the time that
    /// one sending may take for traces and one for metrics.
    pub fn flush(&self) {
        let flushed = [self.signals.tracer_provider.force_flush(), self.signals.meter_provider.force_flush()];
        for error in flushed.into_iter().filter_map(Result::err) {
            tracing::warn!(%error, "some telemetry could not be handed over");
        }
    }
}

fn written<E: fmt::Display>(text: Result<String, E>) -> String {
    text.unwrap_or_else(|error| {
        tracing::error!(%error, "the metrics could not be written down");
        String::new()
    })
}

impl fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telemetry").field("service", &self.signals.service).finish_non_exhaustive()
    }
}
