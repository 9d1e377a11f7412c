//! What a shopper may still change before ordering.

use serde::{Deserialize, Serialize};

use crate::{Invalid, ListingId, Quantity};

/// One listing in the basket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasketLine {
    /// What is wanted.
    pub listing_id: ListingId,
    /// How many.
    pub quantity: Quantity,
}

/// A shopper's basket: distinct listings in the order in which they were put in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<BasketLine>", into = "Vec<BasketLine>")]
pub struct Basket(Vec<BasketLine>);

/// Why a basket could not take another line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BasketError {
    /// The basket must fit in a cookie and an order in one short transaction.
    #[error("a basket holds at most {} different listings", Basket::MAX_LINES)]
    Full,
    /// More pieces than anybody may order at once.
    #[error(transparent)]
    Quantity(#[from] Invalid),
}

impl Basket {
    /// The most different listings in one basket.
    pub const MAX_LINES: usize = 50;

    /// Builds a basket from lines of outside; lines for the same listing are added up.
    pub fn new(lines: impl IntoIterator<Item = BasketLine>) -> Result<Self, BasketError> {
        let mut basket = Self::default();
        for line in lines {
            basket.add(line)?;
        }
        Ok(basket)
    }

    /// Puts pieces in, on top of those already there.
    pub fn add(&mut self, line: BasketLine) -> Result<(), BasketError> {
        if let Some(present) = self.0.iter_mut().find(|present| present.listing_id == line.listing_id) {
            present.quantity = Quantity::new(present.quantity.get() + line.quantity.get())?;
            return Ok(());
        }
        if self.0.len() == Self::MAX_LINES {
            return Err(BasketError::Full);
        }
        self.0.push(line);
        Ok(())
    }

    /// Sets how many pieces of a listing that is in the basket are wanted; without a quantity it is taken out.
    pub fn set(&mut self, listing_id: ListingId, quantity: Option<Quantity>) {
        match quantity {
            None => self.0.retain(|line| line.listing_id != listing_id),
            Some(quantity) => {
                if let Some(line) = self.0.iter_mut().find(|line| line.listing_id == listing_id) {
                    line.quantity = quantity;
                }
            }
        }
    }

    /// The lines, first put in first.
    pub fn lines(&self) -> &[BasketLine] {
        &self.0
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many pieces are in it.
    pub fn pieces(&self) -> u32 {
        self.0.iter().map(|line| line.quantity.get()).sum()
    }
}

impl TryFrom<Vec<BasketLine>> for Basket {
    type Error = BasketError;

    fn try_from(lines: Vec<BasketLine>) -> Result<Self, BasketError> {
        Self::new(lines)
    }
}

impl From<Basket> for Vec<BasketLine> {
    fn from(basket: Basket) -> Self {
        basket.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: i64, pieces: u32) -> BasketLine {
        BasketLine { listing_id: ListingId::new(id), quantity: Quantity::new(pieces).expect("a quantity") }
    }

    #[test]
    fn the_same_listing_twice_is_one_line() {
        let basket = Basket::new([line(1, 2), line(2, 1), line(1, 3)]).expect("a basket");
        assert_eq!(basket.lines(), [line(1, 5), line(2, 1)]);
        assert_eq!(basket.pieces(), 6);
    }

    #[test]
    fn has_bounds() {
        let too_many = (1..=51).map(|id| line(id, 1));
        assert_eq!(Basket::new(too_many), Err(BasketError::Full));
        assert!(matches!(Basket::new([line(1, 999), line(1, 1)]), Err(BasketError::Quantity(_))));
    }

    #[test]
    fn lines_can_be_changed_and_taken_out() {
        let mut basket = Basket::new([line(1, 2)]).expect("a basket");
        basket.set(ListingId::new(1), Quantity::new(7).ok());
        basket.set(ListingId::new(9), Quantity::new(1).ok());
        assert_eq!(basket.lines(), [line(1, 7)]);
        basket.set(ListingId::new(1), None);
        assert!(basket.is_empty());
    }
}
