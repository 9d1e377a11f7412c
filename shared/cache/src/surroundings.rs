//! What the caches of all kinds have in common in one process.

use std::sync::Arc;

use crate::{CacheSettings, ChangeCounters, SharedTier, WallClock};

/// The settings, the shared tier, the change counters and the clock. Cheap to clone.
#[derive(Clone)]
pub struct Surroundings {
    pub(crate) settings: Arc<CacheSettings>,
    pub(crate) l2: Option<SharedTier>,
    pub(crate) counters: Arc<ChangeCounters>,
    pub(crate) clock: WallClock,
}

impl Surroundings {
    /// Counters at zero, with L2 if there is one.
    pub fn new(settings: &CacheSettings, l2: Option<SharedTier>) -> Self {
        let clock = l2.as_ref().map_or_else(WallClock::new, |l2| l2.clock().clone());
        Self { settings: Arc::new(settings.clone()), l2, counters: Arc::new(ChangeCounters::new()), clock }
    }

    /// The counters, for whoever keeps things made from cached ones.
    pub fn counters(&self) -> Arc<ChangeCounters> {
        Arc::clone(&self.counters)
    }
}
