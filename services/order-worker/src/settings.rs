//! Everything that may be set about the order-worker.

mod shoppers;

use std::time::Duration;

use halles_http::{AdminSettings, LinkSettings, SigningSettings};
use halles_mail::MailSettings;
use halles_payment::PaymentSettings;
use halles_queue::changes::ChangesSettings;
use halles_queue::order_log::OrderLogSettings;
use halles_settings::{Faults, Validate};
use halles_store::{PlacementRules, StoreSettings};
use halles_telemetry::TelemetrySettings;
use serde::{Deserialize, Serialize};

pub use shoppers::ShopperSettings;

/// The order-worker's settings, one field for each section.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OrderWorkerSettings {
    /// The admin port; the worker has no other.
    pub http: AdminSettings,
    /// The primary, where orders are placed. The replica is only measured: how far it is behind.
    pub store: StoreSettings,
    /// The log that requests to buy are taken from.
    pub order_log: OrderLogSettings,
    /// The stream that committed changes are published to.
    pub changes: ChangesSettings,
    /// How orders are placed.
    pub orders: PlacingSettings,
    /// Who takes the money.
    pub payment: PaymentSettings,
    /// How money is looked after.
    pub money: MoneySettings,
    /// The mail server.
    pub mail: MailSettings,
    /// How mails are sent.
    pub mails: MailWorkSettings,
    /// What is owed to shoppers by the clock.
    pub shoppers: ShopperSettings,
    /// Addresses in mails.
    pub links: LinkSettings,
    /// The secret behind payment links; the same for all services. Needed only where mails are sent.
    pub signing: SigningSettings,
    /// Logs, traces and metrics.
    pub telemetry: TelemetrySettings,
}

/// How orders are placed and expired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlacingSettings {
    /// How long pieces are held for an order that waits for its payment. Half an hour: enough to look for the purse,
    /// short enough that others need not wait for the evening. The order service must be told the same.
    pub hold_ms: u64,
    /// The most pieces of one listing that one person (an e-mail address) may have in all orders that are not over; 0 for
    /// no bound. Twenty furnish a long table; whoever wants more talks to the maker. The order service must be told the
    /// same.
    pub max_pieces_per_person: u32,
    /// The most orders that may wait for one listing. Whoever is further behind has no hope worth waiting for. The order
    /// service must be told the same.
    pub max_waiting_per_listing: u32,
    /// How long an order waits for its turn at most: a day, so that nobody is surprised by an order of last week. The
    /// order service must be told the same.
    pub wait_ms: u64,
    /// How often holds that have ended are looked for. A second, so that nobody sees a hold long after its end.
    pub expiry_interval_ms: u64,
    /// The most orders that expire in one transaction.
    pub expiry_batch: u32,
    /// How often a worker that does not lead asks whether it may.
    pub standby_pause_ms: u64,
    /// The pause after the first failure of the database or the log; it doubles up to `longest_pause_ms`.
    pub first_pause_ms: u64,
    /// The longest pause between two tries. Short beside the lead's length, or the lead is lost while waiting.
    pub longest_pause_ms: u64,
    /// How often a request is tried alone, when placing it fails in a way that will not mend itself, before people
    /// must look at it.
    pub max_attempts: u32,
    /// How often the order log and the replica's lag are measured.
    pub gauge_interval_ms: u64,
}

/// How money is looked after: what is owed back, and payments that nobody tells about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MoneySettings {
    /// How often refunds that are due are looked for. A second, so that who cancels reads "given back" soon.
    pub refund_interval_ms: u64,
    /// The most refunds that are taken at once, and so wait for one another.
    pub refund_batch: u32,
    /// How often open payments that should be asked about are looked for; each of them comes up every half a minute
    /// at most.
    pub sweep_interval_ms: u64,
    /// The most payments that are taken at once, and so wait for one another.
    pub sweep_batch: u32,
    /// How long a payment may be unknown to the provider before it counts as failed. Longer than a request to start it
    /// can be under way.
    pub unknown_after_ms: u64,
}

/// How mails are sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailWorkSettings {
    /// How often mails that are due are looked for. Half a second, so that the mail is there when the shopper looks.
    pub interval_ms: u64,
    /// The most mails that are taken at once.
    pub batch: u32,
    /// How many of them are sent side by side; more than `mail.max_connections` only wait for one another.
    pub side_by_side: u32,
    /// How often a mail is tried that the server refuses for good, in case it changes its mind. One that it has no time
    /// for is tried on without end.
    pub max_attempts: u32,
    /// What happened longer ago is no news and is not told any more. Three days: longer than a mail server is ever away,
    /// and a shop that turns its mails on does not write to everybody about last month.
    pub max_age_s: u64,
}

impl Default for MailWorkSettings {
    fn default() -> Self {
        Self { interval_ms: 500, batch: 100, side_by_side: 4, max_attempts: 5, max_age_s: 3 * 24 * 60 * 60 }
    }
}

