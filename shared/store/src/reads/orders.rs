//! Orders as the replica knows them: a moment behind.

use halles_domain::{OrderId, PlacedOrder};

use crate::{Reader, StoreError, rows};

impl Reader {
    /// A placed order with its lines.
    pub async fn find_order(&self, id: OrderId) -> Result<Option<PlacedOrder>, StoreError> {
        let found = self.query(include_str!("../queries/order_by_id.sql"), &[&id.get()]).await?;
        Ok(rows::orders(&found)?.pop())
    }
}
