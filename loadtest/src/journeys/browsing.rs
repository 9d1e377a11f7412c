//! Most shoppers look around: home, a category, a listing.

use goose::goose::{GooseUser, Scenario, Transaction, TransactionResult};
use goose::prelude::{GooseError, transaction};

use super::{Trail, trail};
use crate::page::{NOTHING_TO_DO, Step};
use crate::pick::any;

const HOME: Step = Step { name: "home", sign: "href=\"/c/" };
const CATEGORY: Step = Step { name: "category", sign: "<h1" };
const LISTING: Step = Step { name: "listing", sign: "<h1" };

/// The journey; three shoppers of five are on it.
pub fn scenario() -> Result<Scenario, GooseError> {
    Scenario::new("browsing")
        .register_transaction(transaction!(home).set_name("look at the home page"))
        .register_transaction(transaction!(category).set_name("look into a category"))
        .register_transaction(transaction!(listing).set_name("look at a listing"))
        .set_weight(60)
}

async fn home(user: &mut GooseUser) -> TransactionResult {
    let page = HOME.open(user, "/").await?;
    user.set_session_data(Trail { categories: page.links("/c/"), listings: page.links("/l/") });
    Ok(())
}

async fn category(user: &mut GooseUser) -> TransactionResult {
    let mut trail = trail(user);
    let Some(path) = any(&trail.categories).cloned() else { return NOTHING_TO_DO };
    let page = CATEGORY.open(user, &path).await?;
    let found = page.links("/l/");
    if !found.is_empty() {
        trail.listings = found;
    }
    user.set_session_data(trail);
    Ok(())
}

async fn listing(user: &mut GooseUser) -> TransactionResult {
    let Some(path) = any(&trail(user).listings).cloned() else { return NOTHING_TO_DO };
    LISTING.open(user, &path).await?;
    Ok(())
}
