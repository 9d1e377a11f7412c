//! The settings of this service: those of every part that it is built from, and its own.

use std::time::Duration;

use halles_cache::CacheSettings;
use halles_http::{HttpSettings, LinkSettings, SigningSettings};
use halles_payment::PaymentSettings;
use halles_queue::changes::ChangesSettings;
use halles_queue::order_log::OrderLogSettings;
use halles_settings::{Faults, Validate};
use halles_store::{PlacementRules, StoreSettings};
use halles_telemetry::TelemetrySettings;
use serde::{Deserialize, Serialize};

use crate::LiveSettings;

/// Everything that `halles-order` can be told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Ports, limits and times of the server.
    pub http: HttpSettings,
    /// The secret behind the basket cookie and the names of orders; the same for all services.
    pub signing: SigningSettings,
    /// The databases: reads go to the replica, cancelling and placing without the log to the primary.
    pub store: StoreSettings,
    /// Memory and the cache Redis, for prices and stock on basket and checkout.
    pub cache: CacheSettings,
    /// Where changes are heard of.
    pub changes: ChangesSettings,
    /// The log that requests to buy are appended to.
    pub order_log: OrderLogSettings,
    /// How orders are taken.
    pub orders: OrderSettings,
    /// How order pages are kept up to date.
    pub live: LiveSettings,
    /// Who takes the money.
    pub payment: PaymentSettings,
    /// Addresses that others are given to come to us.
    pub links: LinkSettings,
    /// Logs, traces and metrics.
    pub telemetry: TelemetrySettings,
}

/// How orders are taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OrderSettings {
    /// How long a shopper waits for the outcome before reading "being checked". Longer keeps more requests open when
    /// the order-worker is slow; shorter sends people to a second page for nothing.
    pub outcome_wait_ms: u64,
    /// How long pieces are held for an order that waits for its payment; what the checkout says, and what holds for
    /// orders placed while the log is away. The order-worker must be told the same.
    pub hold_ms: u64,
    /// The most pieces of one listing that one person (an e-mail address) may have in all orders that are not over; 0 for
    /// no bound. The order-worker must be told the same.
    pub max_pieces_per_person: u32,
    /// The most orders that may wait for one listing. The order-worker must be told the same.
    pub max_waiting_per_listing: u32,
    /// How long an order waits for its turn at most. The order-worker must be told the same.
    pub wait_ms: u64,
    /// The most orders that this instance places at once while the log is away. Few, because each of them is a
    /// transaction of its own on the primary, and all instances do the same.
    pub direct_max_concurrent: u32,
    /// How long a shopper may wait for one of these places.
    pub direct_wait_ms: u64,
    /// The most reads of the primary at once by people who have just ordered or cancelled and whom the replica does
    /// not know yet.
    pub own_read_max_concurrent: u32,
    /// How long such a read may wait for its turn before the replica's word must do.
    pub own_read_wait_ms: u64,
    /// For how many days a seller's token is good. A season: who sells comes back more often than that.
    pub seller_token_days: u32,
    /// When to come back after a refusal for load. Longer than it takes a log to drain a little.
    pub retry_after_ms: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            http: HttpSettings { port: 8121, admin_port: 9121, ..HttpSettings::default() },
            signing: SigningSettings::default(),
            store: StoreSettings { application_name: "halles-order".to_owned(), ..StoreSettings::default() },
            cache: CacheSettings::default(),
            changes: ChangesSettings::default(),
            order_log: OrderLogSettings::default(),
            orders: OrderSettings::default(),
            live: LiveSettings::default(),
            payment: PaymentSettings::default(),
            links: LinkSettings::default(),
            telemetry: TelemetrySettings::default(),
        }
    }
}

