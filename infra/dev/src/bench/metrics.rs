//! What an instance says about itself on its admin port.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};

use crate::bench::load::{Connection, get};

/// Questions to a tier, by kind, tier and outcome.
pub const LOOKUPS: &str = "cache_requests_total";
/// Loads from the store, by kind: one statement, or one for each list.
pub const LOADS: &str = "cache_load_duration_seconds_count";
/// Entries in L1, by kind.
pub const L1_ENTRIES: &str = "cache_l1_entries";
/// How many bytes of its budget they take, by kind.
pub const L1_BYTES: &str = "cache_l1_size_bytes";
/// Changes that an instance has heard of.
pub const CHANGES_HEARD: &str = "change_feed_changes_total";

/// All metrics of one instance at one moment.
#[derive(Debug, Clone, Default)]
pub struct Metrics(String);

impl Metrics {
    /// Asks an instance.
    pub async fn read(admin_port: u16) -> Result<Self> {
        let read = async {
            let mut connection = Connection::open(admin_port).await?;
            let answer = connection.exchange(&get("/metrics")).await?;
            std::io::Result::Ok(String::from_utf8_lossy(answer.body).into_owned())
        };
        Ok(Self(read.await.with_context(|| format!("no metrics on port {admin_port}"))?))
    }

    /// The sum over all series of this name that carry these labels; 0 when there are none, as of a counter that has
    /// not counted yet.
    pub fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let carries = |series: &Series<'_>| labels.iter().all(|(label, value)| series.label(label) == Some(value));
        self.series(name).filter(carries).map(|series| series.value).sum()
    }

    /// The sums for each value of a label.
    pub fn sums_by(&self, name: &str, label: &str) -> BTreeMap<String, f64> {
        let mut sums = BTreeMap::new();
        for series in self.series(name) {
            *sums.entry(series.label(label).unwrap_or_default().to_owned()).or_default() += series.value;
        }
        sums
    }

    fn series<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Series<'a>> {
        let lines = self.0.lines().filter_map(move |line| line.strip_prefix(name));
        lines.filter_map(|rest| {
            let (labels, value) = rest.rsplit_once(' ')?;
            // Otherwise the name only begins like this one.
            let is_whole_name = labels.is_empty() || labels.starts_with('{');
            let labels = labels.trim_start_matches('{').trim_end_matches('}');
            is_whole_name.then_some(Series { labels, value: value.parse().ok()? })
        })
    }
}

/// One number, and what it is about.
struct Series<'a> {
    labels: &'a str,
    value: f64,
}

impl Series<'_> {
    /// The value of a label. (None of ours contains a comma or a quotation mark.)
    fn label(&self, name: &str) -> Option<&str> {
        let mut pairs = self.labels.split(',').filter_map(|pair| pair.split_once('='));
        pairs.find(|(known, _)| *known == name).map(|(_, value)| value.trim_matches('"'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_over_the_series_that_carry_the_labels() {
        let text = "# TYPE cache_requests_total counter\n\
                    cache_requests_total{kind=\"listing\",outcome=\"hit\",tier=\"l1\"} 7\n\
                    cache_requests_total{kind=\"listing\",outcome=\"hit\",tier=\"l2\"} 2\n\
                    cache_requests_total{kind=\"list\",outcome=\"hit\",tier=\"l2\"} 4\n\
                    cache_requests_total_more 9\n\
                    up 1\n";
        let metrics = Metrics(text.to_owned());
        let sum = |name: &str, labels: &[(&str, &str)]| metrics.sum(name, labels);
        assert!((sum("cache_requests_total", &[("kind", "listing")]) - 9.0).abs() < f64::EPSILON);
        assert!((sum("cache_requests_total", &[("tier", "l2"), ("kind", "list")]) - 4.0).abs() < f64::EPSILON);
        assert!((sum("up", &[]) - 1.0).abs() < f64::EPSILON);
        assert!(sum("absent", &[]).abs() < f64::EPSILON);
        let by_kind = metrics.sums_by("cache_requests_total", "kind");
        assert_eq!(by_kind, BTreeMap::from([("list".to_owned(), 4.0), ("listing".to_owned(), 9.0)]));
    }
}
