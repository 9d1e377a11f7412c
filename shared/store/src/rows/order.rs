//! Orders with their lines: one row per line, the order's own columns repeated; an order without lines has one row.

use halles_domain::{
    Currency, ListingId, Money, OrderId, OrderLine, OrderState, Personalisation, PlacedOrder, Quantity, Refusal,
    SellerId, Title, WaitingPlace,
};
use tokio_postgres::Row;
use tokio_postgres::types::Json;

use super::{Fault, broken, column};
use crate::{OrderStanding, StoreError};

/// The orders of rows that are grouped by order.
pub(crate) fn orders(rows: &[Row]) -> Result<Vec<PlacedOrder>, StoreError> {
    let mut orders: Vec<PlacedOrder> = Vec::new();
    for row in rows {
        let id = order_id(row)?;
        if orders.last().is_none_or(|last| last.id != id) {
            orders.push(order(row, id).map_err(broken("order", id))?);
        }
        if let (Some(order), Some(line)) = (orders.last_mut(), line(row).map_err(broken("a line of order", id))?) {
            order.lines.push(line);
        }
    }
    Ok(orders)
}

/// The order's name of a row that has the column `id`.
pub(crate) fn order_id(row: &Row) -> Result<OrderId, StoreError> {
    column(row, "id").map(OrderId::new).map_err(broken("an order", "without a name"))
}

/// The state of a row that has the column `state`.
pub(crate) fn state(row: &Row) -> Result<OrderState, StoreError> {
    let state = || -> Result<OrderState, Fault> { Ok(column::<&str>(row, "state")?.parse()?) };
    state().map_err(broken("an order", "in no state"))
}

fn order(row: &Row, id: OrderId) -> Result<PlacedOrder, Fault> {
    let state: OrderState = column::<&str>(row, "state")?.parse()?;
    let held_until = column(row, "held_until")?;
    Ok(PlacedOrder {
        id,
        state,
        language: column::<&str>(row, "language")?.parse()?,
        lines: Vec::new(),
        total: total(row)?,
        held_until: if state == OrderState::AwaitingPayment { held_until } else { None },
        waiting: if state == OrderState::Waitlisted { waiting(row)? } else { None },
        refusals: column::<Json<Vec<Refusal>>>(row, "refusals")?.0,
        accepted_at: column(row, "accepted_at")?,
        placed_at: column(row, "placed_at")?,
    })
}

/// None when its turn came while the row was being read.
fn waiting(row: &Row) -> Result<Option<WaitingPlace>, Fault> {
    let place = u32::try_from(column::<i64>(row, "waiting_place")?)?;
    let may_come_free = u32::try_from(column::<Option<i32>>(row, "may_come_free")?.unwrap_or_default())?;
    Ok((place > 0).then_some(WaitingPlace { place, may_come_free }))
}

fn total(row: &Row) -> Result<Option<Money>, Fault> {
    let Some(cents) = column::<Option<i64>>(row, "total_cents")? else { return Ok(None) };
    Ok(Some(Money::new(cents, currency(row)?)?))
}

pub(super) fn currency(row: &Row) -> Result<Currency, Fault> {
    Ok(column::<Option<&str>>(row, "currency")?.ok_or("a line without a currency")?.parse()?)
}

pub(super) fn line(row: &Row) -> Result<Option<OrderLine>, Fault> {
    let Some(listing_id) = column::<Option<i64>>(row, "listing_id")? else { return Ok(None) };
    let quantity = u32::try_from(column::<i32>(row, "quantity")?)?;
    Ok(Some(OrderLine {
        listing_id: ListingId::new(listing_id),
        seller_id: SellerId::new(column(row, "seller_id")?),
        title: Title::new(column(row, "title")?)?,
        quantity: Quantity::new(quantity)?,
        unit_price: Money::new(column(row, "unit_price_cents")?, currency(row)?)?,
        personalisation: personalisation(row)?,
        sent_at: column(row, "sent_at")?,
    }))
}

fn personalisation(row: &Row) -> Result<Option<Personalisation>, Fault> {
    let Some(text) = column::<Option<&str>>(row, "personalisation")? else { return Ok(None) };
    Ok(Personalisation::parse(text)?)
}

/// How orders stand: a row for each.
pub(crate) fn standings(rows: &[Row]) -> Result<Vec<OrderStanding>, StoreError> {
    let standing = |row| {
        let id = order_id(row)?;
        standing(row, id).map_err(broken("order", id))
    };
    rows.iter().map(standing).collect()
}

fn standing(row: &Row, id: OrderId) -> Result<OrderStanding, Fault> {
    let state: OrderState = column::<&str>(row, "state")?.parse()?;
    let place = column::<Option<i64>>(row, "waiting_place")?.map(u32::try_from).transpose()?;
    let may_come_free = u32::try_from(column::<Option<i32>>(row, "may_come_free")?.unwrap_or_default())?;
    let waiting = place.filter(|_| state == OrderState::Waitlisted);
    Ok(OrderStanding { id, state, waiting: waiting.map(|place| WaitingPlace { place, may_come_free }) })
}
