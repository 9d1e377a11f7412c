//! Withdrawing: the shopper takes back an order that is noted and not placed yet.
//!
//! The order's name is claimed by a cancelled order without content. Placing claims names, too: whichever comes second
//! finds the other. So an order that was withdrawn is never placed, and one that is just being placed is cancelled as usual.

use halles_domain::{Cause, ChangeSubject, Language, OrderId, OrderState};

use crate::lease::Lease;
use crate::pool::run;
use crate::writer::insert_outbox_in_tx;
use crate::{StoreError, Writer};

/// What the key of a withdrawn order begins with until its request has come. No key of a client has a blank in it.
const WITHDRAWN: &str = "withdrawn ";

/// Whether this key stands for an order whose request has not come yet.
pub(crate) fn is_withdrawn(key: &str) -> bool {
    key.starts_with(WITHDRAWN)
}

impl Writer {
    /// Withdraws an order that was noted under this name. False when it is placed already (or was withdrawn before).
    pub async fn withdraw_order(&self, id: OrderId, language: Language) -> Result<bool, StoreError> {
        self.inner.primary.write(|connection| withdraw(connection, id, language)).await
    }
}

async fn withdraw(mut connection: Lease, id: OrderId, language: Language) -> Result<bool, StoreError> {
    let tx = connection.transaction().await?;
    let (key, state) = (format!("{WITHDRAWN}{id}"), OrderState::Cancelled.name());
    let cause = Cause::ShopperCancelled.name();
    let sql = include_str!("../queries/insert_withdrawn.sql");
    let inserted = run(&tx, sql, &[&id.get(), &key, &state, &language.code(), &cause]).await?;
    if inserted.is_empty() {
        return Ok(false);
    }
    insert_outbox_in_tx(&tx, &[ChangeSubject::Order { id }]).await?;
    tx.commit().await?;
    Ok(true)
}
