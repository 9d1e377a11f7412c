//! Writing a settled batch: a few statements over arrays, however many orders there are.

use std::collections::BTreeMap;

use deadpool_postgres::Transaction;
use halles_domain::{Cause, ChangeSubject, Contact, Currency, Personalisation, PlacedOrder, Refusal, RequestToBuy};
use tokio_postgres::types::Json;

use super::PlacementRules;
use super::decide::Shelf;
use crate::StoreError;

/// An order of this batch, with the request it came from.
pub(super) struct NewOrder<'a> {
    pub(super) request: &'a RequestToBuy,
    pub(super) order: PlacedOrder,
}

/// Inserts the orders, in the order of their keys; false when somebody else had placed one of them in between.
pub(super) async fn claim(tx: &Transaction<'_>, new: &[NewOrder<'_>]) -> Result<bool, StoreError> {
    let mut new: Vec<&NewOrder<'_>> = new.iter().collect();
    new.sort_by_key(|new| new.request.idempotency_key.as_str());
    let ids: Vec<_> = new.iter().map(|new| new.order.id.get()).collect();
    let keys: Vec<&str> = new.iter().map(|new| new.request.idempotency_key.as_str()).collect();
    let fingerprints: Vec<&[u8]> = new.iter().map(|new| new.request.fingerprint.0.as_slice()).collect();
    let states: Vec<&str> = new.iter().map(|new| new.order.state.name()).collect();
    let languages: Vec<&str> = new.iter().map(|new| new.order.language.code()).collect();
    let contacts: Vec<Json<&Contact>> = new.iter().map(|new| Json(&new.request.contact)).collect();
    let refusals: Vec<Json<&Vec<Refusal>>> = new.iter().map(|new| Json(&new.order.refusals)).collect();
    let totals: Vec<Option<i64>> = new.iter().map(|new| new.order.total.map(|total| total.cents())).collect();
    let currencies: Vec<Option<&str>> =
        new.iter().map(|new| new.order.total.map(|total| Currency::code(total.currency()))).collect();
    let held_until: Vec<_> = new.iter().map(|new| new.order.held_until).collect();
    let accepted_at: Vec<_> = new.iter().map(|new| new.order.accepted_at).collect();
    let placed_at: Vec<_> = new.iter().map(|new| new.order.placed_at).collect();
    let buyers: Vec<String> = new.iter().map(|new| new.request.contact.email.folded()).collect();
    let insert = tx.prepare_cached(include_str!("../queries/insert_orders.sql")).await?;
    let inserted = tx
        .execute(
            &insert,
            &[
                &ids,
                &keys,
                &fingerprints,
                &states,
                &languages,
                &contacts,
                &refusals,
                &totals,
                &currencies,
                &held_until,
                &accepted_at,
                &placed_at,
                &buyers,
            ],
        )
        .await?;
    Ok(inserted == new.len() as u64)
}

/// Gives orders that were withdrawn before their requests came the keys of these.
pub(super) async fn adopt_withdrawn(tx: &Transaction<'_>, requests: &[&RequestToBuy]) -> Result<(), StoreError> {
    if requests.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = requests.iter().map(|request| request.order_id.get()).collect();
    let keys: Vec<&str> = requests.iter().map(|request| request.idempotency_key.as_str()).collect();
    let fingerprints: Vec<&[u8]> = requests.iter().map(|request| request.fingerprint.0.as_slice()).collect();
    let adopt = tx.prepare_cached(include_str!("../queries/adopt_withdrawn.sql")).await?;
    tx.execute(&adopt, &[&ids, &keys, &fingerprints]).await?;
    Ok(())
}

