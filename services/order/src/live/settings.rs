//! What may be set about pages that look by themselves.

use std::time::Duration;

use halles_settings::{Faults, Validate};
use serde::{Deserialize, Serialize};

/// The section `live`: how order pages are kept up to date while somebody looks at them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LiveSettings {
    /// How often the replica is asked how all orders that somebody looks at stand. One read each time, for all of them.
    pub read_interval_ms: u64,
    /// The most orders that are looked at in one process; pages of others are loaded again in the plain way.
    pub max_orders: usize,
    /// The most answers that one process keeps open; others ask again every few seconds instead. Each takes a connection
    /// and a few kilobytes.
    pub max_streams: usize,
    /// How long an answer is kept open before the browser has to ask for it anew, so that instances started meanwhile get
    /// their share.
    pub stream_ms: u64,
    /// After how long of silence an open answer gets a sign of life. Must be less than what balancers wait for a server.
    pub sign_of_life_ms: u64,
}

impl Default for LiveSettings {
    fn default() -> Self {
        Self {
            read_interval_ms: 1_000,
            max_orders: 20_000,
            max_streams: 5_000,
            stream_ms: 120_000,
            // HAProxy waits for 20 s, the AWS load balancer for 60.
            sign_of_life_ms: 8_000,
        }
    }
}

impl LiveSettings {
    pub(super) const fn read_interval(&self) -> Duration {
        Duration::from_millis(self.read_interval_ms)
    }
}

impl Validate for LiveSettings {
    fn validate(&self, faults: &mut Faults) {
        faults.check_positive("read_interval_ms", self.read_interval_ms);
        faults.check(self.max_orders > 0, "max_orders", "must be greater than 0");
        faults.check(self.max_streams > 0, "max_streams", "must be greater than 0");
        faults.check_positive("stream_ms", self.stream_ms);
        faults.check_positive("sign_of_life_ms", self.sign_of_life_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_can_be_used_and_nonsense_cannot() {
        assert_eq!(Faults::of(&LiveSettings::default()), []);
        let nonsense = LiveSettings { max_streams: 0, stream_ms: 0, ..LiveSettings::default() };
        assert_eq!(Faults::of(&nonsense).len(), 2);
    }
}
