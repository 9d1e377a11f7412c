//! What the caches of all kinds have in common in one process.

use std::sync::Arc;

use crate::{CacheSettings, ChangeCounters, SharedTier};

/// The settings, the shared tier and the change counters. Cheap to clone.
#[derive(Clone)]
pub struct Surroundings {
    pub(crate) settings: Arc<CacheSettings>,
    pub(crate) l2: Option<SharedTier>,
    pub(crate) counters: Arc<ChangeCounters>,
}

impl Surroundings {
    /// Counters at zero, with L2 if there is one.
    pub fn new(settings: &CacheSettings, l2: Option<SharedTier>) -> Self {
        Self { settings: Arc::new(settings.clone()), l2, counters: Arc::new(ChangeCounters::new()) }
    }

    /// The counters, for whoever keeps things made from cached ones.
    pub fn counters(&self) -> Arc<ChangeCounters> {
        Arc::clone(&self.counters)
    }
}
