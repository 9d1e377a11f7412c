//! A shop and a page of its listings.

use std::sync::Arc;

use halles_cache::{Catalogue, Lookup, Shelf};
use halles_domain::{Invalid, Seller, Slug};
use halles_store::{Keyset, ListingSort};

use super::NoAnswer;
use super::category::parse_after;

/// What a shop's page shows.
pub(crate) struct ShopView {
    pub(crate) seller: Arc<Seller>,
    pub(crate) shelf: Shelf,
}

/// The shop of this name with a page of its listings.
pub(crate) async fn find_shop(
    catalogue: &Catalogue,
    slug: &Slug,
    after: Option<Keyset>,
    limit: usize,
) -> Result<Lookup<ShopView>, NoAnswer> {
    let seller = catalogue.seller_by_slug(slug).await?.transpose().ok_or(NoAnswer::Absent)?;
    let shelf = catalogue.shop_page(seller.value.id, after, limit).await?;
    Ok(seller.and(shelf).map(|(seller, shelf)| ShopView { seller, shelf }))
}

/// The place of an earlier page's end; a shop's listings come in one order only.
pub(crate) fn newest_place(text: &str) -> Result<Option<Keyset>, Invalid> {
    match parse_after(text)? {
        Some(place) if !place.fits(ListingSort::Newest) => {
            Err(Invalid::new("after", "must be the `next` of an earlier page of this shop"))
        }
        place => Ok(place),
    }
}
