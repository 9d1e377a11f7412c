//! Exemplars: beside each bucket of a histogram of times, the trace of the last measurement that fell into it, so that whoever
//! sees a slow bucket on a dashboard opens a slow request.
//!
//! OpenTelemetry's SDK for Rust keeps none, so they are kept here and written beside the buckets (`open_metrics`). Whoever
//! measures says so for what is traced, which is a small share; everything else pays nothing.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanContext, TraceId};

use crate::metrics::SECONDS;

/// The last traced measurement of a bucket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Exemplar {
    pub(crate) trace_id: TraceId,
    pub(crate) seconds: f64,
    /// When, in seconds since 1970.
    pub(crate) at: f64,
}

/// A name and labels, as they are written for Prometheus; labels in the order of their names.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct SeriesName {
    pub(crate) metric: String,
    pub(crate) labels: Vec<(String, String)>,
}

/// One for each bucket, the last one without an end.
type Buckets = [Option<Exemplar>; SECONDS.len() + 1];

/// There is one set of metrics in a process, and one of these beside it. Its size is bound by the number of series.
static KEPT: Mutex<Option<HashMap<SeriesName, Buckets>>> = Mutex::new(None);

/// Remembers that a measurement of the histogram `metric`, which has the unit `s`, belongs to a trace. What is not sent
/// anywhere is not remembered: nobody could look it up.
pub fn note_seconds(metric: &str, attributes: &[KeyValue], seconds: f64, trace: &SpanContext) {
    if !trace.is_sampled() {
        return;
    }
    let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    let exemplar = Exemplar { trace_id: trace.trace_id(), seconds, at };
    let mut labels: Vec<(String, String)> =
        attributes.iter().map(|label| (written(label.key.as_str()), label.value.to_string())).collect();
    labels.sort_unstable();
    let name = SeriesName { metric: format!("{}_seconds", written(metric)), labels };
    let buckets = &mut kept();
    let buckets = buckets.get_or_insert_default().entry(name).or_insert([None; SECONDS.len() + 1]);
    buckets[bucket_of(seconds)] = Some(exemplar);
}

/// The exemplar of the bucket that ends at `upper_bound`.
pub(crate) fn of_bucket(name: &SeriesName, upper_bound: f64) -> Option<Exemplar> {
    let index = SECONDS.iter().position(|bound| bound.total_cmp(&upper_bound).is_eq());
    kept().as_ref()?.get(name)?[index.unwrap_or(SECONDS.len())]
}

/// A bucket takes what is at most its bound.
fn bucket_of(seconds: f64) -> usize {
    SECONDS.partition_point(|bound| *bound < seconds)
}

/// A name of OpenTelemetry, as Prometheus has it.
fn written(name: &str) -> String {
    name.replace(['.', '-'], "_")
}

/// Each change leaves it whole, so a panic elsewhere does no harm.
fn kept() -> MutexGuard<'static, Option<HashMap<SeriesName, Buckets>>> {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{SpanId, TraceFlags, TraceState};

    use super::*;

    fn trace(number: u128, flags: TraceFlags) -> SpanContext {
        SpanContext::new(TraceId::from(number), SpanId::from(1), flags, false, TraceState::default())
    }

    #[test]
    fn a_bucket_keeps_the_last_trace_that_is_sent() {
        let attributes = [KeyValue::new("b.stall", "cheese"), KeyValue::new("a", 7)];
        let labels = vec![("a".to_owned(), "7".to_owned()), ("b_stall".to_owned(), "cheese".to_owned())];
        let name = SeriesName { metric: "exemplars_try_seconds".to_owned(), labels };
        note_seconds("exemplars.try", &attributes, 0.004, &trace(1, TraceFlags::SAMPLED));
        note_seconds("exemplars.try", &attributes, 0.005, &trace(2, TraceFlags::SAMPLED));
        note_seconds("exemplars.try", &attributes, 0.005, &trace(3, TraceFlags::default()));
        note_seconds("exemplars.try", &attributes, 60.0, &trace(4, TraceFlags::SAMPLED));
        let seen = |bound| of_bucket(&name, bound).map(|exemplar| exemplar.trace_id);
        assert_eq!(seen(0.005), Some(TraceId::from(2)), "the bound belongs to its bucket");
        assert_eq!(seen(0.0025), None);
        assert_eq!(seen(f64::INFINITY), Some(TraceId::from(4)));
    }
}
