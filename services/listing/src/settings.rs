//! The settings of this service: those of every part that it is built from, and its own.

use std::time::Duration;

use halles_cache::{CacheSettings, DerivedSettings};
use halles_domain::{ListingId, Slug};
use halles_http::{CachingSettings, HttpSettings, SigningSettings};
use halles_queue::changes::ChangesSettings;
use halles_settings::{Faults, Validate};
use halles_store::{ListingPage, StoreSettings};
use halles_telemetry::TelemetrySettings;
use serde::{Deserialize, Serialize};

/// Everything that `halles-listing` can be told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Ports, limits and times of the server.
    pub http: HttpSettings,
    /// The secret behind the basket cookie; the same for all services.
    pub signing: SigningSettings,
    /// The databases. Only the replica is needed; the primary is the capped fallback.
    pub store: StoreSettings,
    /// Memory and the cache Redis.
    pub cache: CacheSettings,
    /// Pages and documents that are kept ready to send.
    pub ready: DerivedSettings,
    /// How long a shared cache in front of us may answer in our place.
    pub caching: CachingSettings,
    /// Where changes are heard of.
    pub changes: ChangesSettings,
    /// Logs, traces and metrics.
    pub telemetry: TelemetrySettings,
    /// What the pages show.
    pub listing: ListingSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            http: HttpSettings { port: 8101, admin_port: 9101, ..HttpSettings::default() },
            signing: SigningSettings::default(),
            store: StoreSettings { application_name: "halles-listing".to_owned(), ..StoreSettings::default() },
            cache: CacheSettings::default(),
            ready: DerivedSettings::default(),
            caching: CachingSettings::default(),
            changes: ChangesSettings::default(),
            telemetry: TelemetrySettings::default(),
            listing: ListingSettings::default(),
        }
    }
}

impl Validate for Settings {
    fn validate(&self, faults: &mut Faults) {
        faults.section("http", &self.http);
        faults.section("signing", &self.signing);
        faults.section("store", &self.store);
        faults.section("cache", &self.cache);
        faults.section("ready", &self.ready);
        faults.section("caching", &self.caching);
        faults.section("changes", &self.changes);
        faults.section("telemetry", &self.telemetry);
        faults.section("listing", &self.listing);
        let has_replica = !self.store.replica_url.is_empty();
        faults.check(has_replica, "store.replica_url", "must be set: this service reads the catalogue there");
    }
}

/// How much the pages show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListingSettings {
    /// Listings on one page of a category or a shop. 24 fills whole rows of 2, 3, 4 and 6, is some six screens of a
    /// phone, and keeps the page's HTML below 20 kB compressed even with the longest titles.
    pub page_size: usize,
    /// Newest listings on the home page. 12 fills whole rows as well and ends before anybody tires.
    pub newest: usize,
    /// Featured listings on the home page.
    pub featured: usize,
    /// Other listings of the shop below a listing: one row on a wide screen, two on a phone.
    pub more_from_shop: usize,
    /// What an instance makes ready before it takes traffic.
    pub warm_up: WarmUpSettings,
}

impl Default for ListingSettings {
    fn default() -> Self {
        Self { page_size: 24, newest: 12, featured: 12, more_from_shop: 4, warm_up: WarmUpSettings::default() }
    }
}

impl Validate for ListingSettings {
    fn validate(&self, faults: &mut Faults) {
        let sizes = [
            ("page_size", self.page_size),
            ("newest", self.newest),
            ("featured", self.featured),
            ("more_from_shop", self.more_from_shop),
        ];
        for (field, size) in sizes {
            let is_lawful = (1..=ListingPage::MAX_LIMIT).contains(&size);
            faults.check(is_lawful, field, format!("must be between 1 and {}", ListingPage::MAX_LIMIT));
        }
        faults.section("warm_up", &self.warm_up);
    }
}

/// What an instance makes ready before it takes traffic, in both languages: the home page, the pages of the featured
/// listings and of the aisles at the top, and what is named here. Pages that many will ask for at once, such as those of
/// what is about to be shown on television.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WarmUpSettings {
    /// More listings, by number.
    pub listings: Vec<ListingId>,
    /// More categories, by their names in addresses.
    pub categories: Vec<Slug>,
    /// How long it may take, from the moment when the catalogue can be read; what is not ready by then is made when
    /// somebody asks for it. Too long keeps a new instance from helping its busy sisters; 0 leaves the whole thing out.
    pub limit_ms: u64,
}

impl WarmUpSettings {
    /// Each is two pages; more than this is a crawl, not a warm-up.
    const MOST: usize = 1_000;

    pub(crate) const fn limit(&self) -> Duration {
        Duration::from_millis(self.limit_ms)
    }
}

impl Default for WarmUpSettings {
    fn default() -> Self {
        // Some fifty pages take a tenth of a second from L2, and two from a busy replica.
        Self { listings: Vec::new(), categories: Vec::new(), limit_ms: 3_000 }
    }
}

impl Validate for WarmUpSettings {
    fn validate(&self, faults: &mut Faults) {
        let reason = format!("must be at most {}", Self::MOST);
        faults.check(self.listings.len() <= Self::MOST, "listings", &reason);
        faults.check(self.categories.len() <= Self::MOST, "categories", &reason);
        faults.check(
            self.limit_ms <= 60_000,
            "limit_ms",
            "must be at most 60000: nobody waits a minute for an instance",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_addresses_and_the_secret_are_missing_from_the_defaults() {
        let missing: Vec<String> = Faults::of(&Settings::default()).into_iter().map(|fault| fault.setting).collect();
        assert!(missing.contains(&"store.replica_url".to_owned()), "{missing:?}");
        assert!(missing.iter().all(|name| name.ends_with("_url") || name.starts_with("signing.")), "{missing:?}");
    }

    #[test]
    fn no_page_is_endless() {
        let faults = Faults::of(&ListingSettings { page_size: 100_000, ..ListingSettings::default() });
        assert_eq!(faults.len(), 1);
    }
}
