//! Listings of the catalogue in memory, with what else they are found by.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use anyhow::Result;
use halles_domain::{Category, Listing, ListingId, Seller, SellerId};
use halles_search_index::{IndexedListing, is_searchable};
use halles_store::{Reader, StoreSettings};

/// How many are read at a time.
const BATCH: usize = 1_000;

/// The listings.
pub struct Catalogue {
    /// In the order of their numbers.
    pub rows: Vec<Row>,
}

/// A listing with everything that goes into the index.
pub struct Row {
    listing: Listing,
    shop: Option<Arc<Seller>>,
    category_path: Arc<[Category]>,
}

impl Row {
    /// The way down to the listing's category, as the index wants it.
    pub fn category_path(&self) -> Vec<&Category> {
        self.category_path.iter().collect()
    }

    /// The listing as the index takes it in.
    pub fn indexed<'a>(&'a self, category_path: &'a [&'a Category]) -> IndexedListing<'a> {
        let (shop_name, shop_place) = match &self.shop {
            Some(shop) => (shop.name.as_str(), shop.place.as_ref()),
            None => ("", None),
        };
        IndexedListing { listing: &self.listing, shop_name, shop_place, category_path }
    }
}

impl Catalogue {
    /// Reads the first searchable listings.
    pub async fn read(replica_url: &str, listings: usize) -> Result<Self> {
        let reader = Reader::new(&StoreSettings { replica_url: replica_url.into(), ..StoreSettings::default() })?;
        let tree = reader.fetch_category_tree().await?;
        let mut shops: HashMap<SellerId, Arc<Seller>> = HashMap::new();
        let mut rows: Vec<Row> = Vec::with_capacity(listings);
        let mut after = ListingId::new(0);
        while rows.len() < listings {
            let batch = reader.scan_listings(after, BATCH).await?;
            let Some(last) = batch.last() else { break };
            after = last.id;
            let sellers: BTreeSet<SellerId> = batch.iter().map(|listing| listing.seller_id).collect();
            let unknown: Vec<SellerId> = sellers.into_iter().filter(|id| !shops.contains_key(id)).collect();
            let named = reader.list_sellers_by_id(&unknown).await?;
            shops.extend(named.into_iter().map(|shop| (shop.id, Arc::new(shop))));
            rows.extend(batch.into_iter().filter(is_searchable).map(|listing| Row {
                shop: shops.get(&listing.seller_id).cloned(),
                category_path: tree.path(listing.category_id).into_iter().cloned().collect(),
                listing,
            }));
        }
        rows.truncate(listings);
        Ok(Self { rows })
    }
}
