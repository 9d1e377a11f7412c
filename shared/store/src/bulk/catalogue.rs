//! Categories, shops and the choice of featured listings: the few rows around the many.

use std::collections::HashMap;

use halles_domain::{CategoryId, ListingId, SellerId, Slug};

use super::{BulkError, BulkLoad};

/// How much a catalogue holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CatalogueCounts {
    /// Categories.
    pub categories: i64,
    /// Shops.
    pub sellers: i64,
    /// Listings, whatever their status.
    pub listings: i64,
}

/// A category that should be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCategory {
    /// Its name in addresses, which tells whether it is there already.
    pub slug: Slug,
    /// The category above; it must be there, or stand earlier in the same call.
    pub parent: Option<Slug>,
    /// Its French name.
    pub name_fr: String,
    /// Its English name.
    pub name_en: String,
    /// Its place among its siblings.
    pub position: i32,
}

/// A shop that should be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewShop {
    /// Its name in addresses, which tells whether it is there already.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// What it says of itself.
    pub description: String,
}

impl BulkLoad {
    /// Counts the catalogue's rows.
    pub async fn counts(&self) -> Result<CatalogueCounts, BulkError> {
        let row = self.client.query_one(include_str!("../queries/bulk_counts.sql"), &[]).await?;
        Ok(CatalogueCounts { categories: row.try_get(0)?, sellers: row.try_get(1)?, listings: row.try_get(2)? })
    }

    /// Makes sure that the categories are there, above before below, and gives their numbers back. Those that exist
    /// stay as they are. Call it inside a transaction: it locks the table against others who add categories.
    pub async fn ensure_categories(
        &mut self,
        categories: &[NewCategory],
    ) -> Result<HashMap<Slug, CategoryId>, BulkError> {
        self.client.batch_execute("LOCK TABLE category IN SHARE ROW EXCLUSIVE MODE").await?;
        let insert = self.client.prepare(include_str!("../queries/bulk_ensure_category.sql")).await?;
        let mut ids = HashMap::with_capacity(categories.len());
        let mut added = false;
        for category in categories {
            let parent = category.parent.as_ref().map(Slug::as_str);
            let row = self
                .client
                .query_one(
                    &insert,
                    &[&category.slug.as_str(), &parent, &category.name_fr, &category.name_en, &category.position],
                )
                .await?;
            ids.insert(category.slug.clone(), CategoryId::new(row.try_get(0)?));
            added |= row.try_get::<_, bool>(1)?;
        }
        if added {
            self.announce_catalogue().await?;
        }
        Ok(ids)
    }

    /// Makes sure that the shops are there and gives their numbers back. Those that exist stay as they are.
    pub async fn ensure_shops(&mut self, shops: &[NewShop]) -> Result<HashMap<Slug, SellerId>, BulkError> {
        let slugs: Vec<&str> = shops.iter().map(|shop| shop.slug.as_str()).collect();
        let names: Vec<&str> = shops.iter().map(|shop| shop.name.as_str()).collect();
        let descriptions: Vec<&str> = shops.iter().map(|shop| shop.description.as_str()).collect();
        self.client.execute(include_str!("../queries/bulk_ensure_shops.sql"), &[&slugs, &names, &descriptions]).await?;
        let rows = self.client.query("SELECT id, slug FROM seller WHERE slug = ANY ($1)", &[&slugs]).await?;
        let known: HashMap<String, i64> =
            rows.iter().map(|row| Ok((row.try_get(1)?, row.try_get(0)?))).collect::<Result<_, BulkError>>()?;
        Ok(shops
            .iter()
            .filter_map(|shop| known.get(shop.slug.as_str()).map(|id| (shop.slug.clone(), SellerId::new(*id))))
            .collect())
    }

    /// Replaces what the home page shows first.
    pub async fn set_featured(&mut self, listings: &[ListingId]) -> Result<(), BulkError> {
        let ids: Vec<i64> = listings.iter().map(|id| id.get()).collect();
        self.client.execute(include_str!("../queries/bulk_set_featured.sql"), &[&ids]).await?;
        self.announce_catalogue().await
    }

    async fn announce_catalogue(&self) -> Result<(), BulkError> {
        self.client.execute(r#"INSERT INTO outbox (subject) VALUES ('{"kind": "catalogue"}')"#, &[]).await?;
        Ok(())
    }
}
