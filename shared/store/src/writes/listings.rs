//! Publishing and changing a listing.

use deadpool_postgres::Transaction;
use halles_domain::{ChangeSubject, Listing, ListingId, Version};
use tokio_postgres::Row;

use crate::content_params::ContentParams;
use crate::lease::Lease;
use crate::pool::run;
use crate::writer::insert_outbox_in_tx;
use crate::{Conflict, ListingContent, NewListing, StoreError, Writer, rows};

impl Writer {
    /// Puts a new listing into the catalogue and gives it its number.
    pub async fn insert_listing(&self, new: &NewListing) -> Result<Listing, StoreError> {
        self.inner.primary.write(|connection| insert(connection, new)).await
    }

    /// Changes a listing, if it is still at the version `expected`; otherwise that is a [`Conflict::Version`]. Stock that
    /// is promised to orders cannot be taken away: that is a [`Conflict::Oversold`].
    pub async fn update_listing(
        &self,
        id: ListingId,
        expected: Version,
        content: &ListingContent,
    ) -> Result<Listing, StoreError> {
        self.inner.primary.write(|connection| update(connection, (id, expected), content)).await
    }
}

async fn insert(mut connection: Lease, new: &NewListing) -> Result<Listing, StoreError> {
    let content = ContentParams::new(&new.content)?;
    let source = new.source.as_ref();
    let (source_name, source_ref) = (source.map(|source| source.name()), source.map(|source| source.reference()));
    let seller_id = new.seller_id.get();
    let params = content.after(&[&seller_id, &source_name, &source_ref, &new.published_at]);
    let tx = connection.transaction().await?;
    let inserted = run(&tx, include_str!("../queries/insert_listing.sql"), &params).await?;
    let listing = tell(&tx, &inserted).await?.ok_or(StoreError::NotFound("listing"))?;
    tx.commit().await?;
    Ok(listing)
}

async fn update(
    mut connection: Lease,
    (id, expected): (ListingId, Version),
    content: &ListingContent,
) -> Result<Listing, StoreError> {
    let content = ContentParams::new(content)?;
    let (number, version) = (id.get(), expected.get());
    let params = content.after(&[&number, &version]);
    let tx = connection.transaction().await?;
    let updated = run(&tx, include_str!("../queries/update_listing.sql"), &params).await?;
    let Some(listing) = tell(&tx, &updated).await? else {
        let exists = !run(&tx, "SELECT id FROM listing WHERE id = $1", &[&number]).await?.is_empty();
        return Err(if exists { Conflict::Version.into() } else { StoreError::NotFound("listing") });
    };
    tx.commit().await?;
    Ok(listing)
}

/// Writes the outbox row of the listing that a statement returned, if it returned one.
async fn tell(tx: &Transaction<'_>, returned: &[Row]) -> Result<Option<Listing>, StoreError> {
    let Some(row) = returned.first() else { return Ok(None) };
    let listing = rows::listing(row)?;
    let subject = ChangeSubject::Listing {
        id: listing.id,
        version: listing.version,
        seller_id: listing.seller_id,
        category_id: listing.category_id,
    };
    insert_outbox_in_tx(tx, &[subject]).await?;
    Ok(Some(listing))
}
