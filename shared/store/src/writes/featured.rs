//! What the home page shows first.

use halles_domain::{ChangeSubject, ListingId};

use crate::lease::Lease;
use crate::pool::run;
use crate::writer::insert_outbox_in_tx;
use crate::{StoreError, Writer};

impl Writer {
    /// Chooses the listings that the home page shows first, in this order, in the place of the present ones.
    pub async fn set_featured(&self, listings: &[ListingId]) -> Result<(), StoreError> {
        self.inner.primary.write(|connection| replace_featured(connection, listings)).await
    }
}

async fn replace_featured(mut connection: Lease, listings: &[ListingId]) -> Result<(), StoreError> {
    let ids: Vec<i64> = listings.iter().map(|id| id.get()).collect();
    let tx = connection.transaction().await?;
    run(&tx, "DELETE FROM featured", &[]).await?;
    run(&tx, include_str!("../queries/insert_featured.sql"), &[&ids]).await?;
    insert_outbox_in_tx(&tx, &[ChangeSubject::Catalogue]).await?;
    tx.commit().await?;
    Ok(())
}
