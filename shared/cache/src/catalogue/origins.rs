//! How each kind of catalogue entry is read from the store.

use std::fmt;

use halles_domain::{CategoryTree, Listing, ListingId, Seller, SellerId, Slug, Version};
use halles_resilience::{Bulkhead, Permit};
use halles_store::{CategoryQuery, Keyset, ListingPage, ListingSort, Reader, StoreError};
use serde::{Deserialize, Serialize};

use crate::{Loaded, Origin, OriginError};

/// The store behind its wall.
#[derive(Clone)]
pub(super) struct Store {
    reader: Reader,
    bulkhead: Bulkhead,
}

impl Store {
    pub(super) fn new(reader: Reader, bulkhead: Bulkhead) -> Self {
        Self { reader, bulkhead }
    }

    async fn enter(&self) -> Result<Permit, OriginError> {
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

    fn version(listing: &Listing) -> Option<Version> {
        Some(listing.version)
    }

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

/// Which list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum ListKey {
    Category(CategoryQuery),
    Shop { seller: SellerId, after: Option<Keyset>, limit: usize },
    Newest { limit: usize },
    Featured { limit: usize },
}

impl fmt::Display for ListKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Category(query) => write_category(f, query),
            Self::Shop { seller, after, limit } => {
                write!(f, "shop:{seller}:{limit}:")?;
                write_optional(f, after.as_ref())
            }
            Self::Newest { limit } => write!(f, "newest:{limit}"),
            Self::Featured { limit } => write!(f, "featured:{limit}"),
        }
    }
}

fn write_category(f: &mut fmt::Formatter<'_>, query: &CategoryQuery) -> fmt::Result {
    let sort = match query.sort {
        ListingSort::Newest => "newest",
        ListingSort::PriceAsc => "price_asc",
        ListingSort::PriceDesc => "price_desc",
    };
    write!(f, "category:{sort}:{}:", query.limit)?;
    write_optional(f, query.min_cents.as_ref())?;
    f.write_str("-")?;
    write_optional(f, query.max_cents.as_ref())?;
    f.write_str(":")?;
    write_optional(f, query.after.as_ref())?;
    f.write_str(":")?;
    for (place, category) in query.categories.iter().enumerate() {
        write!(f, "{}{category}", if place == 0 { "" } else { "," })?;
    }
    Ok(())
}

fn write_optional(f: &mut fmt::Formatter<'_>, value: Option<&impl fmt::Display>) -> fmt::Result {
    match value {
        Some(value) => value.fmt(f),
        None => Ok(()),
    }
}

/// A list as it is cached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct List {
    pub(super) ids: Vec<ListingId>,
    next: Option<String>,
}

impl List {
    /// Where the next page begins.
    pub(super) fn next_place(&self) -> Option<Keyset> {
        self.next.as_deref()?.parse().ok()
    }
}

impl From<ListingPage> for List {
    fn from(page: ListingPage) -> Self {
        Self { ids: page.ids, next: page.next.map(|place| place.to_string()) }
    }
}

/// Lists of listings.
pub(super) struct ListOrigin(pub(super) Store);

impl Origin for ListOrigin {
    type Key = ListKey;
    type Value = List;
    const KIND: &'static str = "list";
    const FORMAT: u8 = 1;

    async fn load(&self, keys: Vec<ListKey>) -> Loaded<Self> {
        let reader = &self.0.reader;
        let mut lists = Vec::with_capacity(keys.len());
        for key in keys {
            let _place = self.0.enter().await?;
            let list = match &key {
                ListKey::Category(query) => reader.list_category(query).await?.into(),
                ListKey::Shop { seller, after, limit } => reader.list_by_seller(*seller, *after, *limit).await?.into(),
                ListKey::Newest { limit } => List { ids: reader.list_newest(*limit).await?, next: None },
                ListKey::Featured { limit } => List { ids: reader.list_featured(*limit).await?, next: None },
            };
            lists.push((key, list));
        }
        Ok(lists)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use halles_domain::CategoryId;

    use super::*;

    #[test]
    fn different_lists_have_different_names() {
        let id = ListingId::new(3);
        let query = CategoryQuery {
            categories: vec![CategoryId::new(1), CategoryId::new(2)],
            min_cents: None,
            max_cents: None,
            sort: ListingSort::Newest,
            after: None,
            limit: 24,
        };
        let keys = [
            ListKey::Category(query.clone()),
            ListKey::Category(CategoryQuery { categories: vec![CategoryId::new(12)], ..query.clone() }),
            ListKey::Category(CategoryQuery { min_cents: Some(5), ..query.clone() }),
            ListKey::Category(CategoryQuery { max_cents: Some(5), ..query.clone() }),
            ListKey::Category(CategoryQuery { sort: ListingSort::PriceAsc, ..query.clone() }),
            ListKey::Category(CategoryQuery { after: Some(Keyset::Newest { id }), ..query.clone() }),
            ListKey::Category(CategoryQuery { limit: 2, ..query }),
            ListKey::Shop { seller: SellerId::new(1), after: None, limit: 24 },
            ListKey::Shop { seller: SellerId::new(1), after: Some(Keyset::Newest { id }), limit: 24 },
            ListKey::Newest { limit: 24 },
            ListKey::Featured { limit: 24 },
        ];
        let names: HashSet<String> = keys.iter().map(ToString::to_string).collect();
        assert_eq!(names.len(), keys.len());
    }
}
