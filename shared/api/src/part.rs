//! Parts of orders on the wire: what a seller is to send, and to whom.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::order::OrderLine;

/// A page of a seller's parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Parts {
    /// The parts, in the order of their orders' names.
    pub parts: Vec<Part>,
    /// What to ask for next (`after`); none when this page is the last.
    pub next: Option<Uuid>,
}

/// The part of a paid order that one seller fulfils.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Part {
    /// The order that it is part of.
    pub order_id: Uuid,
    /// A short form of its name, for the parcel.
    #[schema(example = "0190-C7A2")]
    pub number: String,
    /// What goes in, with what is to be written on it.
    pub lines: Vec<OrderLine>,
    /// What it comes to, in minor units.
    #[schema(example = 4_500)]
    pub total_cents: i64,
    /// The ISO 4217 code.
    #[schema(example = "EUR")]
    pub currency: String,
    /// Who gets it; none when that was forgotten, long after it was sent.
    pub recipient: Option<Recipient>,
    /// When it was sent, if it was.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub sent_at: Option<Timestamp>,
}

/// What stands on the parcel. For this parcel only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Recipient {
    /// The name.
    #[schema(example = "Camille Durand")]
    pub name: String,
    /// Street and number.
    #[schema(example = "12 rue des Halles")]
    pub street: String,
    /// The postcode.
    #[schema(example = "75001")]
    pub postcode: String,
    /// The town.
    #[schema(example = "Paris")]
    pub town: String,
    /// The country's ISO 3166 code.
    #[schema(example = "FR")]
    pub country: String,
}

/// Shows no personal data, so that it cannot reach a log.
impl std::fmt::Debug for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recipient(hidden)")
    }
}
