//! Shops and the category tree.

use halles_domain::{Category, CategoryTree, ChangeSubject, Seller};

use crate::lease::Lease;
use crate::pool::run;
use crate::rows::PlaceColumns;
use crate::writer::insert_outbox_in_tx;
use crate::{Conflict, NewSeller, StoreError, Writer, rows};

impl Writer {
    /// Opens a shop. A name in addresses that another shop has is a [`crate::Conflict::Slug`].
    pub async fn insert_seller(&self, new: &NewSeller) -> Result<Seller, StoreError> {
        self.inner.primary.write(|connection| insert_shop(connection, new)).await
    }

    /// Puts this tree in the place of the present one. Categories keep their numbers; one that still has listings
    /// cannot go, that is a [`crate::Conflict::StillUsed`].
    pub async fn replace_categories(&self, tree: &CategoryTree) -> Result<(), StoreError> {
        self.inner.primary.write(|connection| replace_tree(connection, tree)).await
    }
}

async fn insert_shop(mut connection: Lease, new: &NewSeller) -> Result<Seller, StoreError> {
    let PlaceColumns { town, postcode, latitude, longitude } = new.place.as_ref().into();
    let tx = connection.transaction().await?;
    let sql = include_str!("../queries/insert_seller.sql");
    let slug = new.slug.as_str();
    let inserted =
        run(&tx, sql, &[&slug, &new.name, &new.description, &town, &postcode, &latitude, &longitude]).await?;
    let seller = rows::seller(inserted.first().ok_or(StoreError::NotFound("seller"))?)?;
    insert_outbox_in_tx(&tx, &[ChangeSubject::Seller { id: seller.id }]).await?;
    tx.commit().await?;
    Ok(seller)
}

async fn replace_tree(mut connection: Lease, tree: &CategoryTree) -> Result<(), StoreError> {
    let categories: Vec<&Category> = tree.iter().collect();
    let ids: Vec<i32> = categories.iter().map(|category| category.id.get()).collect();
    let parents: Vec<Option<i32>> = categories.iter().map(|category| category.parent_id.map(|id| id.get())).collect();
    let slugs: Vec<&str> = categories.iter().map(|category| category.slug.as_str()).collect();
    let names_fr: Vec<&str> = categories.iter().map(|category| category.name_fr.as_str()).collect();
    let names_en: Vec<&str> = categories.iter().map(|category| category.name_en.as_str()).collect();
    let positions: Vec<i32> = categories.iter().map(|category| category.position).collect();
    let tx = connection.transaction().await?;
    run(&tx, include_str!("../queries/put_slugs_aside.sql"), &[&ids]).await?;
    let sql = include_str!("../queries/upsert_categories.sql");
    run(&tx, sql, &[&ids, &parents, &slugs, &names_fr, &names_en, &positions]).await?;
    // Here the foreign key speaks from the other side: a listing still hangs in a category that should go.
    run(&tx, "DELETE FROM category WHERE id <> ALL ($1::int [])", &[&ids]).await.map_err(|error| match error {
        StoreError::NotFound("category") => Conflict::StillUsed.into(),
        other => other,
    })?;
    insert_outbox_in_tx(&tx, &[ChangeSubject::Catalogue]).await?;
    tx.commit().await?;
    Ok(())
}
