//! Others know what they want: they search, narrow down, and look at what was found.

use goose::goose::{GooseUser, Scenario, Transaction, TransactionResult};
use goose::prelude::{GooseError, transaction};
use halles_loadtest::searches::address;

use super::trail_mut;
use crate::page::{NOTHING_TO_DO, Step};
use crate::pick::{any, search_words};
use crate::thinking::{LEAFING, READING};

/// The results page shows the words again in its own field.
pub const SEARCH: Step = Step { name: "search", sign: "name=\"q\"" };
const NARROWED: Step = Step { name: "search, narrowed", sign: "name=\"q\"" };
const FOUND: Step = Step { name: "listing found", sign: "application/ld+json" };

/// The journey; one visitor of four is on it.
pub fn scenario() -> Result<Scenario, GooseError> {
    Scenario::new("searching")
        .register_transaction(transaction!(search).set_name("search"))
        .register_transaction(transaction!(look).set_name("look at something found"))
        .set_weight(25)
}

/// Searches, and follows one of the choices beside the results, if there are any.
async fn search(user: &mut GooseUser) -> TransactionResult {
    let mut page = SEARCH.open(user, &address(search_words())).await?;
    LEAFING.over().await;
    let choices = page.links("/search?");
    if let Some(narrowed) = any(&choices) {
        page = NARROWED.open(user, narrowed).await?;
        LEAFING.over().await;
    }
    trail_mut(user).listings = page.links("/l/");
    Ok(())
}

async fn look(user: &mut GooseUser) -> TransactionResult {
    let Some(path) = any(&trail_mut(user).listings).cloned() else { return NOTHING_TO_DO };
    FOUND.open(user, &path).await?;
    READING.over().await;
    Ok(())
}
