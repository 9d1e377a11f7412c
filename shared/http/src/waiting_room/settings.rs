//! What may be set about the waiting room.

use std::time::Duration;

use halles_settings::{Faults, Validate};
use serde::{Deserialize, Serialize};

/// The section `http.waiting_room`. The same in every instance of the fleet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RoomSettings {
    /// How many are let in in a second, over the whole fleet, while anybody has room. Too many and those inside are
    /// refused again; too few and people wait for nothing. What a stepped rehearsal says the fleet can bear, divided by
    /// how many pages a shopper looks at in a second.
    pub admit_per_second: f64,
    /// For how long an instance must have refused requests on the rung below before it says that the room should open; 0
    /// leaves that to people. The room opens when more than half of the instances of a service say so. Long, because it
    /// opens for the whole fleet.
    pub opens_after_ms: u64,
    /// For how long whoever was let in stays in. An evening: nobody who was let in is sent out again.
    pub inside_for_s: u64,
}

impl Default for RoomSettings {
    fn default() -> Self {
        Self { admit_per_second: 50.0, opens_after_ms: 15_000, inside_for_s: 4 * 60 * 60 }
    }
}

impl RoomSettings {
    /// After how much strain the room opens by itself, if it does.
    pub fn opens_after(&self) -> Option<Duration> {
        (self.opens_after_ms > 0).then(|| Duration::from_millis(self.opens_after_ms))
    }

    pub(super) const fn inside_for(&self) -> Duration {
        Duration::from_secs(self.inside_for_s)
    }
}

impl Validate for RoomSettings {
    fn validate(&self, faults: &mut Faults) {
        let is_rate = (0.01..=100_000.0).contains(&self.admit_per_second);
        faults.check(is_rate, "admit_per_second", "must lie between 0.01 and 100000");
        faults.check((60..=86_400).contains(&self.inside_for_s), "inside_for_s", "must lie between 60 and 86400");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_can_be_used_and_nonsense_cannot() {
        assert_eq!(Faults::of(&RoomSettings::default()), []);
        let nonsense = RoomSettings { admit_per_second: f64::NAN, inside_for_s: 0, ..RoomSettings::default() };
        assert_eq!(Faults::of(&nonsense).len(), 2);
        assert_eq!(RoomSettings { opens_after_ms: 0, ..RoomSettings::default() }.opens_after(), None);
    }
}
