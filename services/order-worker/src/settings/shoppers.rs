//! What is owed to shoppers by the clock.

use halles_settings::{Faults, Validate};
use serde::{Deserialize, Serialize};

/// When shoppers are reminded, and when they are forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ShopperSettings {
    /// How long before the end of a hold its shopper is told by mail that it is near; 0 for never. Ten minutes: enough to
    /// find the purse. Holds that are shorter than that are not told.
    pub remind_before_ms: u64,
    /// How often holds that end soon are looked for.
    pub remind_interval_ms: u64,
    /// After how many days it is forgotten who ordered, once the order is over: refused, expired, cancelled, or sent.
    /// Thirty: as long as something may come back. 0 for never, where the books must keep names.
    pub forget_after_days: u32,
    /// How often orders that should be forgotten are looked for. Now and then is enough for something counted in days.
    pub forget_interval_ms: u64,
    /// How many are forgotten at once.
    pub forget_batch: u32,
}

impl Default for ShopperSettings {
    fn default() -> Self {
        Self {
            remind_before_ms: 10 * 60 * 1_000,
            remind_interval_ms: 5_000,
            forget_after_days: 30,
            forget_interval_ms: 10 * 60 * 1_000,
            forget_batch: 500,
        }
    }
}

impl Validate for ShopperSettings {
    fn validate(&self, faults: &mut Faults) {
        faults.check_positive("remind_interval_ms", self.remind_interval_ms);
        faults.check_positive("forget_interval_ms", self.forget_interval_ms);
        faults.check((1..=1_000).contains(&self.forget_batch), "forget_batch", "must be between 1 and 1,000");
    }
}
