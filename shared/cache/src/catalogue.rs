//! All catalogue reads of the marketplace, each through its cache.
//!
//! Lists are cached as numbers and put together from listing entries, so that a price or a stock on a list is the one
//! of the listing's own page.

mod lists;
mod origins;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use halles_domain::{
    CategoryTree, Change, ChangeSubject, FeedEvent, Listing, ListingId, ListingStatus, Seller, SellerId, Slug,
};
use halles_redis::RedisError;
use halles_resilience::Bulkhead;
use halles_store::{CategoryQuery, Keyset, Reader};
use lists::{List, ListKey, ListOrigin, ShopOrigin};
use origins::{CategoryTreeOrigin, ListingOrigin, SellerOrigin, SellerSlugOrigin, Store, TheTree};

use crate::tiered::Found;
use crate::{CacheSettings, ChangeCounters, EntrySettings, Lookup, OriginError, SharedTier, Surroundings, TieredCache};

/// Why the catalogue has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// The store cannot be reached and no cache has the answer. To a shopper: a 503, try again in some seconds.
    #[error("the catalogue is unavailable: {0}")]
    Unavailable(String),
    /// As many loads are under way as the store is allowed to see. To a shopper: a 503, try again in a second.
    #[error("too many catalogue loads are under way")]
    Busy,
    /// A bug. To a shopper: a 500.
    #[error("reading the catalogue: {0}")]
    Internal(String),
}

impl From<OriginError> for CatalogueError {
    fn from(error: OriginError) -> Self {
        match error {
            OriginError::Unavailable(reason) => Self::Unavailable(reason),
            OriginError::Busy => Self::Busy,
            OriginError::Internal(reason) => Self::Internal(reason),
        }
    }
}

/// Listings in the order of a list, and where the list goes on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shelf {
    /// The published listings.
    pub listings: Vec<Arc<Listing>>,
    /// The place of the next page; none at the end.
    pub next: Option<Keyset>,
}

/// The catalogue. Cheap to clone; all clones share the caches.
#[derive(Clone)]
pub struct Catalogue {
    listings: TieredCache<ListingOrigin>,
    sellers: TieredCache<SellerOrigin>,
    seller_slugs: TieredCache<SellerSlugOrigin>,
    category_tree: TieredCache<CategoryTreeOrigin>,
    shops: TieredCache<ShopOrigin>,
    lists: TieredCache<ListOrigin>,
    surroundings: Surroundings,
}

impl Catalogue {
    /// Builds the caches over `reader`. A cache Redis that is away is no error, only an unusable address is.
    pub async fn connect(reader: Reader, settings: &CacheSettings) -> Result<Self, RedisError> {
        let surroundings = Surroundings::new(settings, SharedTier::connect(settings).await?);
        // One wall for all kinds: the store sees one crowd, not five.
        let bulkhead = Bulkhead::new("catalogue loads", settings.max_loads, settings.max_load_wait());
        let store = Store::new(reader, bulkhead);
        // No change names the slug that it gives or takes, so "no such shop" must be as short-lived as a list.
        let slugs = EntrySettings {
            negative_ttl_ms: settings.list.ttl_ms,
            l1_percent: settings.seller.l1_percent.div_ceil(10),
            ..settings.seller.clone()
        };
        Ok(Self {
            listings: TieredCache::new(ListingOrigin(store.clone()), settings.listing.clone(), &surroundings),
            sellers: TieredCache::new(SellerOrigin(store.clone()), settings.seller.clone(), &surroundings),
            seller_slugs: TieredCache::new(SellerSlugOrigin(store.clone()), slugs, &surroundings),
            category_tree: TieredCache::new(
                CategoryTreeOrigin(store.clone()),
                settings.category_tree.clone(),
                &surroundings,
            ),
            shops: TieredCache::new(
                ShopOrigin { store: store.clone(), length: settings.shop_list_length },
                settings.shop.clone(),
                &surroundings,
            ),
            lists: TieredCache::new(ListOrigin(store), settings.list.clone(), &surroundings),
            surroundings,
        })
    }

    /// What counts the changes that are applied here, for whoever keeps things made from the catalogue.
    pub fn counters(&self) -> Arc<ChangeCounters> {
        self.surroundings.counters()
    }

    /// How long what was made while the store was away is worth keeping, before trying again.
    pub fn failure_pause(&self) -> Duration {
        Duration::from_millis(self.surroundings.settings.failure_pause_ms)
    }

    /// A listing, whatever its status.
    pub async fn listing(&self, id: ListingId) -> Result<Found<Listing>, CatalogueError> {
        Ok(self.listings.get(&id).await?)
    }

    /// Listings in the order of `ids`, whatever their status; those that do not exist are left out.
    pub async fn listings(&self, ids: &[ListingId]) -> Result<Lookup<Vec<Arc<Listing>>>, CatalogueError> {
        Ok(existing(self.listings.get_many(ids).await?))
    }

    /// A seller.
    pub async fn seller(&self, id: SellerId) -> Result<Found<Seller>, CatalogueError> {
        Ok(self.sellers.get(&id).await?)
    }

    /// Sellers in the order of `ids`; those that do not exist are left out.
    pub async fn sellers(&self, ids: &[SellerId]) -> Result<Lookup<Vec<Arc<Seller>>>, CatalogueError> {
        Ok(existing(self.sellers.get_many(ids).await?))
    }

