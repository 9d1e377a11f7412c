//! How many there are, and to whom they are promised.

use serde::{Deserialize, Serialize};

use crate::Invalid;

/// A number of pieces that somebody wants: at least one, at most [`Quantity::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Quantity(u32);

impl Quantity {
    /// The most pieces of one listing in one order: nobody buys a thousand handmade bowls by accident.
    pub const MAX: u32 = 999;

    /// Parses a number of pieces.
    pub fn new(pieces: u32) -> Result<Self, Invalid> {
        if (1..=Self::MAX).contains(&pieces) {
            Ok(Self(pieces))
        } else {
            Err(Invalid::new("quantity", format!("must be between 1 and {}", Self::MAX)))
        }
    }

    /// The number of pieces.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for Quantity {
    type Error = Invalid;

    fn try_from(pieces: u32) -> Result<Self, Invalid> {
        Self::new(pieces)
    }
}

impl From<Quantity> for u32 {
    fn from(quantity: Quantity) -> Self {
        quantity.0
    }
}

/// A listing's stock. `allocated + held ≤ on_hand`, always: the database refuses any row that says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stock {
    on_hand: u32,
    allocated: u32,
    held: u32,
}

/// A stock that promises more than there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{allocated} allocated and {held} held are more than the {on_hand} on hand")]
pub struct StockError {
    /// Units physically present.
    pub on_hand: u32,
    /// Units promised to placed orders.
    pub allocated: u32,
    /// Units set aside until a time limit.
    pub held: u32,
}

impl Stock {
    /// Parses a stock; one that is oversold is refused.
    pub fn new(on_hand: u32, allocated: u32, held: u32) -> Result<Self, StockError> {
        match allocated.checked_add(held) {
            Some(promised) if promised <= on_hand => Ok(Self { on_hand, allocated, held }),
            _ => Err(StockError { on_hand, allocated, held }),
        }
    }

    /// Units physically present.
    pub const fn on_hand(self) -> u32 {
        self.on_hand
    }

    /// Units promised to placed orders, without a time limit.
    pub const fn allocated(self) -> u32 {
        self.allocated
    }

    /// Units set aside for orders that still have to be paid, until a time limit.
    pub const fn held(self) -> u32 {
        self.held
    }

    /// Units that a shopper can still have.
    pub const fn available(self) -> u32 {
        self.on_hand - self.allocated - self.held
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_oversold_stock_cannot_be_built() {
        assert_eq!(Stock::new(5, 2, 3).map(Stock::available), Ok(0));
        assert!(Stock::new(5, 3, 3).is_err());
        assert!(Stock::new(5, u32::MAX, u32::MAX).is_err());
    }

    #[test]
    fn nobody_orders_nothing() {
        assert!(Quantity::new(0).is_err());
        assert!(Quantity::new(Quantity::MAX + 1).is_err());
        assert!(serde_json::from_str::<Quantity>("0").is_err());
    }
}
