//! Who gets what: the stock of a batch's listings in memory, taken from in the order of the requests.
//!
//! Nobody gets a piece of a listing that somebody else waits for, not even when it would be too little for whoever is
//! next: first come, first served. Only an order for one listing waits. One for several would hold up the others of each
//! of them for pieces that it cannot use before it has them all.

use std::collections::BTreeMap;

use halles_domain::{
    BasketLine, CategoryId, ChangeSubject, Currency, LineRefusal, ListingId, Money, MoneyError, OrderLine, Refusal,
    RequestToBuy, SellerId, Title, Version, WaitingPlace,
};
use tokio_postgres::Row;

use super::PlacementRules;
use super::personal::Personal;
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
    /// What is not paid for: more than this cannot come free, unless somebody takes a paid order back.
    pub(crate) unpaid: u32,
    /// What this batch took.
    pub(crate) taken: u32,
    /// How many orders wait for it, this batch included.
    pub(crate) waiting: u32,
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
        /// What could not be had, when the shopper takes what there is.
        left_out: Vec<Refusal>,
    },
    /// Nothing was taken yet: it waits for its turn.
    Waiting {
        /// What it will be, at the prices of this moment.
        lines: Vec<OrderLine>,
        /// Their sum.
        total: Money,
        /// Where it stands.
        place: WaitingPlace,
    },
    /// Nothing was taken.
    Refused(Vec<Refusal>),
}

impl Shelf {
    /// The shelf of locked rows, and how many wait for each of them.
    pub(super) fn new(rows: &[Row], waiting: &[Row]) -> Result<Self, StoreError> {
        let listings = rows.iter().map(|row| Ok((crate::rows::listing_id(row)?, crate::rows::offer(row)?)));
        let mut shelf = Self { listings: listings.collect::<Result<_, StoreError>>()? };
        for row in waiting {
            if let Some(offer) = shelf.listings.get_mut(&ListingId::new(row.try_get("listing_id")?)) {
                offer.waiting = u32::try_from(row.try_get::<_, i64>("waiting")?).unwrap_or(u32::MAX);
            }
        }
        Ok(shelf)
    }

    /// Takes all the lines of a request from the shelf; or puts it into the queue, if it may wait and waiting makes
    /// sense; or takes what there is, if the shopper wants that; or takes none and says which lines stood in the way.
    pub(super) fn decide(
        &mut self,
        request: &RequestToBuy,
        personal: &mut Personal,
        rules: &PlacementRules,
    ) -> Decision {
        let refused = |line: &BasketLine| {
            let reason = self.refuse(line, personal.refuse(request, line))?;
            Some(Refusal { listing_id: line.listing_id, line: reason })
        };
        let refusals: Vec<Refusal> = request.lines.iter().filter_map(refused).collect();
        let waits = self.may_wait(request, &refusals, rules);
        let lines = if waits { request.lines.clone() } else { what_there_is(request, &refusals) };
        if lines.is_empty() {
            return Decision::Refused(refusals);
        }
        let (priced, total) = match self.price(request, &lines) {
            Ok(priced) => priced,
            Err(refusals) => return Decision::Refused(refusals),
        };
        personal.note(request, &lines);
        if waits {
            let place = self.queue_up(&lines);
            return Decision::Waiting { lines: priced, total, place };
        }
        self.take(&lines);
        Decision::Held { lines: priced, total, left_out: refusals }
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

    /// What stands in the way of a line; `limit` is what stands in the way of this person.
    fn refuse(&self, line: &BasketLine, limit: Option<LineRefusal>) -> Option<LineRefusal> {
        let wanted = line.quantity.get();
        let Some(offer) = self.listings.get(&line.listing_id).filter(|offer| offer.is_for_sale) else {
            return Some(LineRefusal::NotForSale);
        };
        if offer.price.is_none() {
            return Some(LineRefusal::NoPrice);
        }
        if limit.is_some() {
            return limit;
        }
        // What lies on the shelf belongs to those who wait, even if it is too little for whoever is next.
        let available = if offer.waiting > 0 { 0 } else { offer.available };
        (available < wanted).then_some(LineRefusal::OutOfStock { available })
    }

    /// Whether nothing but too little stock stands in the way, enough may come free, and there is room in the queue.
    fn may_wait(&self, request: &RequestToBuy, refusals: &[Refusal], rules: &PlacementRules) -> bool {
        let ([line], [refusal]) = (&request.lines[..], refusals) else { return false };
        let Some(offer) = self.listings.get(&line.listing_id) else { return false };
        request.may_wait
            && matches!(refusal.line, LineRefusal::OutOfStock { .. })
            && line.quantity.get() <= offer.unpaid
            && offer.waiting < rules.max_waiting
    }

    /// The lines at today's prices. The first line's currency is the order's.
    fn price(&self, request: &RequestToBuy, lines: &[BasketLine]) -> Result<(Vec<OrderLine>, Money), Vec<Refusal>> {
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
                personalisation: request.personalisation(line.listing_id).cloned(),
                sent_at: None,
            });
        }
        if refusals.is_empty() {
            priced.sort_by_key(|line| (line.seller_id, line.listing_id));
            let total = total.unwrap_or(Money::zero(Currency::default()));
            return Ok((priced, total));
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

    fn queue_up(&mut self, lines: &[BasketLine]) -> WaitingPlace {
        let offer = lines.first().and_then(|line| self.listings.get_mut(&line.listing_id));
        let Some(offer) = offer else { return WaitingPlace { place: 1, may_come_free: 0 } };
        offer.waiting += 1;
        WaitingPlace { place: offer.waiting, may_come_free: offer.unpaid - offer.available }
    }
}

/// The lines that an order is made of: all of them, or none; or, if the shopper wants that, those that nothing stands in
/// the way of, each with all of its pieces.
fn what_there_is(request: &RequestToBuy, refusals: &[Refusal]) -> Vec<BasketLine> {
    if !refusals.is_empty() && !request.what_there_is {
        return Vec::new();
    }
    let is_refused = |line: &BasketLine| refusals.iter().any(|refusal| refusal.listing_id == line.listing_id);
    request.lines.iter().filter(|line| !is_refused(line)).copied().collect()
}

#[cfg(test)]
mod tests;