    /// The seller whose shop has this name in addresses.
    pub async fn seller_by_slug(&self, slug: &Slug) -> Result<Found<Seller>, CatalogueError> {
        let found = self.seller_of_slug(slug).await?;
        if found.value.as_ref().is_none_or(|seller| seller.slug == *slug) {
            return Ok(found);
        }
        // The shop has taken another name since; somebody else may have taken this one.
        self.seller_slugs.invalidate(slug, None).await;
        let found = self.seller_of_slug(slug).await?;
        Ok(found.map(|seller| seller.filter(|seller| seller.slug == *slug)))
    }

    async fn seller_of_slug(&self, slug: &Slug) -> Result<Found<Seller>, CatalogueError> {
        let number = self.seller_slugs.get(slug).await?;
        let Some(id) = number.value.clone() else { return Ok(number.map(|_| None)) };
        let seller = self.sellers.get(&id).await?;
        Ok(number.and(seller).map(|(_, seller)| seller))
    }

    /// The category tree.
    pub async fn category_tree(&self) -> Result<Lookup<Arc<CategoryTree>>, CatalogueError> {
        let found = self.category_tree.get(&TheTree).await?;
        Ok(found.map(|tree| tree.unwrap_or_default()))
    }

    /// A page of the listings of some categories.
    pub async fn category_page(&self, query: &CategoryQuery) -> Result<Lookup<Shelf>, CatalogueError> {
        self.listed(ListKey::Category(query.clone())).await
    }

    /// A page of a shop's listings, the newest first.
    pub async fn shop_page(
        &self,
        seller: SellerId,
        after: Option<Keyset>,
        limit: usize,
    ) -> Result<Lookup<Shelf>, CatalogueError> {
        // A shop that is being changed is read like any other list: for the whole fleet once in a while, and not by each
        // instance after each change.
        if !self.shops.is_settling(&seller) {
            let shop = self.shops.get(&seller).await?;
            if let Some(page) = shop.value.as_ref().and_then(|list| list.page(after, limit)) {
                return self.shelf(shop.map(|_| page)).await;
            }
        }
        self.listed(ListKey::Shop { seller, after, limit }).await
    }

    /// The newest listings of all.
    pub async fn newest(&self, limit: usize) -> Result<Lookup<Vec<Arc<Listing>>>, CatalogueError> {
        Ok(self.listed(ListKey::Newest { limit }).await?.map(|shelf| shelf.listings))
    }

    /// The listings chosen for the home page, in their order.
    pub async fn featured(&self, limit: usize) -> Result<Lookup<Vec<Arc<Listing>>>, CatalogueError> {
        Ok(self.listed(ListKey::Featured { limit }).await?.map(|shelf| shelf.listings))
    }

    async fn listed(&self, key: ListKey) -> Result<Lookup<Shelf>, CatalogueError> {
        let list = self.lists.get(&key).await?;
        self.shelf(list.map(|list| list.map(Arc::unwrap_or_clone).unwrap_or_default())).await
    }

    async fn shelf(&self, list: Lookup<List>) -> Result<Lookup<Shelf>, CatalogueError> {
        let listings = self.listings(&list.value.ids).await?;
        let published = |listing: &Arc<Listing>| listing.status == ListingStatus::Published;
        Ok(list.and(listings).map(|(list, listings)| Shelf {
            listings: listings.into_iter().filter(published).collect(),
            next: list.next_place(),
        }))
    }

    /// The same catalogue, for somebody who needs what will still be fresh in a while: what has less time left is loaded
    /// again and waited for.
    #[must_use]
    pub fn ahead(&self, margin: Duration) -> Self {
        Self {
            listings: self.listings.ahead(margin),
            sellers: self.sellers.ahead(margin),
            seller_slugs: self.seller_slugs.ahead(margin),
            category_tree: self.category_tree.ahead(margin),
            shops: self.shops.ahead(margin),
            lists: self.lists.ahead(margin),
            surroundings: self.surroundings.clone(),
        }
    }

    /// Takes in what the change feed says: drops what has changed, or trusts nothing from before a loss.
    pub async fn apply(&self, event: &FeedEvent) {
        match event {
            FeedEvent::Changes(changes) => self.drop_changed(changes).await,
            FeedEvent::Lost => self.distrust(),
        }
    }

    /// Changes may have gone by unheard: everything is loaded afresh, and what is here serves only as a last resort.
    pub fn distrust(&self) {
        self.listings.distrust();
        self.sellers.distrust();
        self.seller_slugs.distrust();
        self.category_tree.distrust();
        self.shops.distrust();
        self.lists.distrust();
    }

    async fn drop_changed(&self, changes: &[Change]) {
        let mut listings = Vec::new();
        let mut shops = HashSet::new();
        let mut sellers = Vec::new();
        let mut tree = Vec::new();
        for change in changes {
            match change.subject {
                ChangeSubject::Listing { id, version, seller_id, .. } => {
                    listings.push((id, Some(version)));
                    shops.insert(seller_id);
                }
                ChangeSubject::Seller { id } => sellers.push((id, None)),
                ChangeSubject::Catalogue => tree = vec![(TheTree, None)],
                // Orders are not cached here; what they did to a listing comes as the listing's own change.
                ChangeSubject::Order { .. } => {}
            }
        }
        self.listings.invalidate_many(&listings).await;
        self.shops.invalidate_many(&shops.into_iter().map(|seller| (seller, None)).collect::<Vec<_>>()).await;
        self.sellers.invalidate_many(&sellers).await;
        self.category_tree.invalidate_many(&tree).await;
    }
}

/// What exists, and the worst way that any of it came.
fn existing<V>(found: Vec<Found<V>>) -> Lookup<Vec<Arc<V>>> {
    let none = Lookup::certain(Vec::with_capacity(found.len()));
    found.into_iter().fold(none, |all, one| {
        all.and(one).map(|(mut all, one)| {
            all.extend(one);
            all
        })
    })
}
