//! Histograms, and how they are written down: by the values that came, so that those of several hosts add up exactly.

use std::time::Duration;

use hdrhistogram::{Counter, Histogram};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The longest latency that is told apart from longer ones.
const LONGEST: Duration = Duration::from_secs(60);

/// An empty one for microseconds, which tells values apart to so many digits.
pub(super) fn of_digits<C: Counter>(digits: u8) -> Histogram<C> {
    Histogram::new_with_max(microseconds(LONGEST), digits).expect("a minute and a few digits are in its range")
}

/// Whole microseconds.
pub(super) fn microseconds(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// For `#[serde(serialize_with)]`.
pub(super) fn write<S: Serializer>(histogram: &Histogram<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    recorded(histogram).serialize(serializer)
}

/// For `#[serde(deserialize_with)]`: three digits.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Histogram<u64>, D::Error> {
    filled(of_digits(3), &Vec::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// The values that came, with how often each did.
pub(super) fn recorded<C: Counter>(histogram: &Histogram<C>) -> Vec<(u64, u64)> {
    histogram.iter_recorded().map(|value| (value.value_iterated_to(), value.count_at_value().as_u64())).collect()
}

/// The same histogram again.
pub(super) fn filled<C: Counter>(mut empty: Histogram<C>, values: &[(u64, u64)]) -> Result<Histogram<C>, String> {
    for (value, count) in values {
        let count = C::from_u64(*count).ok_or_else(|| format!("{count} is too many"))?;
        empty.record_n(*value, count).map_err(|error| error.to_string())?;
    }
    Ok(empty)
}
