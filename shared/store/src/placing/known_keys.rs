//! What the keys of a batch mean already: from orders that were there before, and from those earlier in the batch.

use std::collections::HashMap;

use halles_domain::{Invalid, OrderId, PlacedOrder, RequestToBuy};
use tokio_postgres::Row;

use super::Placement;
use crate::writes::is_withdrawn;
use crate::{StoreError, rows};

/// The orders that may be repeated, by key.
#[derive(Debug, Default)]
pub(super) struct KnownKeys {
    orders: HashMap<String, KnownOrder>,
    /// An order's name belongs to one key for ever.
    names: HashMap<OrderId, String>,
}

#[derive(Debug)]
struct KnownOrder {
    /// Tells a repeat from a different request.
    fingerprint: Vec<u8>,
    order: PlacedOrder,
}

impl KnownKeys {
    /// The keys of stored orders.
    pub(super) fn new(found: &[Row]) -> Result<Self, StoreError> {
        let mut keys = HashMap::new();
        for row in found {
            let key: String = row.try_get("idempotency_key")?;
            let fingerprint: Vec<u8> = row.try_get("fingerprint")?;
            keys.insert(rows::order_id(row)?, (key, fingerprint));
        }
        let mut known = Self::default();
        for order in rows::orders(found)? {
            if let Some((key, fingerprint)) = keys.remove(&order.id) {
                known.learn(key, fingerprint, order);
            }
        }
        Ok(known)
    }

    /// Remembers what a key means from now on.
    pub(super) fn learn(&mut self, key: String, fingerprint: Vec<u8>, order: PlacedOrder) {
        self.names.insert(order.id, key.clone());
        self.orders.insert(key, KnownOrder { fingerprint, order });
    }

    /// The answer to a request whose key, or whose order's name, is known.
    pub(super) fn answer(&self, request: &RequestToBuy) -> Option<Placement> {
        match self.orders.get(request.idempotency_key.as_str()) {
            Some(known) if known.fingerprint == request.fingerprint.0 => Some(Placement::Replayed(known.order.clone())),
            Some(_) => Some(Placement::KeyReused),
            None if self.names.contains_key(&request.order_id) => {
                Some(Placement::Impossible(Invalid::new("order_id", "belongs to another idempotency key")))
            }
            None => None,
        }
    }

    /// Whether this request's order was withdrawn before the request came; from now on it is known by its own key.
    pub(super) fn claim_withdrawn(&mut self, request: &RequestToBuy) -> bool {
        let key = request.idempotency_key.as_str();
        let Some(name) = self.names.get(&request.order_id).filter(|name| is_withdrawn(name)).cloned() else {
            return false;
        };
        if self.orders.contains_key(key) {
            return false;
        }
        if let Some(KnownOrder { order, .. }) = self.orders.remove(&name) {
            self.learn(key.to_owned(), request.fingerprint.0.to_vec(), order);
        }
        true
    }
}
