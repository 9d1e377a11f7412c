//! Who gets what: the stock of a batch's listings in memory, taken from in the order of the requests.

use std::collections::BTreeMap;

use halles_domain::{
    BasketLine, CategoryId, ChangeSubject, Currency, LineRefusal, ListingId, Money, MoneyError, OrderLine, Refusal,
    SellerId, Title, Version,
};
use tokio_postgres::Row;

use crate::StoreError;

/// The locked listings of a batch.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    listings: BTreeMap<ListingId, Offer>,
}

/// What placing needs to know of a listing.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    pub(crate) seller_id: SellerId,
    pub(crate) category_id: CategoryId,
    pub(crate) version: Version,
    pub(crate) is_for_sale: bool,
    pub(crate) title: Title,
    pub(crate) price: Option<Money>,
    /// What nobody has yet, this batch included.
    pub(crate) available: u32,
    /// What this batch took.
    pub(crate) taken: u32,
}

/// What a new order comes to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Decision {
    /// Everything is held.
    Held {
        /// What was taken, at the prices of this moment.
        lines: Vec<OrderLine>,
        /// Their sum.
        total: Money,
    },
    /// Nothing was taken.
    Refused(Vec<Refusal>),
}

impl Shelf {
    /// The shelf of locked rows.
    pub(super) fn new(rows: &[Row]) -> Result<Self, StoreError> {
        let listings = rows.iter().map(|row| Ok((crate::rows::listing_id(row)?, crate::rows::offer(row)?)));
        Ok(Self { listings: listings.collect::<Result<_, StoreError>>()? })
    }

    #[cfg(test)]
    pub(super) fn of(offers: impl IntoIterator<Item = (ListingId, Offer)>) -> Self {
        Self { listings: offers.into_iter().collect() }
    }

    /// Takes all the lines from the shelf, or none of them and says which stood in the way.
    pub(super) fn decide(&mut self, lines: &[BasketLine]) -> Decision {
        let refusals: Vec<Refusal> = lines.iter().filter_map(|line| self.refuse(line)).collect();
        if !refusals.is_empty() {
            return Decision::Refused(refusals);
        }
        match self.price(lines) {
            Ok(held) => {
                self.take(lines);
                held
            }
            Err(refusals) => Decision::Refused(refusals),
        }
    }

    /// What was taken: the listing, how many, and what to tell the world.
    pub(super) fn taken(&self) -> impl Iterator<Item = (ListingId, u32, ChangeSubject)> {
        self.listings.iter().filter(|(_, offer)| offer.taken > 0).map(|(id, offer)| {
            let subject = ChangeSubject::Listing {
                id: *id,
                version: Version::new(offer.version.get() + 1),
                seller_id: offer.seller_id,
                category_id: offer.category_id,
            };
            (*id, offer.taken, subject)
        })
    }

    fn refuse(&self, line: &BasketLine) -> Option<Refusal> {
        let reason = match self.listings.get(&line.listing_id) {
            Some(offer) if offer.is_for_sale => match offer.price {
                None => LineRefusal::NoPrice,
                Some(_) if offer.available < line.quantity.get() => {
                    LineRefusal::OutOfStock { available: offer.available }
                }
                Some(_) => return None,
            },
            _ => LineRefusal::NotForSale,
        };
        Some(Refusal { listing_id: line.listing_id, line: reason })
    }

    /// The lines at today's prices. The first line's currency is the order's.
    fn price(&self, lines: &[BasketLine]) -> Result<Decision, Vec<Refusal>> {
        let mut priced = Vec::with_capacity(lines.len());
        let mut refusals = Vec::new();
        let mut total: Option<Money> = None;
        for line in lines {
            let Some((offer, unit_price)) = self.listings.get(&line.listing_id).and_then(|o| Some((o, o.price?)))
            else {
                continue;
            };
            let sum = unit_price.times(line.quantity).and_then(|price| match total {
                Some(so_far) => so_far.plus(price),
                None => Ok(price),
            });
            match sum {
                Ok(sum) => total = Some(sum),
                Err(MoneyError::MixedCurrencies(..)) => refusals.push((line, LineRefusal::MixedCurrencies)),
                Err(MoneyError::TooLarge) => refusals.push((line, LineRefusal::TotalTooLarge)),
            }
            priced.push(OrderLine {
                listing_id: line.listing_id,
                seller_id: offer.seller_id,
                title: offer.title.clone(),
                quantity: line.quantity,
                unit_price,
            });
        }
        if refusals.is_empty() {
            priced.sort_by_key(|line| (line.seller_id, line.listing_id));
            let total = total.unwrap_or(Money::zero(Currency::default()));
            return Ok(Decision::Held { lines: priced, total });
        }
        Err(refusals.into_iter().map(|(line, reason)| Refusal { listing_id: line.listing_id, line: reason }).collect())
    }

    fn take(&mut self, lines: &[BasketLine]) {
        for line in lines {
            if let Some(offer) = self.listings.get_mut(&line.listing_id) {
                offer.available -= line.quantity.get();
                offer.taken += line.quantity.get();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use halles_domain::Quantity;
    use proptest::prelude::*;

    use super::*;

    fn offer(available: u32) -> Offer {
        Offer {
            seller_id: SellerId::new(1),
            category_id: CategoryId::new(1),
            version: Version::new(1),
            is_for_sale: true,
            title: Title::new("Bol").expect("a title"),
            price: Money::new(100, Currency::Eur).ok(),
            available,
            taken: 0,
        }
    }

    proptest! {
        #[test]
        fn takes_all_of_an_order_or_nothing_and_never_more_than_there_is(
            stock in prop::collection::vec(0_u32..20, 3),
            orders in prop::collection::vec(prop::collection::btree_map(0_usize..3, 1_u32..6, 1..=3), 0..20),
        ) {
            let ids = (1..).map(ListingId::new);
            let mut shelf = Shelf::of(ids.zip(stock.iter().map(|pieces| offer(*pieces))));
            let mut left = stock.clone();
            for order in orders {
                let lines: Vec<BasketLine> = order
                    .iter()
                    .map(|(place, pieces)| BasketLine {
                        listing_id: ListingId::new(i64::try_from(place + 1).expect("small")),
                        quantity: Quantity::new(*pieces).expect("a quantity"),
                    })
                    .collect();
                let fits = order.iter().all(|(place, pieces)| left[*place] >= *pieces);
                let decision = shelf.decide(&lines);
                prop_assert_eq!(matches!(decision, Decision::Held { .. }), fits);
                if fits {
                    order.iter().for_each(|(place, pieces)| left[*place] -= pieces);
                }
            }
            let taken: u32 = shelf.taken().map(|(_, pieces, _)| pieces).sum();
            prop_assert_eq!(taken, stock.iter().sum::<u32>() - left.iter().sum::<u32>());
        }
    }
}
