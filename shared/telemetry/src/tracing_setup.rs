//! Logs and traces: where `tracing` spans and events go.

use std::time::Duration;

use opentelemetry::global;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Registry};

use crate::json_lines::JsonLines;
use crate::{TelemetryError, TelemetrySettings};

/// A provider that gives out trace ids, and sends traces when there is a collector.
pub(crate) fn build_tracer_provider(
    settings: &TelemetrySettings,
    resource: Resource,
) -> Result<SdkTracerProvider, TelemetryError> {
    let builder = SdkTracerProvider::builder().with_resource(resource);
    if settings.otlp_endpoint.is_empty() {
        // Ids are still given out, so that log lines of one request can be found together.
        return Ok(builder.with_sampler(Sampler::AlwaysOff).build());
    }
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{}/v1/traces", settings.otlp_endpoint.trim_end_matches('/')))
        .with_timeout(Duration::from_millis(settings.export_timeout_ms))
        .build()?;
    // By trace id alone and not by what the caller decided: see the setting.
    let sampler = Sampler::TraceIdRatioBased(settings.trace_ratio);
    Ok(builder.with_sampler(sampler).with_batch_exporter(exporter).build())
}

/// Makes `provider` and the JSON lines the destination of everything that this process traces.
pub(crate) fn install(
    service: &'static str,
    settings: &TelemetrySettings,
    provider: &SdkTracerProvider,
) -> Result<(), TelemetryError> {
    // The libraries talk about their own start; what the setting says about them comes later and wins.
    let wanted_lines = EnvFilter::try_new(format!("opentelemetry=warn,{}", settings.log))?;
    let lines = tracing_subscriber::fmt::layer().event_format(JsonLines::new(service)).with_filter(wanted_lines);
    // Spans have a filter of their own, so that a quiet log does not silence the traces.
    let spans = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("halles"))
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_filter(LevelFilter::INFO);
    global::set_text_map_propagator(TraceContextPropagator::new());
    if Registry::default().with(spans).with(lines).try_init().is_err() {
        // Somebody else, such as a test with its own subscriber, was first: theirs is kept.
        tracing::debug!("this process has a subscriber already");
    }
    Ok(())
}
