//! What sellers do with what was paid: they see their parts of orders, and say when they sent one.
//!
//! A part that was sent cannot be called back: from then on its order is not cancelled any more. Saying it twice is
//! saying it once, and the shopper is told by mail, as of every other move.

use halles_domain::{Address, Cause, ChangeSubject, Money, OrderId, OrderLine, OrderState, SellerId};

use crate::lease::Lease;
use crate::pool::run;
use crate::reads::bounded;
use crate::writer::insert_outbox_in_tx;
use crate::{Reader, StoreError, Writer, rows};

/// The most parts of one page.
const MAX_PARTS: usize = 100;

/// The part of a paid order that one seller fulfils: what goes into the parcel, and what stands on it.
#[derive(Debug, Clone, PartialEq)]
pub struct SellerPart {
    /// The order that it is part of.
    pub order_id: OrderId,
    /// What goes in.
    pub lines: Vec<OrderLine>,
    /// What it comes to.
    pub total: Money,
    /// Who gets it; none when that was forgotten, long after it was sent.
    pub recipient: Option<Recipient>,
    /// When it was sent, if it was.
    pub sent_at: Option<jiff::Timestamp>,
}

/// Who gets a parcel. Sellers get no e-mail address: we write to shoppers, about their orders.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The name on the parcel.
    pub name: String,
    /// Where it goes.
    pub address: Address,
}

/// Shows no personal data, so that it cannot reach a log.
impl std::fmt::Debug for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recipient(hidden)")
    }
}

/// What became of a seller's word that a part was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sending {
    /// It is written down now.
    Noted,
    /// It had been before.
    Known,
    /// The order is not paid, or not any more: nothing may be sent.
    NotPaid(OrderState),
}

impl Reader {
    /// Parts of paid orders that this seller fulfils, in the order of the orders' names, behind `after`.
    pub async fn list_seller_parts(
        &self,
        seller: SellerId,
        after: Option<OrderId>,
        only_unsent: bool,
        limit: usize,
    ) -> Result<Vec<SellerPart>, StoreError> {
        let after = after.map(OrderId::get);
        let sql = include_str!("queries/parts_of_seller.sql");
        let found = self.query(sql, &[&seller.get(), &after, &bounded(limit, MAX_PARTS), &only_unsent]).await?;
        rows::seller_parts(&found)
    }
}

impl Writer {
    /// The seller has sent their part of this order.
    pub async fn note_part_sent(&self, order: OrderId, seller: SellerId) -> Result<Sending, StoreError> {
        self.inner.primary.write(|connection| note_sent(connection, order, seller)).await
    }
}

async fn note_sent(mut connection: Lease, order: OrderId, seller: SellerId) -> Result<Sending, StoreError> {
    let tx = connection.transaction().await?;
    // Locked like everywhere, so that nobody cancels it meanwhile.
    let locked = run(&tx, "SELECT state FROM orders WHERE id = $1 FOR UPDATE", &[&order.get()]).await?;
    let state = locked.first().map(rows::state).transpose()?;
    let part = "SELECT sent_at IS NOT NULL AS is_sent FROM seller_order WHERE order_id = $1 AND seller_id = $2";
    let part = run(&tx, part, &[&order.get(), &seller.get()]).await?;
    let (Some(state), Some(part)) = (state, part.first()) else { return Err(StoreError::NotFound("part of an order")) };
    if part.try_get("is_sent")? {
        return Ok(Sending::Known);
    }
    let Ok(to) = state.after(Cause::PartSent) else { return Ok(Sending::NotPaid(state)) };
    let sent = "UPDATE seller_order SET sent_at = now() WHERE order_id = $1 AND seller_id = $2";
    run(&tx, sent, &[&order.get(), &seller.get()]).await?;
    let told = "INSERT INTO order_transition (order_id, from_state, to_state, cause) VALUES ($1, $2, $3, $4)";
    run(&tx, told, &[&order.get(), &state.name(), &to.name(), &Cause::PartSent.name()]).await?;
    insert_outbox_in_tx(&tx, &[ChangeSubject::Order { id: order }]).await?;
    tx.commit().await?;
    Ok(Sending::Noted)
}
