//! What a process tells about itself: logs, traces and metrics.
//!
//! - Logs: one JSON object a line on standard output, with the ids of the trace that the line belongs to.
//! - Traces and metrics: OpenTelemetry, sent over OTLP (HTTP, protobuf) when an endpoint is set.
//! - The same metrics as Prometheus text, for the admin port; for whoever asks for OpenMetrics with exemplars.
//! - [`Trail`]: the trace of an order, which takes many steps in many processes.
//!
//! Promises: [`Telemetry::start`] may be called any number of times in one process (tests do), all calls share what the
//! first one installed; a collector that is slow or gone costs the process nothing but its own traces; what was
//! recorded before [`Telemetry::flush`] has been handed over when it returns.
//!
//! Libraries do not depend on this one, but for `halles_http`, which starts it: they record with `tracing` and with `opentelemetry::global::meter("halles")`.
//! Names carry their units (`_bytes`, or a unit of `s` for histograms of times, whose buckets are chosen here).
//! Never recorded: secrets, personal data, anything whose number of values has no bound.

mod exemplars;
mod json_lines;
mod metrics;
mod open_metrics;
mod panics;
mod process;
mod settings;
mod telemetry;
mod tracing_setup;
mod trail;

pub use exemplars::note_seconds;
pub use open_metrics::OPEN_METRICS;
pub use panics::log_panics;
pub use settings::TelemetrySettings;
pub use telemetry::{Telemetry, TelemetryError};
pub use trail::{Step, Trail};
