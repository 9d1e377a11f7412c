//! Listings, sellers and categories by name.

use halles_domain::{CategoryTree, Listing, ListingId, Seller, SellerId, Slug};

use super::bounded;
use crate::listing_page::ListingPage;
use crate::{Reader, StoreError, rows};

/// The most listings of one bulk read: some megabytes, some 100 ms.
const MAX_SCAN: usize = 10_000;

impl Reader {
    /// The whole category tree; an empty one when there are no categories.
    pub async fn fetch_category_tree(&self) -> Result<CategoryTree, StoreError> {
        let rows = self.query(include_str!("../queries/categories.sql"), &[]).await?;
        let categories = rows.iter().map(rows::category).collect::<Result<_, _>>()?;
        CategoryTree::new(categories).map_err(|error| StoreError::internal("reading the category tree", error))
    }

    /// A listing, whatever its status.
    pub async fn find_listing(&self, id: ListingId) -> Result<Option<Listing>, StoreError> {
        Ok(self.list_listings_by_id(&[id]).await?.pop())
    }

    /// The listings with these numbers, whatever their status, in no particular order; those that do not exist are missing.
    pub async fn list_listings_by_id(&self, ids: &[ListingId]) -> Result<Vec<Listing>, StoreError> {
        let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
        let rows = self.query(include_str!("../queries/listings_by_id.sql"), &[&ids]).await?;
        rows.iter().map(rows::listing).collect()
    }

    /// A stretch of the whole catalogue, whatever the status, in the order of the numbers. For those who copy it all.
    pub async fn scan_listings(&self, after: ListingId, limit: usize) -> Result<Vec<Listing>, StoreError> {
        let limit = bounded(limit, MAX_SCAN);
        let rows = self.query(include_str!("../queries/scan_listings.sql"), &[&after.get(), &limit]).await?;
        rows.iter().map(rows::listing).collect()
    }

    /// The same from the other end: those before a number, the newest first. What is added meanwhile is not met.
    pub async fn scan_listings_newest_first(
        &self,
        before: ListingId,
        limit: usize,
    ) -> Result<Vec<Listing>, StoreError> {
        let limit = bounded(limit, MAX_SCAN);
        let query = include_str!("../queries/scan_listings_newest_first.sql");
        let rows = self.query(query, &[&before.get(), &limit]).await?;
        rows.iter().map(rows::listing).collect()
    }

    /// The newest published listings of all.
    pub async fn list_newest(&self, limit: usize) -> Result<Vec<ListingId>, StoreError> {
        let limit = bounded(limit, ListingPage::MAX_LIMIT);
        let rows = self.query(include_str!("../queries/newest.sql"), &[&limit]).await?;
        rows.iter().map(rows::listing_id).collect()
    }

    /// The published listings that were chosen for the home page, in their order.
    pub async fn list_featured(&self, limit: usize) -> Result<Vec<ListingId>, StoreError> {
        let limit = bounded(limit, ListingPage::MAX_LIMIT);
        let rows = self.query(include_str!("../queries/featured.sql"), &[&limit]).await?;
        rows.iter().map(rows::listing_id).collect()
    }

    /// A seller.
    pub async fn find_seller(&self, id: SellerId) -> Result<Option<Seller>, StoreError> {
        Ok(self.list_sellers_by_id(&[id]).await?.pop())
    }

    /// The sellers with these numbers, in no particular order; those that do not exist are missing.
    pub async fn list_sellers_by_id(&self, ids: &[SellerId]) -> Result<Vec<Seller>, StoreError> {
        let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
        let rows = self.query(include_str!("../queries/sellers_by_id.sql"), &[&ids]).await?;
        rows.iter().map(rows::seller).collect()
    }

    /// The seller whose shop has this name in addresses.
    pub async fn find_seller_by_slug(&self, slug: &Slug) -> Result<Option<Seller>, StoreError> {
        let rows = self.query(include_str!("../queries/seller_by_slug.sql"), &[&slug.as_str()]).await?;
        rows.first().map(rows::seller).transpose()
    }
}
