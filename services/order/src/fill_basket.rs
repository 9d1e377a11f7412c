//! The rules of putting things into a basket and changing how many.
//!
//! Stock and prices are those that the shopper sees, so they may be a moment old; placing the order decides.

use std::sync::Arc;

use halles_domain::{Basket, BasketError, BasketLine, Listing, ListingId, ListingStatus, Quantity};
use halles_pages::basket::BasketNotice;

/// Puts pieces of `listing` on top of those already there. `others` are the listings in the basket, as far as known.
pub fn put_in(
    basket: &mut Basket,
    listing: Option<&Listing>,
    wanted: Quantity,
    others: &[Arc<Listing>],
) -> BasketNotice {
    let listing = match orderable(listing) {
        Ok(listing) => listing,
        Err(notice) => return notice,
    };
    if !has_same_currency(listing, others) {
        return BasketNotice::MixedCurrencies;
    }
    let present = pieces_of(basket, listing.id);
    let available = listing.stock.available();
    let total = present + wanted.get();
    if total > Quantity::MAX && available >= Quantity::MAX {
        return BasketNotice::TooMany;
    }
    if total > available {
        return cap(basket, listing, available);
    }
    match basket.add(BasketLine { listing_id: listing.id, quantity: wanted }) {
        Ok(()) => BasketNotice::Added,
        Err(BasketError::Full) => BasketNotice::Full,
        Err(BasketError::Quantity(_)) => BasketNotice::TooMany,
    }
}

/// Sets how many pieces of a listing in the basket are wanted; none takes it out.
pub fn change(basket: &mut Basket, id: ListingId, listing: Option<&Listing>, wanted: Option<Quantity>) -> BasketNotice {
    let Some(wanted) = wanted else {
        basket.set(id, None);
        return BasketNotice::Removed;
    };
    let listing = match orderable(listing) {
        Ok(listing) => listing,
        // The line stays, and the basket's page says what is wrong with it.
        Err(notice) => return notice,
    };
    let available = listing.stock.available();
    if wanted.get() > available {
        return cap(basket, listing, available);
    }
    basket.set(id, Some(wanted));
    BasketNotice::Changed
}

fn orderable(listing: Option<&Listing>) -> Result<&Listing, BasketNotice> {
    let listing = listing.filter(|listing| listing.status == ListingStatus::Published);
    let listing = listing.ok_or(BasketNotice::NotForSale)?;
    if listing.price.is_none() {
        return Err(BasketNotice::NoPrice);
    }
    if listing.stock.available() == 0 {
        return Err(BasketNotice::SoldOut);
    }
    Ok(listing)
}

fn has_same_currency(listing: &Listing, others: &[Arc<Listing>]) -> bool {
    let currency = listing.price.map(halles_domain::Money::currency);
    let mut priced = others.iter().filter_map(|other| other.price);
    priced.all(|price| Some(price.currency()) == currency)
}

fn pieces_of(basket: &Basket, id: ListingId) -> u32 {
    basket.lines().iter().find(|line| line.listing_id == id).map_or(0, |line| line.quantity.get())
}

/// Lowers the wish to what there is, which is at least one.
fn cap(basket: &mut Basket, listing: &Listing, available: u32) -> BasketNotice {
    let Ok(most) = Quantity::new(available.min(Quantity::MAX)) else { return BasketNotice::SoldOut };
    if pieces_of(basket, listing.id) > 0 {
        basket.set(listing.id, Some(most));
    } else if let Err(BasketError::Full) = basket.add(BasketLine { listing_id: listing.id, quantity: most }) {
        return BasketNotice::Full;
    }
    BasketNotice::Capped(most.get())
}

#[cfg(test)]
mod tests;
