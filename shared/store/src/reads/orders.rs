//! Orders as the replica knows them: a moment behind.

use halles_domain::{OrderId, OrderState, PlacedOrder, WaitingPlace};

use crate::{Reader, StoreError, rows};

/// How an order stands: what a page that looks again and again needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderStanding {
    /// Which order.
    pub id: OrderId,
    /// What is true of it.
    pub state: OrderState,
    /// Where it stands, while it waits for its turn.
    pub waiting: Option<WaitingPlace>,
}

impl Reader {
    /// A placed order with its lines.
    pub async fn find_order(&self, id: OrderId) -> Result<Option<PlacedOrder>, StoreError> {
        let found = self.query(include_str!("../queries/order_by_id.sql"), &[&id.get()]).await?;
        Ok(rows::orders(&found)?.pop())
    }

    /// How these orders stand, in one read; those that the replica does not know are left out.
    pub async fn list_standings(&self, ids: &[OrderId]) -> Result<Vec<OrderStanding>, StoreError> {
        let ids: Vec<_> = ids.iter().map(|id| id.get()).collect();
        let found = self.query(include_str!("../queries/order_standings.sql"), &[&ids]).await?;
        rows::standings(&found)
    }
}
