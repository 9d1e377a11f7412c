//! Names of things: one type per kind of thing, so that one is never taken for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Invalid;

macro_rules! numeric_id {
    ($(#[$doc:meta])* $name:ident, $int:ty, $field:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name($int);

        impl $name {
            /// Wraps a number that is already known to name one, such as a database key.
            pub const fn new(value: $int) -> Self {
                Self(value)
            }

            /// The bare number, for the database and the wire.
            pub const fn get(self) -> $int {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                match text.parse::<$int>() {
                    Ok(value) if value > 0 => Ok(Self(value)),
                    _ => Err(Invalid::new($field, "must be a positive whole number")),
                }
            }
        }
    };
}

numeric_id!(
    /// A listing's number, given by the database in order of publication: a higher one is newer.
    ListingId,
    i64,
    "listing_id"
);
numeric_id!(
    /// A seller's number.
    SellerId,
    i64,
    "seller_id"
);
numeric_id!(
    /// A category's number.
    CategoryId,
    i32,
    "category_id"
);

/// How often a row has changed: every change adds one, so of two versions the higher one is the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(i64);

impl Version {
    /// Wraps a row's version.
    pub const fn new(value: i64) -> Self {
        Self(value)
    }

    /// The bare number, for the database and the wire.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An order's name. It is derived from the shopper's idempotency key and the request (see the order service), so the
/// same intent has the same name before any database has seen it, and nobody else can guess it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrderId(Uuid);

impl OrderId {
    /// Wraps an identifier that was derived or read back.
    pub const fn new(value: Uuid) -> Self {
        Self(value)
    }

    /// The bare identifier, for the database and the wire.
    pub const fn get(self) -> Uuid {
        self.0
    }

    /// A short form to read out on the phone: the first eight characters, grouped.
    pub fn short(self) -> String {
        let text = self.0.simple().to_string().to_uppercase();
        format!("{}-{}", &text[..4], &text[4..8])
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for OrderId {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Uuid::try_parse(text).map(Self).map_err(|_| Invalid::new("order_id", "must be a UUID"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_positive_whole_numbers() {
        assert_eq!("17".parse(), Ok(ListingId::new(17)));
        for bad in ["", "0", "-3", "1.5", "99999999999999999999", "1 OR 1=1"] {
            assert!(bad.parse::<ListingId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn an_order_has_a_short_name_to_read_out() {
        let id: OrderId = "0190c7a2-1b2c-7d3e-8f40-112233445566".parse().expect("a UUID");
        assert_eq!(id.short(), "0190-C7A2");
    }
}