impl Default for OrderSettings {
    fn default() -> Self {
        Self {
            outcome_wait_ms: 2_000,
            hold_ms: 30 * 60 * 1_000,
            max_pieces_per_person: 20,
            max_waiting_per_listing: 1_000,
            wait_ms: 24 * 60 * 60 * 1_000,
            direct_max_concurrent: 4,
            direct_wait_ms: 500,
            own_read_max_concurrent: 2,
            own_read_wait_ms: 20,
            seller_token_days: 90,
            retry_after_ms: 3_000,
        }
    }
}

impl OrderSettings {
    /// For how long a seller's token is good.
    pub const fn seller_token(&self) -> Duration {
        Duration::from_secs(self.seller_token_days as u64 * 24 * 60 * 60)
    }

    pub(crate) const fn rules(&self) -> PlacementRules {
        PlacementRules {
            hold_for: Duration::from_millis(self.hold_ms),
            max_pieces_per_person: match self.max_pieces_per_person {
                0 => None,
                most => Some(most),
            },
            max_waiting: self.max_waiting_per_listing,
            wait_for: Duration::from_millis(self.wait_ms),
        }
    }
}

impl Validate for Settings {
    fn validate(&self, faults: &mut Faults) {
        faults.section("http", &self.http);
        faults.section("signing", &self.signing);
        faults.section("store", &self.store);
        let reason = "must be set: this service reads orders from the replica and cancels them on the primary";
        faults.check(!self.store.replica_url.is_empty(), "store.replica_url", reason);
        faults.check(!self.store.primary_url.is_empty(), "store.primary_url", reason);
        faults.section("cache", &self.cache);
        faults.section("changes", &self.changes);
        faults.section("order_log", &self.order_log);
        faults.section("orders", &self.orders);
        faults.section("live", &self.live);
        faults.section("payment", &self.payment);
        self.payment.validate_notices(faults);
        faults.section("links", &self.links);
        faults.section("telemetry", &self.telemetry);
        faults.check(
            self.orders.outcome_wait_ms < self.http.request_deadline_ms,
            "orders.outcome_wait_ms",
            "must be less than http.request_deadline_ms, or nobody ever reads \"being checked\"",
        );
        faults.check(
            self.payment.timeout_ms < self.http.request_deadline_ms,
            "payment.timeout_ms",
            "must be less than http.request_deadline_ms, or nobody ever reads \"try again\"",
        );
    }
}

impl Validate for OrderSettings {
    fn validate(&self, faults: &mut Faults) {
        faults.check_positive("outcome_wait_ms", self.outcome_wait_ms);
        faults.check(self.hold_ms >= 1_000, "hold_ms", "must be at least 1,000");
        faults.check_positive("wait_ms", self.wait_ms);
        faults.check_positive("direct_max_concurrent", self.direct_max_concurrent);
        faults.check_positive("direct_wait_ms", self.direct_wait_ms);
        faults.check_positive("own_read_max_concurrent", self.own_read_max_concurrent);
        faults.check_positive("own_read_wait_ms", self.own_read_wait_ms);
        faults.check_positive("seller_token_days", self.seller_token_days);
        faults.check_positive("retry_after_ms", self.retry_after_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_addresses_and_the_secret_are_missing_from_the_defaults() {
        let missing: Vec<String> = Faults::of(&Settings::default()).into_iter().map(|fault| fault.setting).collect();
        assert!(missing.contains(&"store.primary_url".to_owned()), "{missing:?}");
        let is_address_or_secret = |name: &String| {
            name.ends_with("_url")
                || name.starts_with("signing.")
                || name.ends_with("_key")
                || name.ends_with("_secret")
        };
        assert!(missing.iter().all(is_address_or_secret), "{missing:?}");
    }

    #[test]
    fn a_wait_beyond_the_deadline_is_refused() {
        let mut settings = Settings::default();
        settings.orders.outcome_wait_ms = settings.http.request_deadline_ms;
        assert!(Faults::of(&settings).iter().any(|fault| fault.setting == "orders.outcome_wait_ms"));
    }
}
