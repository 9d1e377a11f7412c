//! How each kind of catalogue entry is read from the store.

use std::fmt;

use halles_domain::{CategoryTree, Listing, ListingId, Seller, SellerId, Slug, Version};
use halles_resilience::{Bulkhead, Permit};
use halles_store::{Reader, StoreError};

use crate::{Loaded, Origin, OriginError};

/// The store behind its wall.
#[derive(Clone)]
pub(super) struct Store {
    pub(super) reader: Reader,
    bulkhead: Bulkhead,
}

impl Store {
    pub(super) fn new(reader: Reader, bulkhead: Bulkhead) -> Self {
        Self { reader, bulkhead }
    }

    pub(super) async fn enter(&self) -> Result<Permit, OriginError> {
        self.bulkhead.enter().await.map_err(|_| OriginError::Busy)
    }
}

impl From<StoreError> for OriginError {
    fn from(error: StoreError) -> Self {
        if error.is_transient() {
            Self::Unavailable(error.to_string())
        } else {
            tracing::error!(%error, "reading the catalogue failed");
            Self::Internal(error.to_string())
        }
    }
}

/// Listings by number.
pub(super) struct ListingOrigin(pub(super) Store);

impl Origin for ListingOrigin {
    type Key = ListingId;
    type Value = Listing;
    const KIND: &'static str = "listing";
    const FORMAT: u8 = 1;
    const VERSION: Option<fn(&Listing) -> Version> = Some(|listing| listing.version);

    async fn load(&self, ids: Vec<ListingId>) -> Loaded<Self> {
        let _place = self.0.enter().await?;
        let listings = self.0.reader.list_listings_by_id(&ids).await?;
        Ok(listings.into_iter().map(|listing| (listing.id, listing)).collect())
    }
}

/// Sellers by number.
pub(super) struct SellerOrigin(pub(super) Store);

impl Origin for SellerOrigin {
    type Key = SellerId;
    type Value = Seller;
    const KIND: &'static str = "seller";
    const FORMAT: u8 = 1;

    async fn load(&self, ids: Vec<SellerId>) -> Loaded<Self> {
        let _place = self.0.enter().await?;
        let sellers = self.0.reader.list_sellers_by_id(&ids).await?;
        Ok(sellers.into_iter().map(|seller| (seller.id, seller)).collect())
    }
}

/// Sellers' numbers by their shops' names in addresses.
pub(super) struct SellerSlugOrigin(pub(super) Store);

impl Origin for SellerSlugOrigin {
    type Key = Slug;
    type Value = SellerId;
    const KIND: &'static str = "seller_slug";
    const FORMAT: u8 = 1;

    async fn load(&self, slugs: Vec<Slug>) -> Loaded<Self> {
        let mut found = Vec::with_capacity(slugs.len());
        for slug in slugs {
            let _place = self.0.enter().await?;
            found.extend(self.0.reader.find_seller_by_slug(&slug).await?.map(|seller| (slug, seller.id)));
        }
        Ok(found)
    }
}

/// The key of the one category tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TheTree;

impl fmt::Display for TheTree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("all")
    }
}

/// The category tree.
pub(super) struct CategoryTreeOrigin(pub(super) Store);

impl Origin for CategoryTreeOrigin {
    type Key = TheTree;
    type Value = CategoryTree;
    const KIND: &'static str = "category_tree";
    const FORMAT: u8 = 1;

    async fn load(&self, _: Vec<TheTree>) -> Loaded<Self> {
        let _place = self.0.enter().await?;
        Ok(vec![(TheTree, self.0.reader.fetch_category_tree().await?)])
    }
}
