//! The settings of this service: those of every part that it is built from, and its own.

use std::path::PathBuf;
use std::time::Duration;

use halles_cache::{CacheSettings, DerivedSettings};
use halles_http::{CachingSettings, HttpSettings, SigningSettings};
use halles_queue::changes::ChangesSettings;
use halles_search_index::{IndexSettings, SearchText};
use halles_settings::{Faults, Validate};
use halles_store::StoreSettings;
use halles_telemetry::TelemetrySettings;
use serde::{Deserialize, Serialize};

use crate::suggestion_settings::SuggestionSettings;

/// Everything that `halles-search` can be told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Ports, limits and times of the server.
    pub http: HttpSettings,
    /// The secret behind the basket cookie; the same for all services.
    pub signing: SigningSettings,
    /// The databases that hits are read from. Only the replica is needed; the primary is the capped fallback.
    pub store: StoreSettings,
    /// Memory and the cache Redis.
    pub cache: CacheSettings,
    /// Pages and documents that are kept ready to send.
    pub ready: DerivedSettings,
    /// How long a shared cache in front of us may answer in our place.
    pub caching: CachingSettings,
    /// Where changes are heard of.
    pub changes: ChangesSettings,
    /// Where the index is.
    pub index: IndexSettings,
    /// Logs, traces and metrics.
    pub telemetry: TelemetrySettings,
    /// How searches are answered.
    pub search: SearchSettings,
    /// What is suggested while somebody types.
    pub suggestions: SuggestionSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            http: HttpSettings { port: 8111, admin_port: 9111, ..HttpSettings::default() },
            signing: SigningSettings::default(),
            store: StoreSettings { application_name: "halles-search".to_owned(), ..StoreSettings::default() },
            cache: CacheSettings::default(),
            ready: DerivedSettings::default(),
            caching: CachingSettings::default(),
            changes: ChangesSettings::default(),
            index: IndexSettings::default(),
            telemetry: TelemetrySettings::default(),
            search: SearchSettings::default(),
            suggestions: SuggestionSettings::default(),
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
        faults.section("index", &self.index);
        faults.section("telemetry", &self.telemetry);
        faults.section("search", &self.search);
        faults.section("suggestions", &self.suggestions);
        let has_replica = !self.store.replica_url.is_empty();
        faults.check(has_replica, "store.replica_url", "must be set: this service reads its hits there");
        let is_in_time = self.search.time_limit_ms + self.search.max_wait_ms < self.http.request_deadline_ms;
        let reason = "with max_wait_ms must be shorter than http.request_deadline_ms, or no answer leaves in time";
        faults.check(is_in_time, "search.time_limit_ms", reason);
    }
}

/// How searches are answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SearchSettings {
    /// Listings on one page. 24 fills whole rows of 2, 3, 4 and 6.
    pub page_size: usize,
    /// The last page that can be asked for. Every page costs as much as all before it together; whoever has not found it
    /// after a thousand listings will by narrowing the search.
    pub max_page: u32,
    /// How many searches may run at once; 0 means one for each core, because a search does nothing but compute.
    pub max_concurrent: usize,
    /// How long a search may wait for its turn. Longer and a queue builds up that nobody waits for any more.
    pub max_wait_ms: u64,
    /// How long one search may compute. The slowest we know takes a tenth of it.
    pub time_limit_ms: u64,
    /// How often a new generation of the index is looked for. It is part of the second within which a change is found.
    pub poll_interval_ms: u64,
    /// Where the price bands beside the results begin and end, in minor units, rising. Chosen so that handmade things
    /// spread over them: a card, a bowl, a ring, a bag, a lamp.
    pub price_edges_cents: Vec<i64>,
    /// The file with the words that mean the same, read again when it changes; empty for the built-in list, which is
    /// `services/search/synonyms.txt`.
    pub synonyms_path: PathBuf,
    /// The file with what is pinned, hidden, raised and lowered, read again when it changes; empty for the built-in one,
    /// which is `services/search/rules.txt`.
    pub rules_path: PathBuf,
    /// A list of towns with their postcodes and coordinates (see `towns_file.rs`), read at start; empty to know only the
    /// towns that listings and shops name.
    pub towns_path: PathBuf,
    /// What an instance makes ready before it takes traffic.
    pub warm_up: WarmUpSettings,
}

