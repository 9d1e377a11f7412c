//! Others know what they want: they search and look at what was found.

use goose::goose::{GooseUser, Scenario, Transaction, TransactionResult};
use goose::prelude::{GooseError, transaction};
use halles_loadtest::searches::address;

use super::{Trail, trail};
use crate::page::{NOTHING_TO_DO, Step};
use crate::pick::{any, search_words};

/// The results page shows the words again in its own field.
pub const SEARCH: Step = Step { name: "search", sign: "name=\"q\"" };
const FOUND: Step = Step { name: "listing found", sign: "<h1" };

/// The journey; one shopper of four is on it.
pub fn scenario() -> Result<Scenario, GooseError> {
    Scenario::new("searching")
        .register_transaction(transaction!(search).set_name("search"))
        .register_transaction(transaction!(look).set_name("look at something found"))
        .set_weight(25)
}

async fn search(user: &mut GooseUser) -> TransactionResult {
    let page = SEARCH.open(user, &address(search_words())).await?;
    user.set_session_data(Trail { listings: page.links("/l/"), ..Trail::default() });
    Ok(())
}

async fn look(user: &mut GooseUser) -> TransactionResult {
    let Some(path) = any(&trail(user).listings).cloned() else { return NOTHING_TO_DO };
    FOUND.open(user, &path).await?;
    Ok(())
}
