//! Metrics: one provider with two readers, Prometheus text always and OTLP when there is a collector.

use std::time::Duration;

use opentelemetry_otlp::{MetricExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::{Aggregation, Instrument, InstrumentKind, PeriodicReader, SdkMeterProvider, Stream};
use prometheus::Registry;

use crate::{TelemetryError, TelemetrySettings};

/// The buckets of every histogram of times, in seconds: fine below 25 ms, where our promises lie, and reaching up to
/// where a request has long missed its deadline.
pub(crate) const SECONDS: [f64; 16] =
    [0.0005, 0.001, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// The provider, and the registry from which Prometheus text is written.
pub(crate) fn build(
    settings: &TelemetrySettings,
    resource: Resource,
) -> Result<(SdkMeterProvider, Registry), TelemetryError> {
    let registry = Registry::new();
    let text_reader =
        opentelemetry_prometheus::exporter().with_registry(registry.clone()).scope_info_enabled(false).build()?;
    let mut builder =
        SdkMeterProvider::builder().with_resource(resource).with_reader(text_reader).with_view(buckets_for_times);
    if !settings.otlp_endpoint.is_empty() {
        let exporter = MetricExporter::builder()
            .with_http()
            .with_endpoint(format!("{}/v1/metrics", settings.otlp_endpoint.trim_end_matches('/')))
            .with_timeout(Duration::from_millis(settings.export_timeout_ms))
            .build()?;
        let interval = Duration::from_millis(settings.metrics_interval_ms);
        builder = builder.with_reader(PeriodicReader::builder(exporter).with_interval(interval).build());
    }
    Ok((builder.build(), registry))
}

/// The default buckets are made for milliseconds and would put every answer of ours into the first one.
fn buckets_for_times(instrument: &Instrument) -> Option<Stream> {
    if instrument.kind() != InstrumentKind::Histogram || instrument.unit() != "s" {
        return None;
    }
    let aggregation = Aggregation::ExplicitBucketHistogram { boundaries: SECONDS.to_vec(), record_min_max: true };
    Stream::builder().with_aggregation(aggregation).build().ok()
}
