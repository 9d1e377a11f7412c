//! What goes over the wire between the marketplace and a hosted payment page.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `POST /v1/payments`: open a payment, or find it again. The same name with other contents is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenPayment {
    /// The shop's name for it.
    pub id: Uuid,
    /// What is charged, in minor units.
    pub amount_cents: i64,
    /// The ISO 4217 code.
    pub currency: String,
    /// What it is for.
    pub description: String,
    /// The shopper's language.
    pub language: String,
    /// Where the shopper goes afterwards.
    pub return_url: String,
    /// Where notices go.
    pub notice_url: String,
    /// Until when it may be paid.
    pub expires_at: Timestamp,
}

/// How a payment stands: the answer to opening it and to `GET /v1/payments/{id}`, and the body of a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostedPayment {
    /// The shop's name for it.
    pub id: Uuid,
    /// How far it is.
    pub state: HostedState,
    /// What is or would be charged, in minor units.
    pub amount_cents: i64,
    /// The ISO 4217 code.
    pub currency: String,
    /// Where the shopper pays.
    pub page_url: String,
    /// What has been given back, in minor units.
    pub refunded_cents: i64,
}

/// How far a payment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostedState {
    /// The shopper may pay.
    Open,
    /// The shopper has paid, and the money is on its way.
    Processing,
    /// The provider has the money.
    Captured,
    /// It was declined or given up.
    Declined,
    /// Nobody paid in time.
    Expired,
}

/// `POST /v1/payments/{id}/refunds`: give back what was captured, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GiveBack {
    /// How much, in minor units: all of it.
    pub amount_cents: i64,
    /// The ISO 4217 code.
    pub currency: String,
}
