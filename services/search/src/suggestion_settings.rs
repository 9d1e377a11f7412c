//! How suggestions are made.

use std::time::Duration;

use halles_cache::DerivedSettings;
use halles_search_index::SuggestLimits;
use halles_settings::{Faults, Validate};
use serde::{Deserialize, Serialize};

/// What is suggested while somebody types.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SuggestionSettings {
    /// How many searches are suggested. With the rest they must fit above the keyboard of a phone.
    pub searches: usize,
    /// How many categories.
    pub categories: usize,
    /// How many listings.
    pub listings: usize,
    /// How many suggestions may be worked out at once; 0 means one for each core. They have places of their own, so that
    /// no search ever waits for one.
    pub max_concurrent: usize,
    /// How long one may wait for its turn. The next letter is typed after a tenth of a second.
    pub max_wait_ms: u64,
    /// How many different people must have searched for something before it is suggested to others; 0 for never.
    pub shared_by: usize,
    /// What is kept ready to send.
    pub ready: DerivedSettings,
}

impl SuggestionSettings {
    const MOST: usize = 20;

    pub(crate) const fn limits(&self) -> SuggestLimits {
        SuggestLimits { searches: self.searches, categories: self.categories, listings: self.listings }
    }

    pub(crate) const fn max_wait(&self) -> Duration {
        Duration::from_millis(self.max_wait_ms)
    }
}

impl Default for SuggestionSettings {
    fn default() -> Self {
        Self {
            searches: 5,
            categories: 2,
            listings: 3,
            max_concurrent: 0,
            max_wait_ms: 50,
            shared_by: 5,
            // A list of suggestions takes some 4 kB, so these hold the 8,000 beginnings that are typed most.
            ready: DerivedSettings { max_bytes: 32 << 20, ..DerivedSettings::default() },
        }
    }
}

impl Validate for SuggestionSettings {
    fn validate(&self, faults: &mut Faults) {
        for (name, limit) in [("searches", self.searches), ("categories", self.categories), ("listings", self.listings)]
        {
            faults.check(limit <= Self::MOST, name, format!("must be at most {}", Self::MOST));
        }
        faults.check(self.max_wait_ms <= 1_000, "max_wait_ms", "must be at most 1000: nobody waits for a suggestion");
        faults.check(self.shared_by <= 1_000, "shared_by", "must be at most 1000");
        faults.section("ready", &self.ready);
    }
}
