//! Logs and traces: where `tracing` spans and events go.

use std::time::Duration;

use opentelemetry::trace::{Link, SpanKind, TraceContextExt, TraceId, TracerProvider as _};
use opentelemetry::{Context, KeyValue, global};
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SamplingResult, SdkTracerProvider, ShouldSample};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Registry};

use crate::json_lines::JsonLines;
use crate::trail::Ids;
use crate::{TelemetryError, TelemetrySettings};

/// A provider that gives out trace ids, and sends traces when there is a collector.
pub(crate) fn build_tracer_provider(
    settings: &TelemetrySettings,
    resource: Resource,
) -> Result<SdkTracerProvider, TelemetryError> {
    let builder = SdkTracerProvider::builder().with_resource(resource).with_id_generator(Ids::default());
    if settings.otlp_endpoint.is_empty() {
        // Ids are still given out, so that log lines of one request can be found together.
        return Ok(builder.with_sampler(Sampler::AlwaysOff).build());
    }
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{}/v1/traces", settings.otlp_endpoint.trim_end_matches('/')))
        .with_timeout(Duration::from_millis(settings.export_timeout_ms))
        .build()?;
    Ok(builder.with_sampler(Share(settings.trace_ratio)).with_batch_exporter(exporter).build())
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
    global::set_tracer_provider(provider.clone());
    global::set_text_map_propagator(TraceContextPropagator::new());
    if Registry::default().with(spans).with(lines).try_init().is_err() {
        // Somebody else, such as a test with its own subscriber, was first: theirs is kept.
        tracing::debug!("this process has a subscriber already");
    }
    Ok(())
}

/// Keeps a share of the traces.
#[derive(Debug, Clone)]
struct Share(f64);

impl ShouldSample for Share {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let caller = parent.map(|parent| parent.span().span_context().clone()).filter(|caller| caller.is_valid());
        let sampler = match caller {
            // What happens within one process is kept or dropped together.
            Some(caller) if !caller.is_remote() && caller.is_sampled() => Sampler::AlwaysOn,
            Some(caller) if !caller.is_remote() => Sampler::AlwaysOff,
            // A request that begins a trace: the door has drawn before it opened the span, see `Telemetry::trace_share`.
            None if *kind == SpanKind::Server => Sampler::AlwaysOn,
            // By trace id alone and not by what the caller decided: see the setting.
            _ => Sampler::TraceIdRatioBased(self.0),
        };
        sampler.should_sample(parent, trace_id, name, kind, attributes, links)
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceState};

    use opentelemetry_sdk::trace::SamplingDecision;

    use super::*;

    fn is_kept(share: f64, kind: &SpanKind, caller: Option<(bool, TraceFlags)>) -> bool {
        let trace_id = TraceId::from(u128::MAX);
        let parent = caller.map(|(is_remote, flags)| {
            let caller = SpanContext::new(trace_id, SpanId::from(1), flags, is_remote, TraceState::default());
            Context::new().with_remote_span_context(caller)
        });
        let result = Share(share).should_sample(parent.as_ref(), trace_id, "a sale", kind, &[], &[]);
        result.decision == SamplingDecision::RecordAndSample
    }

    #[test]
    fn the_door_has_drawn_for_requests_that_begin_a_trace() {
        assert!(is_kept(0.0, &SpanKind::Server, None));
        assert!(!is_kept(0.0, &SpanKind::Internal, None));
    }

    #[test]
    fn callers_cannot_force_us_to_keep_their_traces() {
        assert!(!is_kept(0.0, &SpanKind::Server, Some((true, TraceFlags::SAMPLED))));
        assert!(is_kept(1.0, &SpanKind::Server, Some((true, TraceFlags::NOT_SAMPLED))));
    }

    #[test]
    fn a_process_keeps_or_drops_a_trace_as_a_whole() {
        assert!(is_kept(0.0, &SpanKind::Internal, Some((false, TraceFlags::SAMPLED))));
        assert!(!is_kept(1.0, &SpanKind::Internal, Some((false, TraceFlags::NOT_SAMPLED))));
    }
}
