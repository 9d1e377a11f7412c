//! A listing with what stands round it.

use std::sync::Arc;

use super::NoAnswer;
use halles_cache::{CacheStatus, Catalogue, CatalogueError, Freshness, Lookup};
use halles_domain::{CategoryTree, Listing, ListingId, ListingStatus, Seller};

/// What a listing's page shows.
pub(crate) struct ListingView {
    pub(crate) listing: Arc<Listing>,
    pub(crate) tree: Arc<CategoryTree>,
    /// None when it cannot be read right now.
    pub(crate) seller: Option<Arc<Seller>>,
    /// Others of the same shop; empty when they cannot be read right now.
    pub(crate) more: Vec<Arc<Listing>>,
}

/// The listing, and up to `more` others of its shop.
pub(crate) async fn find_listing(
    catalogue: &Catalogue,
    id: ListingId,
    more: usize,
) -> Result<Lookup<ListingView>, NoAnswer> {
    let found = catalogue.listing(id).await?.transpose().ok_or(NoAnswer::Absent)?;
    let listing = Arc::clone(&found.value);
    match listing.status {
        ListingStatus::Published => {}
        // Its seller is still writing it, which is nobody else's business.
        ListingStatus::Draft => return Err(NoAnswer::Absent),
        ListingStatus::Paused => return Err(NoAnswer::Paused),
        ListingStatus::Closed => return Err(NoAnswer::Closed),
    }
    // What stands round the listing is an extra: without it the page is still worth having.
    let (tree, seller, others) = tokio::join!(
        catalogue.category_tree(),
        catalogue.seller(listing.seller_id),
        others_of_shop(catalogue, &listing, more),
    );
    let whole = found.and(extra(tree)).and(extra(seller)).and(extra(others));
    Ok(whole.map(|(((listing, tree), seller), more)| ListingView { listing, tree, seller, more }))
}

/// An extra, if it could be had; its failure is noted and forgiven. A page without it is one to be made better soon.
fn extra<T: Default>(looked_up: Result<Lookup<T>, CatalogueError>) -> Lookup<T> {
    looked_up.unwrap_or_else(|error| {
        tracing::warn!(%error, "a listing's page goes without one of its extras");
        let nothing = Lookup::certain(T::default());
        let freshness = Freshness { fresh_until: nothing.freshness.read_at, ..nothing.freshness };
        Lookup { status: CacheStatus::Stale, freshness, ..nothing }
    })
}

async fn others_of_shop(
    catalogue: &Catalogue,
    listing: &Listing,
    count: usize,
) -> Result<Lookup<Vec<Arc<Listing>>>, CatalogueError> {
    if count == 0 {
        return Ok(Lookup::certain(Vec::new()));
    }
    // One more than wanted, since the listing itself is usually among them.
    let shelf = catalogue.shop_page(listing.seller_id, None, count + 1).await?;
    Ok(shelf.map(|shelf| shelf.listings.into_iter().filter(|other| other.id != listing.id).take(count).collect()))
}