impl SearchSettings {
    /// The longest list of price edges; each costs a little for every listing that matches.
    const MAX_PRICE_EDGES: usize = 10;

    pub(crate) fn max_wait(&self) -> Duration {
        Duration::from_millis(self.max_wait_ms)
    }

    pub(crate) fn time_limit(&self) -> Duration {
        Duration::from_millis(self.time_limit_ms)
    }

    pub(crate) fn poll_interval(&self) -> Duration {
        Duration::from_millis(self.poll_interval_ms)
    }
}

impl Default for SearchSettings {
    fn default() -> Self {
        Self {
            page_size: 24,
            max_page: 40,
            max_concurrent: 0,
            max_wait_ms: 500,
            time_limit_ms: 1_000,
            poll_interval_ms: 250,
            price_edges_cents: vec![1_000, 2_500, 5_000, 10_000],
            synonyms_path: PathBuf::new(),
            rules_path: PathBuf::new(),
            towns_path: PathBuf::new(),
            warm_up: WarmUpSettings::default(),
        }
    }
}

impl Validate for SearchSettings {
    fn validate(&self, faults: &mut Faults) {
        faults.check((1..=100).contains(&self.page_size), "page_size", "must be between 1 and 100");
        faults.check((1..=1_000).contains(&self.max_page), "max_page", "must be between 1 and 1000");
        faults.check_positive("time_limit_ms", self.time_limit_ms);
        faults.check_positive("poll_interval_ms", self.poll_interval_ms);
        let edges = &self.price_edges_cents;
        faults.check(edges.len() <= Self::MAX_PRICE_EDGES, "price_edges_cents", "must be at most 10");
        let are_rising = edges.windows(2).all(|pair| pair[0] < pair[1]) && edges.first().is_none_or(|first| *first > 0);
        faults.check(are_rising, "price_edges_cents", "must be greater than 0 and rise");
        faults.section("warm_up", &self.warm_up);
    }
}

/// What an instance makes ready before it takes traffic, in both languages: the first page of a search for everything,
/// and of the searches named here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WarmUpSettings {
    /// What shoppers search for most, as they type it.
    pub searches: Vec<String>,
    /// How long it may take, from the moment when there is an index and the catalogue can be read; what is not ready by
    /// then is made when somebody asks for it. Too long keeps a new instance from helping its busy sisters; 0 leaves the
    /// whole thing out.
    pub limit_ms: u64,
}

impl WarmUpSettings {
    /// Each is two pages; more than this is a crawl, not a warm-up.
    const MOST: usize = 1_000;
}

impl Default for WarmUpSettings {
    fn default() -> Self {
        // A hundred searches take less than a second on an idle machine.
        Self { searches: Vec::new(), limit_ms: 3_000 }
    }
}

impl Validate for WarmUpSettings {
    fn validate(&self, faults: &mut Faults) {
        faults.check(self.searches.len() <= Self::MOST, "searches", format!("must be at most {}", Self::MOST));
        let are_lawful = self.searches.iter().all(|text| SearchText::new(text).is_ok());
        faults.check(are_lawful, "searches", format!("must have at most {} characters each", SearchText::MAX_CHARS));
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
        assert!(missing.contains(&"index.store_url".to_owned()), "{missing:?}");
        assert!(missing.iter().all(|name| name.ends_with("_url") || name.starts_with("signing.")), "{missing:?}");
    }

    #[test]
    fn price_bands_must_rise() {
        for edges in [vec![0, 5], vec![5, 5], vec![9, 3], (1..20).collect()] {
            let settings = SearchSettings { price_edges_cents: edges, ..SearchSettings::default() };
            assert_eq!(Faults::of(&settings).len(), 1);
        }
    }
}
