//! Which versions were written lately, so that a row read from a lagging replica never takes the place of a newer one.

use std::collections::HashMap;

use halles_domain::{Listing, ListingId, Version};

/// The versions of listings written lately. Bounded; what is forgotten is older than any replica lags.
#[derive(Debug)]
pub(crate) struct Applied {
    versions: HashMap<ListingId, Version>,
    before: HashMap<ListingId, Version>,
    max: usize,
}

impl Applied {
    /// Remembers the latest `max` listings, and up to as many from before.
    pub fn new(max: usize) -> Self {
        Self { versions: HashMap::new(), before: HashMap::new(), max }
    }

    /// Whether a newer version of this listing has been written.
    pub fn is_outdated(&self, listing: &Listing) -> bool {
        let known = self.versions.get(&listing.id).or_else(|| self.before.get(&listing.id));
        known.is_some_and(|known| *known > listing.version)
    }

    /// Notes what is being written.
    pub fn note(&mut self, listing: &Listing) {
        if self.versions.len() >= self.max {
            self.before = std::mem::take(&mut self.versions);
        }
        self.versions.insert(listing.id, listing.version);
    }
}
