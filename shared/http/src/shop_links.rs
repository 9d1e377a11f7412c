//! Addresses of orders for the world outside: where they are followed and paid, where whoever has paid comes back to,
//! where the payment provider sends its notices.
//!
//! A payment link is for one order and good for a while, and lets its bearer pay and nothing else: whoever is asked to
//! pay for somebody else sees what and how much, and neither the order's page nor the way to cancel it. It is signed
//! rather than stored, so any instance can make one at any time, as often as one is wanted; it is revoked by what becomes
//! of the order.

use std::time::Duration;

use halles_domain::{OrderId, PaymentId};
use halles_settings::{Faults, Validate};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{SealError, Signer};

/// What the seal of a payment link is for; worth nothing anywhere else.
const PURPOSE: &str = "payment-link";

/// The section `links`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LinkSettings {
    /// Where people and the payment provider reach this shop, such as `https://halles.example.org`.
    pub public_url: String,
    /// Where the payment provider reaches this shop with its notices, when that is not `public_url`: behind a network
    /// of their own, for example. Empty otherwise.
    pub notice_base_url: String,
    /// How long a payment link is good for, at most: the hold ends it earlier. A day, so that the link in a mail of the
    /// evening is no surprise next week.
    pub payment_link_max_age_s: u64,
}

impl Default for LinkSettings {
    fn default() -> Self {
        Self {
            // Where `cargo dev up` opens the shop.
            public_url: "http://127.0.0.1:8080".to_owned(),
            notice_base_url: String::new(),
            payment_link_max_age_s: 24 * 60 * 60,
        }
    }
}

impl Validate for LinkSettings {
    fn validate(&self, faults: &mut Faults) {
        let is_address = |text: &str| text.starts_with("http://") || text.starts_with("https://");
        faults.check(
            is_address(&self.public_url),
            "public_url",
            "must be set to the http or https address of the shop",
        );
        let is_fine = self.notice_base_url.is_empty() || is_address(&self.notice_base_url);
        faults.check(is_fine, "notice_base_url", "must be an http or https address, or empty");
        faults.check_positive("payment_link_max_age_s", self.payment_link_max_age_s);
    }
}

/// Makes addresses and reads them.
#[derive(Debug, Clone)]
pub struct ShopLinks {
    signer: Signer,
    public_url: String,
    notice_base_url: String,
    max_age: Duration,
}

/// Who pays, and so where they come back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payer<'a> {
    /// Somebody with the order's own page.
    Owner,
    /// Somebody with this payment link.
    LinkBearer(&'a str),
}

impl ShopLinks {
    /// Links of the shop at `public_url`, signed by `signer`.
    pub fn new(signer: Signer, settings: &LinkSettings) -> Self {
        let base = |url: &str| url.trim_end_matches('/').to_owned();
        let told_at = &settings.notice_base_url;
        Self {
            signer,
            public_url: base(&settings.public_url),
            notice_base_url: base(if told_at.is_empty() { &settings.public_url } else { told_at }),
            max_age: Duration::from_secs(settings.payment_link_max_age_s),
        }
    }

    /// Where an order is followed.
    pub fn order(&self, id: OrderId) -> String {
        format!("{}/orders/{id}", self.public_url)
    }

    /// A new payment link for an order.
    pub fn payment(&self, id: OrderId, now: Timestamp) -> String {
        format!("{}/pay/{}", self.public_url, self.signer.seal(PURPOSE, &id.to_string(), now))
    }

    /// The order that a payment link is for.
    pub fn open(&self, token: &str, now: Timestamp) -> Result<OrderId, SealError> {
        let text = self.signer.open(PURPOSE, token, self.max_age, now)?;
        text.parse().map_err(|_| SealError::Malformed)
    }

    /// Where whoever pays comes back to.
    pub fn return_url(&self, id: OrderId, payment: PaymentId, payer: Payer<'_>) -> String {
        match payer {
            Payer::Owner => format!("{}/orders/{id}/payments/{payment}", self.public_url),
            Payer::LinkBearer(token) => format!("{}/pay/{token}/payments/{payment}", self.public_url),
        }
    }

    /// Where the provider sends its notices.
    pub fn notice_url(&self) -> String {
        format!("{}/api/v1/payments/notices", self.notice_base_url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SigningSettings;

    fn links(secret: &str) -> ShopLinks {
        let signing = SigningSettings { secret: secret.into(), ..SigningSettings::default() };
        ShopLinks::new(Signer::new(&signing), &LinkSettings::default())
    }

    fn token_of(link: &str) -> &str {
        link.rsplit_once("/pay/").expect("a payment link").1
    }

    #[test]
    fn a_link_leads_to_its_order_for_a_day_and_only_ours_do() {
        let id: OrderId = "0190c7a2-1b2c-8d3e-8f40-112233445566".parse().expect("a UUID");
        let noon: Timestamp = "2026-06-04T12:00:00Z".parse().expect("a time");
        let day = Duration::from_secs(24 * 60 * 60);
        let ours = links("a secret of more than thirty-two characters");
        let link = ours.payment(id, noon);
        assert!(link.starts_with("http://127.0.0.1:8080/pay/"));
        assert_eq!(ours.open(token_of(&link), noon + day), Ok(id));
        assert_eq!(ours.open(token_of(&link), noon + day + Duration::from_secs(1)), Err(SealError::Expired));
        let theirs = links("another secret of more than thirty-two characters");
        assert_eq!(theirs.open(token_of(&link), noon), Err(SealError::Broken));
        let other = link.replace("0190c7a2", "0190c7a3");
        assert_eq!(ours.open(token_of(&other), noon), Err(SealError::Broken), "for one order alone");
    }
}
