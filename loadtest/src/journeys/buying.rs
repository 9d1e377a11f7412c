//! Some buy: search, listing, basket, checkout, and then the page that tells what became of the order. Two of three of them
//! pay at the provider, the others leave their pieces to whoever comes next.

use goose::goose::{GooseUser, Scenario, Transaction, TransactionResult};
use goose::prelude::{GooseError, transaction};
use halles_loadtest::searches::address;
use rand::RngExt as _;

use super::searching::SEARCH;
use super::trail_mut;
use crate::page::{NOTHING_TO_DO, Page, Step};
use crate::pick::{any, search_words};
use crate::thinking::{LEAFING, READING, TYPING};

const LISTING: Step = Step { name: "listing to buy", sign: "application/ld+json" };
const INTO_BASKET: Step = Step { name: "into the basket", sign: "<main" };
const OUT_OF_BASKET: Step = Step { name: "out of the basket", sign: "<main" };
const CHECKOUT: Step = Step { name: "checkout", sign: "<main" };
const ORDER: Step = Step { name: "order", sign: "class=\"order" };
const STATUS: Step = Step { name: "order status", sign: "class=\"order" };
const PROVIDER: Step = Step { name: "to the payment provider", sign: "name=\"outcome\"" };
const PAID: Step = Step { name: "back from the provider", sign: "class=\"order" };

/// How many sold-out listings a shopper puts up with.
const PATIENCE: usize = 5;

/// Of those whose order is held, so many of three pay.
const PAY: u32 = 2;

/// The journey; one visitor of ten is on it.
pub fn scenario() -> Result<Scenario, GooseError> {
    Scenario::new("buying")
        .register_transaction(transaction!(search).set_name("search to buy"))
        .register_transaction(transaction!(choose).set_name("put something into the basket"))
        .register_transaction(transaction!(order).set_name("order and look at the status"))
        .set_weight(10)
}

async fn search(user: &mut GooseUser) -> TransactionResult {
    let page = SEARCH.open(user, &address(search_words())).await?;
    trail_mut(user).listings = page.links("/l/");
    LEAFING.over().await;
    Ok(())
}

/// The first listing of a few that can be ordered goes into the basket.
async fn choose(user: &mut GooseUser) -> TransactionResult {
    let found = trail_mut(user).listings.clone();
    for _ in 0..PATIENCE {
        let Some(path) = any(&found) else { return NOTHING_TO_DO };
        let page = LISTING.open(user, path).await?;
        READING.over().await;
        if let Some(id) = page.field("listing_id") {
            let basket = INTO_BASKET.send(user, "/basket/lines", &[("listing_id", &id), ("quantity", "1")]).await?;
            return take_out_others(user, &basket, &id).await;
        }
    }
    NOTHING_TO_DO
}

/// What an earlier order was refused for still lies in the basket, and would have the next one refused, too.
async fn take_out_others(user: &mut GooseUser, basket: &Page, id: &str) -> TransactionResult {
    let own = format!("/basket/lines/{id}");
    for other in basket.forms("/basket/lines/").iter().filter(|path| **path != own) {
        OUT_OF_BASKET.send(user, other, &[("quantity", "0")]).await?;
    }
    Ok(())
}

/// The page after the form is the order's own, whatever became of it; reading it again must tell the same order.
async fn order(user: &mut GooseUser) -> TransactionResult {
    let page = CHECKOUT.open(user, "/checkout").await?;
    let Some(form) = filled_in(&page) else { return NOTHING_TO_DO };
    TYPING.over().await;
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let order = ORDER.send(user, "/checkout", &fields).await?;
    if !order.path.starts_with("/orders/") {
        return NOTHING_TO_DO;
    }
    let status = STATUS.open(user, &order.path).await?;
    READING.over().await;
    match status.forms("/orders/").into_iter().find(|action| action.ends_with("/pay")) {
        Some(action) if rand::rng().random_range(0..3) < PAY => pay(user, &action).await,
        _ => Ok(()),
    }
}

/// To the provider's page, through it, and back to the order, which must then say so.
async fn pay(user: &mut GooseUser, action: &str) -> TransactionResult {
    let provider = PROVIDER.send(user, action, &[]).await?;
    TYPING.over().await;
    let back = PAID.send(user, &provider.path, &[("outcome", "paid")]).await?;
    STATUS.open(user, &back.path).await?;
    Ok(())
}

/// The form's fields; none when there is nothing to order.
fn filled_in(page: &Page) -> Option<Vec<(&'static str, String)>> {
    let key = page.field("idempotency_key")?;
    let lines = page.field("lines")?;
    Some(vec![
        ("idempotency_key", key),
        ("lines", lines),
        ("name", "Camille Essai".to_owned()),
        ("email", "camille@example.org".to_owned()),
        ("street", "1 place du Marché".to_owned()),
        ("postcode", "30700".to_owned()),
        ("town", "Uzès".to_owned()),
        ("country", "FR".to_owned()),
    ])
}
