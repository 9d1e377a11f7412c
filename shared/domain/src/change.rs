//! What changed, as the outbox remembers it and the change stream tells it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{CategoryId, Invalid, ListingId, OrderId, SellerId, Version};

/// A place in the outbox. Places are ordered, and a reader that keeps to committed transactions (see
/// `halles_store`) never has a row appear behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct ChangePosition {
    /// The writing transaction's number (PostgreSQL's `xid8`).
    pub transaction: u64,
    /// The row's number.
    pub row: i64,
}

impl fmt::Display for ChangePosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.transaction, self.row)
    }
}

impl FromStr for ChangePosition {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let parts =
            text.split_once('.').and_then(|(transaction, row)| Some((transaction.parse().ok()?, row.parse().ok()?)));
        let (transaction, row) =
            parts.ok_or_else(|| Invalid::new("position", "must be two numbers with a point between"))?;
        Ok(Self { transaction, row })
    }
}

/// One committed change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Where the outbox has it.
    pub position: ChangePosition,
    /// What changed.
    pub subject: ChangeSubject,
}

/// What a change is about. Small on purpose: whoever needs the new content reads it, at this version or a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChangeSubject {
    /// A listing was published or changed, its stock included.
    Listing {
        /// Which one.
        id: ListingId,
        /// The version that the change made.
        version: Version,
        /// Whose listing it is.
        seller_id: SellerId,
        /// Where it hangs.
        category_id: CategoryId,
    },
    /// A shop was opened or changed.
    Seller {
        /// Which one.
        id: SellerId,
    },
    /// The category tree or the choice of featured listings changed.
    Catalogue,
    /// An order changed its state.
    Order {
        /// Which one.
        id: OrderId,
    },
}

/// What somebody who follows the changes hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedEvent {
    /// These changes were committed, in this order. Some of them may have been told before.
    Changes(Vec<Change>),
    /// Changes may have gone by unheard: whatever was remembered until now is in doubt.
    Lost,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_as_it_is_written() {
        let place = ChangePosition { transaction: u64::MAX, row: -3 };
        assert_eq!(place.to_string().parse(), Ok(place));
        for bad in ["", "7", "7.", ".7", "a.b", "-1.0"] {
            assert!(bad.parse::<ChangePosition>().is_err(), "{bad}");
        }
    }
}
