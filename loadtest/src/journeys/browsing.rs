//! Most shoppers look around: home, a category, a listing with its pictures.

use goose::goose::{GooseUser, Scenario, Transaction, TransactionResult};
use goose::prelude::{GooseError, transaction};

use super::trail_mut;
use crate::page::{NOTHING_TO_DO, Step};
use crate::pick::any;
use crate::thinking::{LEAFING, READING};

const HOME: Step = Step { name: "home", sign: "href=\"/c/" };
const CATEGORY: Step = Step { name: "category", sign: "href=\"/l/" };
const LISTING: Step = Step { name: "listing", sign: "application/ld+json" };

/// The journey; half of all are on it.
pub fn scenario() -> Result<Scenario, GooseError> {
    Scenario::new("browsing")
        .register_transaction(transaction!(home).set_name("look at the home page"))
        .register_transaction(transaction!(category).set_name("look into a category"))
        .register_transaction(transaction!(listing).set_name("look at a listing"))
        .set_weight(50)
}

async fn home(user: &mut GooseUser) -> TransactionResult {
    let page = HOME.open(user, "/").await?;
    let trail = trail_mut(user);
    (trail.categories, trail.listings) = (page.links("/c/"), page.links("/l/"));
    LEAFING.over().await;
    Ok(())
}

async fn category(user: &mut GooseUser) -> TransactionResult {
    let Some(path) = any(&trail_mut(user).categories).cloned() else { return NOTHING_TO_DO };
    let page = CATEGORY.open(user, &path).await?;
    let found = page.links("/l/");
    if !found.is_empty() {
        trail_mut(user).listings = found;
    }
    LEAFING.over().await;
    Ok(())
}

async fn listing(user: &mut GooseUser) -> TransactionResult {
    let Some(path) = any(&trail_mut(user).listings).cloned() else { return NOTHING_TO_DO };
    LISTING.open(user, &path).await?;
    READING.over().await;
    Ok(())
}
