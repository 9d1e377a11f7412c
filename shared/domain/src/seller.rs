//! Who sells.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Place, SellerId, Slug};

/// A seller and the shop that shoppers see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seller {
    /// The seller's number.
    pub id: SellerId,
    /// The shop's name in addresses, unique.
    pub slug: Slug,
    /// The shop's name.
    pub name: String,
    /// What the shop says of itself; may be empty.
    pub description: String,
    /// Where the shop is, if it says so.
    pub place: Option<Place>,
    /// When the shop opened.
    pub created_at: Timestamp,
}