impl Validate for MailWorkSettings {
    fn validate(&self, faults: &mut Faults) {
        faults.check_positive("interval_ms", self.interval_ms);
        faults.check((1..=200).contains(&self.batch), "batch", "must be between 1 and 200");
        faults.check_positive("side_by_side", self.side_by_side);
        faults.check_positive("max_attempts", self.max_attempts);
        faults.check((60..=31_536_000).contains(&self.max_age_s), "max_age_s", "must be between a minute and a year");
    }
}

impl Default for OrderWorkerSettings {
    fn default() -> Self {
        Self {
            http: AdminSettings { admin_port: 9131, ..AdminSettings::default() },
            store: StoreSettings { application_name: "halles-order-worker".to_owned(), ..StoreSettings::default() },
            order_log: OrderLogSettings::default(),
            changes: ChangesSettings::default(),
            orders: PlacingSettings::default(),
            payment: PaymentSettings::default(),
            money: MoneySettings::default(),
            mail: MailSettings::default(),
            mails: MailWorkSettings::default(),
            shoppers: ShopperSettings::default(),
            links: LinkSettings::default(),
            signing: SigningSettings::default(),
            telemetry: TelemetrySettings::default(),
        }
    }
}

impl Default for PlacingSettings {
    fn default() -> Self {
        Self {
            hold_ms: 30 * 60 * 1_000,
            max_pieces_per_person: 20,
            max_waiting_per_listing: 1_000,
            wait_ms: 24 * 60 * 60 * 1_000,
            expiry_interval_ms: 1_000,
            expiry_batch: 500,
            standby_pause_ms: 500,
            first_pause_ms: 20,
            longest_pause_ms: 1_000,
            max_attempts: 5,
            gauge_interval_ms: 1_000,
        }
    }
}

impl Default for MoneySettings {
    fn default() -> Self {
        Self {
            refund_interval_ms: 1_000,
            refund_batch: 20,
            sweep_interval_ms: 1_000,
            sweep_batch: 20,
            unknown_after_ms: 60_000,
        }
    }
}

impl PlacingSettings {
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

impl Validate for OrderWorkerSettings {
    fn validate(&self, faults: &mut Faults) {
        faults.section("http", &self.http);
        faults.section("store", &self.store);
        faults.check(!self.store.primary_url.is_empty(), "store.primary_url", "must be set: orders are placed there");
        faults.section("order_log", &self.order_log);
        faults.section("changes", &self.changes);
        faults.section("orders", &self.orders);
        faults.section("payment", &self.payment);
        faults.section("money", &self.money);
        faults.section("mail", &self.mail);
        faults.section("mails", &self.mails);
        faults.section("shoppers", &self.shoppers);
        faults.section("links", &self.links);
        if !self.mail.smtp_url.is_empty() {
            faults.section("signing", &self.signing);
        }
        faults.section("telemetry", &self.telemetry);
        faults.check(
            2 * self.orders.longest_pause_ms < self.order_log.leader_ttl_ms,
            "orders.longest_pause_ms",
            "must be less than half of order_log.leader_ttl_ms, or the lead is lost while waiting",
        );
    }
}

impl Validate for PlacingSettings {
    fn validate(&self, faults: &mut Faults) {
        faults.check_positive("hold_ms", self.hold_ms);
        faults.check_positive("wait_ms", self.wait_ms);
        faults.check_positive("expiry_interval_ms", self.expiry_interval_ms);
        faults.check((1..=1_000).contains(&self.expiry_batch), "expiry_batch", "must be between 1 and 1,000");
        faults.check_positive("standby_pause_ms", self.standby_pause_ms);
        faults.check_positive("first_pause_ms", self.first_pause_ms);
        faults.check_positive("longest_pause_ms", self.longest_pause_ms);
        faults.check_positive("max_attempts", self.max_attempts);
        faults.check_positive("gauge_interval_ms", self.gauge_interval_ms);
    }
}

impl Validate for MoneySettings {
    fn validate(&self, faults: &mut Faults) {
        faults.check_positive("refund_interval_ms", self.refund_interval_ms);
        faults.check((1..=100).contains(&self.refund_batch), "refund_batch", "must be between 1 and 100");
        faults.check_positive("sweep_interval_ms", self.sweep_interval_ms);
        faults.check((1..=100).contains(&self.sweep_batch), "sweep_batch", "must be between 1 and 100");
        faults.check(self.unknown_after_ms >= 10_000, "unknown_after_ms", "must be at least 10,000");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_primary_and_the_provider_must_be_set() {
        let mut settings = OrderWorkerSettings::default();
        let missing: Vec<String> = Faults::of(&settings).into_iter().map(|fault| fault.setting).collect();
        assert_eq!(missing, ["store.primary_url", "payment.provider_url", "payment.api_key"]);
        settings.payment.provider_url = "http://127.0.0.1:8151".into();
        settings.payment.api_key = "a key".into();
        settings.store.primary_url = "postgres://halles_write@127.0.0.1:15432/halles".into();
        assert_eq!(Faults::of(&settings), []);
    }

    #[test]
    fn pauses_that_would_cost_the_lead_are_refused() {
        let mut settings = OrderWorkerSettings::default();
        settings.orders.longest_pause_ms = 60_000;
        assert!(Faults::of(&settings).iter().any(|fault| fault.setting == "orders.longest_pause_ms"));
    }
}
