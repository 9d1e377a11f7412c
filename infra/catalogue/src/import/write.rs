//! Batches into the database.

use std::collections::HashMap;

use halles_domain::{CategoryId, ListingId, SellerId, Slug};
use halles_store::bulk::{BulkError, BulkLoad, Chunk, ListingRow, MergeOutcome, NewCategory, NewShop, Origin};
use jiff::Timestamp;

use super::convert::ImportedListing;

/// Room for a chunk, so that it grows rarely.
const CHUNK_BYTES: usize = 2 << 20;

/// Writes the listings of one source.
pub struct Writing {
    bulk: BulkLoad,
    source: Slug,
    top: NewCategory,
    /// Categories are few and asked for all the time; shops are asked for once a batch.
    categories: HashMap<Slug, CategoryId>,
    /// Whether all batches stand or fall together.
    whole: bool,
}

impl Writing {
    /// Prepares the database. With `whole`, nothing is kept before [`Writing::finish`].
    pub async fn begin(mut bulk: BulkLoad, top: NewCategory, whole: bool) -> Result<Self, BulkError> {
        bulk.begin_import().await?;
        if whole {
            bulk.begin().await?;
        }
        Ok(Self { bulk, source: top.slug.clone(), top, categories: HashMap::new(), whole })
    }

    /// Writes a batch and says what became of it.
    pub async fn write(&mut self, listings: &[ImportedListing]) -> Result<MergeOutcome, BulkError> {
        if listings.is_empty() {
            return Ok(MergeOutcome::default());
        }
        if !self.whole {
            self.bulk.begin().await?;
        }
        self.ensure_categories(listings).await?;
        let shops = self.ensure_shops(listings).await?;
        let chunk = self.chunk(listings, &shops);
        let outcome = self.bulk.merge_listings(chunk).await?;
        if !self.whole {
            self.bulk.commit().await?;
        }
        Ok(outcome)
    }

    /// Keeps what was written.
    pub async fn finish(mut self) -> Result<(), BulkError> {
        if self.whole { self.bulk.commit().await } else { Ok(()) }
    }

    async fn ensure_categories(&mut self, listings: &[ImportedListing]) -> Result<(), BulkError> {
        let mut wanted: Vec<NewCategory> = Vec::new();
        for category in std::iter::once(&self.top).chain(listings.iter().flat_map(|listing| &listing.categories)) {
            let known = self.categories.contains_key(&category.slug);
            if !known && !wanted.iter().any(|other| other.slug == category.slug) {
                wanted.push(category.clone());
            }
        }
        if !wanted.is_empty() {
            self.categories.extend(self.bulk.ensure_categories(&wanted).await?);
        }
        Ok(())
    }

    async fn ensure_shops(&mut self, listings: &[ImportedListing]) -> Result<HashMap<Slug, SellerId>, BulkError> {
        let by_slug: HashMap<&Slug, &NewShop> =
            listings.iter().map(|listing| (&listing.shop.slug, &listing.shop)).collect();
        let mut shops: Vec<NewShop> = by_slug.into_values().cloned().collect();
        // In one order for everybody, so that two imports at once cannot wait for each other.
        shops.sort_by(|one, other| one.slug.cmp(&other.slug));
        self.bulk.ensure_shops(&shops).await
    }

    fn chunk(
        &self,
        listings: &[ImportedListing],
        shops: &HashMap<Slug, SellerId>,
    ) -> Chunk<halles_store::bulk::Listings> {
        let now = Timestamp::now();
        let mut chunk = Chunk::with_capacity(CHUNK_BYTES);
        for listing in listings {
            let category = listing.categories.last().unwrap_or(&self.top);
            let numbers = shops.get(&listing.shop.slug).zip(self.categories.get(&category.slug));
            let (seller_id, category_id) = numbers.expect("both were ensured just before");
            chunk.push(&ListingRow {
                id: ListingId::new(i64::try_from(listing.line).unwrap_or(i64::MAX)),
                seller_id: *seller_id,
                category_id: *category_id,
                language: listing.language,
                title: listing.title.as_str(),
                description: listing.description.as_str(),
                attributes: &listing.attributes,
                price: listing.price,
                place: None,
                photos: &listing.photos,
                on_hand: listing.on_hand,
                origin: Some(Origin { source: self.source.as_str(), reference: &listing.reference }),
                created_at: now,
            });
        }
        chunk
    }
}
