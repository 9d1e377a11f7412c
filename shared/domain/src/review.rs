//! What placing an order would say of its lines, judged by what is known of the listings now.
//!
//! A preview for the shopper: prices and stock may change until the order is placed, and only placing decides.

use std::sync::Arc;

use crate::{BasketLine, LineRefusal, Listing, ListingId, ListingStatus, Money};

/// A wanted line, with its listing as it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewedLine {
    /// What is wanted.
    pub wanted: BasketLine,
    /// Its listing; none when there is no such listing any more.
    pub listing: Option<Arc<Listing>>,
    /// The price of all its pieces, if they have one.
    pub total: Option<Money>,
    /// What stands in the way of ordering it.
    pub refusal: Option<LineRefusal>,
}

/// All lines, and what they come to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Review {
    /// The lines, in the order of the basket.
    pub lines: Vec<ReviewedLine>,
    /// The sum of the lines that can be ordered; none when there is no such line.
    pub total: Option<Money>,
}

impl Review {
    /// Judges `wanted` by `listings`, which may be in any order and may lack some.
    pub fn of(wanted: &[BasketLine], listings: &[Arc<Listing>]) -> Self {
        let mut review = Self::default();
        for line in wanted {
            let listing = listings.iter().find(|listing| listing.id == line.listing_id).cloned();
            let reviewed = review.judge(*line, listing);
            review.lines.push(reviewed);
        }
        review
    }

    /// Lines of which nothing is known, for when the catalogue cannot be asked: nothing is said against them.
    pub fn unseen(wanted: &[BasketLine]) -> Self {
        let unseen = |line: &BasketLine| ReviewedLine { wanted: *line, listing: None, total: None, refusal: None };
        Self { lines: wanted.iter().map(unseen).collect(), total: None }
    }

    fn judge(&mut self, wanted: BasketLine, listing: Option<Arc<Listing>>) -> ReviewedLine {
        let total =
            listing.as_ref().and_then(|listing| listing.price).and_then(|price| price.times(wanted.quantity).ok());
        let refusal = match &listing {
            None => Some(LineRefusal::NotForSale),
            Some(listing) => refusal_by_itself(wanted, listing).or_else(|| self.refusal_beside_others(total)),
        };
        ReviewedLine { wanted, listing, total, refusal }
    }

    /// Adds the line to the total, unless it does not fit the lines before it.
    fn refusal_beside_others(&mut self, line_total: Option<Money>) -> Option<LineRefusal> {
        let Some(line_total) = line_total else { return Some(LineRefusal::TotalTooLarge) };
        match self.total.map(|total| total.plus(line_total)) {
            None => self.total = Some(line_total),
            Some(Ok(total)) => self.total = Some(total),
            Some(Err(crate::MoneyError::MixedCurrencies(..))) => return Some(LineRefusal::MixedCurrencies),
            Some(Err(crate::MoneyError::TooLarge)) => return Some(LineRefusal::TotalTooLarge),
        }
        None
    }

    /// Whether there is something to order and nothing stands in the way.
    pub fn is_orderable(&self) -> bool {
        !self.lines.is_empty() && self.lines.iter().all(|line| line.refusal.is_none())
    }

    /// The line for a listing.
    pub fn line(&self, id: ListingId) -> Option<&ReviewedLine> {
        self.lines.iter().find(|line| line.wanted.listing_id == id)
    }
}

fn refusal_by_itself(wanted: BasketLine, listing: &Listing) -> Option<LineRefusal> {
    let available = listing.stock.available();
    if listing.status != ListingStatus::Published {
        Some(LineRefusal::NotForSale)
    } else if listing.price.is_none() {
        Some(LineRefusal::NoPrice)
    } else if available < wanted.quantity.get() {
        Some(LineRefusal::OutOfStock { available })
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::{Attributes, CategoryId, Currency, Description, Language, Quantity, SellerId, Stock, Title, Version};

    use super::*;

    fn listing(id: i64, price: Option<(i64, Currency)>, on_hand: u32) -> Arc<Listing> {
        let price = price.map(|(cents, currency)| Money::new(cents, currency).expect("a price"));
        Arc::new(Listing {
            id: ListingId::new(id),
            version: Version::new(1),
            seller_id: SellerId::new(1),
            category_id: CategoryId::new(1),
            status: ListingStatus::Published,
            language: Language::Fr,
            title: Title::new("Bol").expect("a title"),
            description: Description::default(),
            attributes: Attributes::default(),
            price,
            place: None,
            photos: vec![],
            stock: Stock::new(on_hand, 0, 0).expect("a stock"),
            created_at: jiff::Timestamp::UNIX_EPOCH,
            updated_at: jiff::Timestamp::UNIX_EPOCH,
        })
    }

    fn line(id: i64, pieces: u32) -> BasketLine {
        BasketLine { listing_id: ListingId::new(id), quantity: Quantity::new(pieces).expect("a quantity") }
    }

    #[test]
    fn each_line_is_told_what_stands_in_its_way() {
        let listings = [
            listing(1, Some((1_000, Currency::Eur)), 5),
            listing(2, None, 5),
            listing(3, Some((500, Currency::Eur)), 1),
            listing(4, Some((500, Currency::Gbp)), 9),
        ];
        let wanted = [line(1, 2), line(2, 1), line(3, 2), line(4, 1), line(5, 1)];
        let review = Review::of(&wanted, &listings);
        let refusals: Vec<Option<LineRefusal>> = review.lines.iter().map(|line| line.refusal).collect();
        let expected = [
            None,
            Some(LineRefusal::NoPrice),
            Some(LineRefusal::OutOfStock { available: 1 }),
            Some(LineRefusal::MixedCurrencies),
            Some(LineRefusal::NotForSale),
        ];
        assert_eq!(refusals, expected);
        assert_eq!(review.total.map(Money::cents), Some(2_000), "only what can be ordered is counted");
        assert!(!review.is_orderable());
    }

    #[test]
    fn an_order_too_large_for_any_purse_is_refused() {
        let dear = [listing(1, Some((Money::MAX_CENTS, Currency::Eur)), 9), listing(2, Some((1, Currency::Eur)), 9)];
        let too_many = Review::of(&[line(1, 2)], &dear);
        assert_eq!(too_many.lines[0].refusal, Some(LineRefusal::TotalTooLarge));
        let sum = Review::of(&[line(1, 1), line(2, 1)], &dear);
        assert_eq!(sum.lines[1].refusal, Some(LineRefusal::TotalTooLarge));
    }

    #[test]
    fn an_empty_basket_cannot_be_ordered() {
        assert!(!Review::of(&[], &[]).is_orderable());
    }
}