/// Writes what belongs to the orders: the stock, the parts by seller, the lines, the places in queues, the first
/// transition, the outbox.
pub(super) async fn insert_parts(
    tx: &Transaction<'_>,
    new: &[NewOrder<'_>],
    shelf: &Shelf,
    rules: &PlacementRules,
) -> Result<(), StoreError> {
    take_stock(tx, shelf).await?;
    insert_lines(tx, new).await?;
    join_waitlist(tx, new, rules).await?;
    let orders: Vec<_> = new.iter().map(|new| new.order.id.get()).collect();
    let states: Vec<&str> = new.iter().map(|new| new.order.state.name()).collect();
    let insert = tx.prepare_cached(include_str!("../queries/insert_transitions.sql")).await?;
    tx.execute(&insert, &[&orders, &states, &Cause::Placed.name()]).await?;
    let changed_listings = shelf.taken().map(|(_, _, subject)| subject);
    let changed_orders = new.iter().map(|new| ChangeSubject::Order { id: new.order.id });
    let subjects: Vec<ChangeSubject> = changed_listings.chain(changed_orders).collect();
    crate::writer::insert_outbox_in_tx(tx, &subjects).await
}

async fn take_stock(tx: &Transaction<'_>, shelf: &Shelf) -> Result<(), StoreError> {
    let (listings, pieces): (Vec<i64>, Vec<i64>) =
        shelf.taken().map(|(id, taken, _)| (id.get(), i64::from(taken))).unzip();
    if listings.is_empty() {
        return Ok(());
    }
    let update = tx.prepare_cached(include_str!("../queries/take_stock.sql")).await?;
    tx.execute(&update, &[&listings, &pieces]).await?;
    Ok(())
}

/// Those who wait take their places, in the order of the batch.
async fn join_waitlist(tx: &Transaction<'_>, new: &[NewOrder<'_>], rules: &PlacementRules) -> Result<(), StoreError> {
    let waiting: Vec<_> = new
        .iter()
        .filter(|new| new.order.waiting.is_some())
        .filter_map(|new| Some((&new.order, new.order.lines.first()?)))
        .collect();
    let Some((order, _)) = waiting.first() else { return Ok(()) };
    let until = order.placed_at.checked_add(rules.wait_for);
    let until = until.map_err(|error| StoreError::internal("adding the longest wait to the clock", error))?;
    let hold_for_ms = i64::try_from(rules.hold_for.as_millis()).unwrap_or(i64::MAX);
    let listings: Vec<i64> = waiting.iter().map(|(_, line)| line.listing_id.get()).collect();
    let orders: Vec<_> = waiting.iter().map(|(order, _)| order.id.get()).collect();
    let pieces: Vec<i64> = waiting.iter().map(|(_, line)| i64::from(line.quantity.get())).collect();
    let join = tx.prepare_cached(include_str!("../queries/join_waitlist.sql")).await?;
    tx.execute(&join, &[&listings, &orders, &pieces, &hold_for_ms, &until]).await?;
    Ok(())
}

async fn insert_lines(tx: &Transaction<'_>, new: &[NewOrder<'_>]) -> Result<(), StoreError> {
    let lines: Vec<_> = new.iter().flat_map(|new| new.order.lines.iter().map(move |line| (new, line))).collect();
    if lines.is_empty() {
        return Ok(());
    }
    let mut by_seller: BTreeMap<_, i64> = BTreeMap::new();
    for (new, line) in &lines {
        let cents = line.unit_price.cents() * i64::from(line.quantity.get());
        *by_seller.entry((new.order.id.get(), line.seller_id.get())).or_default() += cents;
    }
    let (parts, totals): (Vec<_>, Vec<i64>) = by_seller.into_iter().unzip();
    let (part_orders, part_sellers): (Vec<_>, Vec<i64>) = parts.into_iter().unzip();
    let orders: Vec<_> = lines.iter().map(|(new, _)| new.order.id.get()).collect();
    let listings: Vec<i64> = lines.iter().map(|(_, line)| line.listing_id.get()).collect();
    let sellers: Vec<i64> = lines.iter().map(|(_, line)| line.seller_id.get()).collect();
    let titles: Vec<&str> = lines.iter().map(|(_, line)| line.title.as_str()).collect();
    let quantities: Vec<i64> = lines.iter().map(|(_, line)| i64::from(line.quantity.get())).collect();
    let prices: Vec<i64> = lines.iter().map(|(_, line)| line.unit_price.cents()).collect();
    let wishes: Vec<Option<&str>> =
        lines.iter().map(|(_, line)| line.personalisation.as_ref().map(Personalisation::as_str)).collect();
    let insert_parts = tx.prepare_cached(include_str!("../queries/insert_seller_orders.sql")).await?;
    let insert_lines = tx.prepare_cached(include_str!("../queries/insert_order_lines.sql")).await?;
    tx.execute(&insert_parts, &[&part_orders, &part_sellers, &totals]).await?;
    tx.execute(&insert_lines, &[&orders, &listings, &sellers, &titles, &quantities, &prices, &wishes]).await?;
    Ok(())
}
