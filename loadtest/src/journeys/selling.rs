//! A seller looks how the shop stands: its page, a listing of it, and whether a search finds it.

use goose::goose::{GooseUser, Scenario, Transaction, TransactionResult};
use goose::prelude::{GooseError, transaction};

use super::searching::SEARCH;
use super::trail_mut;
use crate::page::{NOTHING_TO_DO, Step};
use crate::pick::any;
use crate::thinking::{LEAFING, READING};
use halles_loadtest::searches::address;

const HOME: Step = Step { name: "home", sign: "href=\"/l/" };
const LISTING: Step = Step { name: "own listing", sign: "href=\"/s/" };
const SHOP: Step = Step { name: "own shop", sign: "href=\"/l/" };

/// The journey; three visitors of a hundred are on it.
pub fn scenario() -> Result<Scenario, GooseError> {
    Scenario::new("selling")
        .register_transaction(transaction!(look_after).set_name("look after the shop"))
        .set_weight(3)
}

async fn look_after(user: &mut GooseUser) -> TransactionResult {
    if trail_mut(user).listings.is_empty() {
        let home = HOME.open(user, "/").await?;
        trail_mut(user).listings = home.links("/l/");
    }
    let Some(path) = any(&trail_mut(user).listings).cloned() else { return NOTHING_TO_DO };
    let listing = LISTING.open(user, &path).await?;
    READING.over().await;
    let Some(shop) = listing.links("/s/").into_iter().next() else { return NOTHING_TO_DO };
    let shop = SHOP.open(user, &shop).await?;
    LEAFING.over().await;
    // A seller's listings are found under the words of their addresses.
    let own = shop.links("/l/");
    let words = any(&own).and_then(|path| path.rsplit('/').next().map(|slug| slug.replace('-', " ")));
    if let Some(words) = words {
        SEARCH.open(user, &address(&words)).await?;
        LEAFING.over().await;
    }
    trail_mut(user).listings = own;
    Ok(())
}
