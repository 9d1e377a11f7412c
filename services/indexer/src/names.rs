//! What listings are found by besides their own texts: names and places of shops and the way down to their category.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use halles_domain::{Category, CategoryId, CategoryTree, Listing, Place, SellerId};
use halles_search_index::{IndexWriter, IndexedListing, WriterError};
use halles_store::{Reader, StoreError};

/// How many shops are remembered; some tens of megabytes.
const MAX_SHOPS: usize = 200_000;

/// Names, remembered from one batch to the next.
#[derive(Debug)]
pub(crate) struct Names {
    paths: HashMap<CategoryId, Arc<[Category]>>,
    /// Every category in the order of the numbers, to tell one tree from another.
    categories: Vec<Category>,
    shops: HashMap<SellerId, Arc<Shop>>,
}

/// What a listing has from its shop.
#[derive(Debug, Default)]
struct Shop {
    name: String,
    place: Option<Place>,
}

/// A listing with everything that goes into the index, ready for another thread.
#[derive(Debug)]
pub(crate) struct Prepared {
    listing: Listing,
    shop: Arc<Shop>,
    category_path: Arc<[Category]>,
}

impl Prepared {
    /// The listing's version.
    pub fn listing(&self) -> &Listing {
        &self.listing
    }

    /// Puts the listing into an index that is known not to hold it.
    pub fn insert(&self, writer: &mut IndexWriter) -> Result<(), WriterError> {
        let path: Vec<&Category> = self.category_path.iter().collect();
        writer.insert(self.indexed(&path))
    }

    /// Puts the listing into the index in place of what is there.
    pub fn upsert(&self, writer: &mut IndexWriter) -> Result<(), WriterError> {
        let path: Vec<&Category> = self.category_path.iter().collect();
        writer.upsert(self.indexed(&path))
    }

    fn indexed<'a>(&'a self, category_path: &'a [&'a Category]) -> IndexedListing<'a> {
        IndexedListing {
            listing: &self.listing,
            shop_name: &self.shop.name,
            shop_place: self.shop.place.as_ref(),
            category_path,
        }
    }
}

impl Names {
    /// Reads the category tree; shops are read as they are met.
    pub async fn fetch(reader: &Reader) -> Result<Self, StoreError> {
        let mut names = Self { paths: HashMap::new(), categories: Vec::new(), shops: HashMap::new() };
        names.refresh_categories(reader).await?;
        Ok(names)
    }

    /// Reads the category tree again and says whether it is another one.
    pub async fn refresh_categories(&mut self, reader: &Reader) -> Result<bool, StoreError> {
        let tree = reader.fetch_category_tree().await?;
        let mut categories: Vec<Category> = tree.iter().cloned().collect();
        categories.sort_unstable_by_key(|category| category.id);
        if categories == self.categories {
            return Ok(false);
        }
        self.paths = categories.iter().map(|category| (category.id, path(&tree, category.id))).collect();
        self.categories = categories;
        Ok(true)
    }

    /// Forgets what is known of a shop, which may have changed.
    pub fn forget_shop(&mut self, id: SellerId) {
        self.shops.remove(&id);
    }

    /// Adds to listings what else they are found by.
    pub async fn prepare(&mut self, reader: &Reader, listings: Vec<Listing>) -> Result<Vec<Prepared>, StoreError> {
        let sellers: BTreeSet<SellerId> = listings.iter().map(|listing| listing.seller_id).collect();
        if self.shops.len() + sellers.len() > MAX_SHOPS {
            self.shops.clear();
        }
        let unknown: Vec<SellerId> = sellers.into_iter().filter(|id| !self.shops.contains_key(id)).collect();
        if !unknown.is_empty() {
            let shops = reader.list_sellers_by_id(&unknown).await?;
            self.shops
                .extend(shops.into_iter().map(|shop| (shop.id, Arc::new(Shop { name: shop.name, place: shop.place }))));
        }
        let prepared = listings.into_iter().map(|listing| Prepared {
            shop: self.shops.get(&listing.seller_id).cloned().unwrap_or_default(),
            category_path: self.paths.get(&listing.category_id).cloned().unwrap_or_default(),
            listing,
        });
        Ok(prepared.collect())
    }
}

fn path(tree: &CategoryTree, id: CategoryId) -> Arc<[Category]> {
    tree.path(id).into_iter().cloned().collect()
}
