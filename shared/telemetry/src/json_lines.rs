//! One log line: a JSON object with when, how grave, what, where, and the ids of the trace it belongs to.

use std::fmt;

use jiff::Timestamp;
use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use serde::Serialize;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// Writes events as JSON lines; an event's fields stand beside the fixed ones.
pub(crate) struct JsonLines {
    service: &'static str,
}

impl JsonLines {
    pub(crate) fn new(service: &'static str) -> Self {
        Self { service }
    }

    fn line(&self, event: &Event<'_>) -> Line {
        let metadata = event.metadata();
        let mut fields = Fields::default();
        event.record(&mut fields);
        // The span that is entered right now is the one that the OpenTelemetry layer made current.
        let context = Context::current();
        let span = context.span();
        let span_context = Some(span.span_context()).filter(|span_context| span_context.is_valid());
        Line {
            timestamp: format!("{:.6}", Timestamp::now()),
            level: metadata.level().as_str(),
            message: fields.message,
            fields: fields.others,
            target: metadata.target().to_owned(),
            service: self.service,
            trace_id: span_context.map(|span_context| span_context.trace_id().to_string()),
            span_id: span_context.map(|span_context| span_context.span_id().to_string()),
        }
    }
}

/// A line in the order in which people like to read it.
#[derive(Serialize)]
struct Line {
    timestamp: String,
    level: &'static str,
    message: Option<Value>,
    #[serde(flatten)]
    fields: Map<String, Value>,
    target: String,
    service: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    span_id: Option<String>,
}

/// What a line has anyway; an event's field of the same name is left out.
const FIXED: [&str; 6] = ["timestamp", "level", "target", "service", "trace_id", "span_id"];

impl<S, N> FormatEvent<S, N> for JsonLines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let line = serde_json::to_string(&self.line(event)).map_err(|_| fmt::Error)?;
        writeln!(writer, "{line}")
    }
}

/// The fields of an event, numbers as numbers.
#[derive(Default)]
struct Fields {
    message: Option<Value>,
    others: Map<String, Value>,
}

impl Fields {
    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        match field.name() {
            "message" => self.message = Some(value.into()),
            name if FIXED.contains(&name) => {}
            name => {
                self.others.insert(name.to_owned(), value.into());
            }
        }
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let causes: Vec<String> =
            std::iter::successors(Some(value), |error| error.source()).map(ToString::to_string).collect();
        self.put(field, causes.join(": "));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn fields_stand_beside_the_fixed_ones_and_cannot_replace_them() {
        let paper = Paper::default();
        let writer = paper.clone();
        let layer = tracing_subscriber::fmt::layer()
            .event_format(JsonLines::new("halles-test"))
            .with_writer(move || writer.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            tracing::warn!(attempts = 3, level = "forged", quote = "a \"b\"\n", "the cheese \n is late");
        });
        let text = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 1, "{text}");
        assert_eq!(text.matches("\"level\"").count(), 1, "{text}");
        assert!(text.starts_with("{\"timestamp\":\""), "{text}");
        let line: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["level"], "WARN");
        assert_eq!(line["service"], "halles-test");
        assert_eq!(line["message"], "the cheese \n is late");
        assert_eq!(line["attempts"], 3);
        assert_eq!(line["quote"], "a \"b\"\n");
        assert!(line["timestamp"].as_str().unwrap().parse::<Timestamp>().is_ok());
    }
}
