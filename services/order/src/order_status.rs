//! What is true of an order now, for whoever has its address.

use std::time::Duration;

use halles_domain::{Language, OrderId, Payment, PlacedOrder};
use halles_queue::order_log::{Verdict, WaitingRoom};
use halles_resilience::Bulkhead;
use halles_store::{Cancellation, Reader, StoreError, Writer};

use crate::order_id::OrderNames;
use crate::settings::OrderSettings;

/// Finds orders and cancels them.
pub struct OrderStatus {
    reader: Reader,
    writer: Writer,
    room: WaitingRoom,
    names: OrderNames,
    /// How many may read their own fresh write from the primary at once.
    own_reads: Bulkhead,
}

/// What is known of an order.
#[derive(Debug, Clone, PartialEq)]
pub enum Known {
    /// It is placed; this is how it stands.
    Placed(PlacedOrder),
    /// It was noted, and is not placed yet.
    Pending,
    /// There is no such order.
    Nothing,
}

/// What became of a wish to cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancelled {
    /// It is cancelled, now or before.
    Yes,
    /// It has gone too far for that, or not far enough.
    No,
    /// There is no such order.
    Nothing,
}

/// Whether the shopper has just changed the order, and must see that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// A moment behind is fine.
    Usual,
    /// They have just written, and a replica may not know it yet.
    OwnWrite,
}

impl OrderStatus {
    /// Puts the parts together.
    pub fn new(
        (reader, writer): (Reader, Writer),
        room: WaitingRoom,
        names: OrderNames,
        settings: &OrderSettings,
    ) -> Self {
        let own_reads = Bulkhead::new(
            "reading one's own order",
            settings.own_read_max_concurrent as usize,
            Duration::from_millis(settings.own_read_wait_ms),
        );
        Self { reader, writer, room, names, own_reads }
    }

    /// How the order stands: from the replica; when it does not know the order yet, from what the order-worker has
    /// told this instance; then, for a counted few at a time, from the primary.
    ///
    /// A name that is not ours costs one read of the replica, and never one of the primary.
    pub async fn find(&self, id: OrderId, freshness: Freshness) -> Result<Known, StoreError> {
        let is_ours = self.names.is_ours(id);
        if freshness == Freshness::OwnWrite
            && is_ours
            && let Some(order) = self.find_own(id).await
        {
            return Ok(Known::Placed(order));
        }
        let replicated = self.reader.find_order(id).await;
        if let Ok(Some(order)) = replicated {
            return Ok(Known::Placed(order));
        }
        if !is_ours {
            return replicated.map(|_| Known::Nothing);
        }
        match self.room.recall(id).map(|outcome| outcome.verdict.clone()) {
            Some(Verdict::Settled(order)) => return Ok(Known::Placed(order)),
            Some(Verdict::KeyReused) => return Ok(Known::Nothing),
            None => {}
        }
        Ok(self.find_own(id).await.map_or(Known::Pending, Known::Placed))
    }

    /// The name back, if it was given by us: an invented one costs nothing at all.
    pub fn known_to_be_ours(&self, id: OrderId) -> Option<OrderId> {
        self.names.is_ours(id).then_some(id)
    }

    /// The order as the primary knows it, if there is room to ask. Not knowing is no error here: the log keeps the
    /// request until it is placed, so "being checked" stays true.
    async fn find_own(&self, id: OrderId) -> Option<PlacedOrder> {
        let _place = self.own_reads.enter().await.ok()?;
        self.writer.find_order(id).await.ok().flatten()
    }

    /// The payments of an order. An order's page is true without them, if a little less helpful.
    pub async fn payments(&self, id: OrderId, freshness: Freshness) -> Vec<Payment> {
        if freshness == Freshness::OwnWrite
            && self.names.is_ours(id)
            && let Ok(_place) = self.own_reads.enter().await
            && let Ok(payments) = self.writer.list_payments(id).await
        {
            return payments;
        }
        self.reader.list_payments(id).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "showing an order without its payments");
            Vec::new()
        })
    }

    /// Cancels an order for its shopper; one that is noted and not placed yet will not be placed.
    pub async fn cancel(&self, id: OrderId, language: Language) -> Result<Cancelled, StoreError> {
        let mut cancelled = self.writer.cancel_order(id).await;
        if matches!(cancelled, Err(StoreError::NotFound(_))) && self.names.is_ours(id) {
            if self.writer.withdraw_order(id, language).await? {
                return Ok(Cancelled::Yes);
            }
            // It was placed at this very moment.
            cancelled = self.writer.cancel_order(id).await;
        }
        match cancelled {
            Ok(Cancellation::Cancelled(_) | Cancellation::AlreadyCancelled(_)) => Ok(Cancelled::Yes),
            Ok(Cancellation::TooLate(_)) => Ok(Cancelled::No),
            Err(StoreError::NotFound(_)) => Ok(Cancelled::Nothing),
            Err(error) => Err(error),
        }
    }
}
