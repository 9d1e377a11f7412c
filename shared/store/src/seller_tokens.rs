//! Which edition of each seller's tokens is good. No token is stored: raising the edition takes back all that were given out.

use halles_domain::SellerId;
use tokio_postgres::Row;

use crate::{Reader, StoreError, Writer};

const EDITION: &str = "SELECT token_edition FROM seller WHERE id = $1";
const RAISE: &str = "UPDATE seller SET token_edition = token_edition + 1 WHERE id = $1 RETURNING token_edition";

impl Reader {
    /// The edition of this seller's tokens that is good; none when there is no such seller. A token that was just taken back
    /// is good for as long as the replica lags.
    pub async fn find_token_edition(&self, seller: SellerId) -> Result<Option<i32>, StoreError> {
        self.query(EDITION, &[&seller.get()]).await?.first().map(edition).transpose()
    }
}

impl Writer {
    /// The same as the primary knows it, for whoever gives out a token.
    pub async fn fetch_token_edition(&self, seller: SellerId) -> Result<i32, StoreError> {
        let found = self.inner.primary.query(EDITION, &[&seller.get()]).await?;
        found.first().map(edition).ok_or(StoreError::NotFound("seller"))?
    }

    /// Takes back every token that this seller was given. Returns the edition that is good from now on.
    pub async fn revoke_tokens(&self, seller: SellerId) -> Result<i32, StoreError> {
        let raised = self.inner.primary.query(RAISE, &[&seller.get()]).await?;
        raised.first().map(edition).ok_or(StoreError::NotFound("seller"))?
    }
}

fn edition(row: &Row) -> Result<i32, StoreError> {
    Ok(row.try_get("token_edition")?)
}
