//! Metrics as OpenMetrics 1.0: what the Prometheus text says, and beside buckets their exemplars, which that has no place for.

use std::fmt::{self, Write};

use prometheus::proto::{LabelPair, Metric, MetricFamily, MetricType};

use crate::exemplars::{self, SeriesName};

/// The media type, for `Content-Type`.
pub const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Every family, in the order given.
pub(crate) fn write(families: &[MetricFamily]) -> Result<String, fmt::Error> {
    let mut text = String::new();
    for family in families {
        write_family(&mut text, family)?;
    }
    text.push_str("# EOF\n");
    Ok(text)
}

fn write_family(text: &mut String, family: &MetricFamily) -> fmt::Result {
    let kind = family.get_field_type();
    let name = family.name();
    // A counter's family is called as its sample without the end.
    let base = if kind == MetricType::COUNTER { name.strip_suffix("_total").unwrap_or(name) } else { name };
    writeln!(text, "# HELP {base} {}", escaped(family.help()))?;
    let kind_name = match kind {
        MetricType::COUNTER => "counter",
        MetricType::GAUGE => "gauge",
        MetricType::HISTOGRAM => "histogram",
        MetricType::SUMMARY => "summary",
        MetricType::UNTYPED => "unknown",
    };
    writeln!(text, "# TYPE {base} {kind_name}")?;
    for metric in family.get_metric() {
        match kind {
            MetricType::COUNTER => {
                write_sample(text, &format!("{base}_total"), metric, metric.get_counter().get_value())?
            }
            MetricType::GAUGE => write_sample(text, name, metric, metric.get_gauge().get_value())?,
            MetricType::HISTOGRAM => write_histogram(text, name, metric)?,
            // The exporter makes neither.
            MetricType::SUMMARY | MetricType::UNTYPED => {}
        }
    }
    Ok(())
}

fn write_sample(text: &mut String, name: &str, metric: &Metric, value: f64) -> fmt::Result {
    write!(text, "{name}")?;
    write_labels(text, metric.get_label(), None)?;
    writeln!(text, " {value}")
}

fn write_histogram(text: &mut String, name: &str, metric: &Metric) -> fmt::Result {
    let histogram = metric.get_histogram();
    let mut labels: Vec<(String, String)> =
        metric.get_label().iter().map(|label| (label.name().to_owned(), label.value().to_owned())).collect();
    labels.sort_unstable();
    let series = SeriesName { metric: name.to_owned(), labels };
    let bounded = histogram.get_bucket().iter().map(|bucket| (bucket.upper_bound(), bucket.cumulative_count()));
    let has_end = histogram.get_bucket().last().is_some_and(|bucket| bucket.upper_bound().is_infinite());
    let end = (!has_end).then(|| (f64::INFINITY, histogram.get_sample_count()));
    for (upper_bound, count) in bounded.chain(end) {
        let le = if upper_bound.is_infinite() { "+Inf".to_owned() } else { upper_bound.to_string() };
        write!(text, "{name}_bucket")?;
        write_labels(text, metric.get_label(), Some(&le))?;
        write!(text, " {count}")?;
        if let Some(exemplar) = exemplars::of_bucket(&series, upper_bound) {
            let (trace_id, seconds, at) = (exemplar.trace_id, exemplar.seconds, exemplar.at);
            write!(text, " # {{trace_id=\"{trace_id}\"}} {seconds} {at:.3}")?;
        }
        text.push('\n');
    }
    write_sample(text, &format!("{name}_sum"), metric, histogram.get_sample_sum())?;
    #[expect(clippy::cast_precision_loss, reason = "a float is how the format writes it; 2^53 requests are far away")]
    write_sample(text, &format!("{name}_count"), metric, histogram.get_sample_count() as f64)
}

fn write_labels(text: &mut String, labels: &[LabelPair], le: Option<&str>) -> fmt::Result {
    let pairs = labels.iter().map(|label| (label.name(), label.value()));
    let mut separator = '{';
    for (name, value) in pairs.chain(le.map(|le| ("le", le))) {
        write!(text, "{separator}{name}=\"{}\"", escaped(value))?;
        separator = ',';
    }
    if separator == ',' { write!(text, "}}") } else { Ok(()) }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('"', "\\\"")
}
