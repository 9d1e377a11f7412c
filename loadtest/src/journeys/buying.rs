//! Some buy: search, listing, basket, checkout, and then the page that tells what became of the order.

use goose::goose::{GooseUser, Scenario, Transaction, TransactionResult};
use goose::prelude::{GooseError, transaction};
use halles_loadtest::searches::address;

use super::searching::SEARCH;
use super::{Trail, trail};
use crate::page::{NOTHING_TO_DO, Page, Step};
use crate::pick::{any, search_words};

const LISTING: Step = Step { name: "listing to buy", sign: "<h1" };
const INTO_BASKET: Step = Step { name: "into the basket", sign: "<main" };
const OUT_OF_BASKET: Step = Step { name: "out of the basket", sign: "<main" };
const CHECKOUT: Step = Step { name: "checkout", sign: "<main" };
const ORDER: Step = Step { name: "order", sign: "class=\"order" };
const STATUS: Step = Step { name: "order status", sign: "class=\"order" };

/// How many sold-out listings a shopper puts up with.
const PATIENCE: usize = 5;

/// The journey; three shoppers of twenty are on it.
pub fn scenario() -> Result<Scenario, GooseError> {
    Scenario::new("buying")
        .register_transaction(transaction!(search).set_name("search to buy"))
        .register_transaction(transaction!(choose).set_name("put something into the basket"))
        .register_transaction(transaction!(order).set_name("order and look at the status"))
        .set_weight(15)
}

async fn search(user: &mut GooseUser) -> TransactionResult {
    let page = SEARCH.open(user, &address(search_words())).await?;
    user.set_session_data(Trail { listings: page.links("/l/"), ..Trail::default() });
    Ok(())
}

/// The first listing of a few that can be ordered goes into the basket.
async fn choose(user: &mut GooseUser) -> TransactionResult {
    let found = trail(user).listings;
    for _ in 0..PATIENCE {
        let Some(path) = any(&found) else { return NOTHING_TO_DO };
        let page = LISTING.open(user, path).await?;
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
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let order = ORDER.send(user, "/checkout", &fields).await?;
    if order.path.starts_with("/orders/") {
        STATUS.open(user, &order.path).await?;
    }
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
