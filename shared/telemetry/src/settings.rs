//! What may be set about telemetry.

use halles_settings::{Faults, Validate};
use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;

/// The section `telemetry`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TelemetrySettings {
    /// Which log lines are written: a level, or levels for targets, such as `info,halles_http::access=warn`.
    pub log: String,
    /// Where the OpenTelemetry collector listens, such as `http://127.0.0.1:4318`; empty sends nothing. Plain HTTP,
    /// because a collector runs beside the process and encrypts from there on.
    pub otlp_endpoint: String,
    /// The share of traces that is sent. For a trace that somebody else began the choice depends on its id alone, so
    /// all services keep or drop the same traces, and nobody outside can force us to keep theirs. Higher costs more,
    /// lower hides rare faults. Without a collector no trace is begun.
    pub trace_ratio: f64,
    /// How often metrics are sent. Shorter shows a spike sooner and costs more requests.
    pub metrics_interval_ms: u64,
    /// How long one sending may take, and how long the last one may hold up the end of the process.
    pub export_timeout_ms: u64,
}

impl Default for TelemetrySettings {
    fn default() -> Self {
        Self {
            log: "info".to_owned(),
            otlp_endpoint: String::new(),
            // One in ten shows every common path within seconds at the usual crowd, and costs little at 18 times that.
            trace_ratio: 0.1,
            // A crowd doubles in about a minute, so six points show its rise.
            metrics_interval_ms: 10_000,
            // A collector beside us answers in milliseconds; a second means that it is gone.
            export_timeout_ms: 1_000,
        }
    }
}

impl Validate for TelemetrySettings {
    fn validate(&self, faults: &mut Faults) {
        faults.check(
            EnvFilter::try_new(&self.log).is_ok(),
            "log",
            "must be levels such as info or info,halles_http=debug",
        );
        let is_off = self.otlp_endpoint.is_empty();
        faults.check(is_off || self.otlp_endpoint.starts_with("http://"), "otlp_endpoint", "must start with http://");
        faults.check((0.0..=1.0).contains(&self.trace_ratio), "trace_ratio", "must lie between 0 and 1");
        faults.check_positive("metrics_interval_ms", self.metrics_interval_ms);
        faults.check_positive("export_timeout_ms", self.export_timeout_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_can_be_used() {
        assert_eq!(Faults::of(&TelemetrySettings::default()), []);
    }

    #[test]
    fn nonsense_is_refused() {
        let settings = TelemetrySettings {
            log: "info,=?=".to_owned(),
            otlp_endpoint: "collector:4317".to_owned(),
            trace_ratio: 1.5,
            metrics_interval_ms: 0,
            export_timeout_ms: 0,
        };
        assert_eq!(Faults::of(&settings).len(), 5);
    }
}
