//! How much of what was made is kept, and for how long.

use std::time::Duration;

use halles_settings::{Faults, Validate};
use serde::{Deserialize, Serialize};

/// The section `ready`: pages and documents that are kept ready to send.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DerivedSettings {
    /// How much memory they may take. A listing's page with its encodings takes some 20 kB, so 256 MiB hold the 12,000
    /// or so that are asked for again and again; the others are drawn anew from the catalogue's own memory.
    pub max_bytes: u64,
    /// How eagerly a page that many ask for is made anew before its end; 0 for never, so that the first to come after it
    /// waits. At 1 the last few times that making it takes are enough for one of a hundred requests a second to do it.
    pub early_renewal: f64,
    /// How long a page is kept that was made from parts that are being refreshed in the background: about as long as
    /// that takes.
    pub revalidation_pause_ms: u64,
    /// How much longer a page is good on the rung of the ladder that says so. Long enough to make a crowd's pages ten times
    /// less often, short enough that what it shows is still the market of this minute.
    pub overload_patience_ms: u64,
    /// How long a page is kept at most. One that is not good any more is of use only when the store goes away, and with
    /// it the means to make another.
    pub keep_ms: u64,
}

impl DerivedSettings {
    pub(super) const fn revalidation_pause(&self) -> Duration {
        Duration::from_millis(self.revalidation_pause_ms)
    }

    pub(super) const fn overload_patience(&self) -> Duration {
        Duration::from_millis(self.overload_patience_ms)
    }

    pub(super) const fn kept_for(&self) -> Duration {
        Duration::from_millis(self.keep_ms)
    }
}

impl Default for DerivedSettings {
    fn default() -> Self {
        Self {
            max_bytes: 256 * 1024 * 1024,
            early_renewal: 1.0,
            revalidation_pause_ms: 50,
            overload_patience_ms: 10_000,
            keep_ms: 3_600_000,
        }
    }
}

impl Validate for DerivedSettings {
    fn validate(&self, faults: &mut Faults) {
        faults.check_positive("max_bytes", self.max_bytes);
        faults.check((0.0..=100.0).contains(&self.early_renewal), "early_renewal", "must be between 0 and 100");
        faults.check(self.revalidation_pause_ms <= 1_000, "revalidation_pause_ms", "must be at most 1000");
        faults.check(self.overload_patience_ms <= 60_000, "overload_patience_ms", "must be at most 60000");
        faults.check((1..=86_400_000).contains(&self.keep_ms), "keep_ms", "must be between 1 and 86400000, a day");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_can_be_used() {
        assert_eq!(Faults::of(&DerivedSettings::default()), []);
    }

    #[test]
    fn nonsense_is_refused() {
        let settings = DerivedSettings { max_bytes: 0, early_renewal: f64::NAN, ..DerivedSettings::default() };
        assert_eq!(Faults::of(&settings).len(), 2);
    }
}
