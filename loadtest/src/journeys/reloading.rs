//! Somebody in front of the television, who reloads the page of the show again and again, and leaves.

use goose::goose::{GooseUser, Scenario, Transaction, TransactionResult};
use goose::prelude::{GooseError, transaction};
use rand::RngExt as _;

use super::trail_mut;
use crate::page::{NOTHING_TO_DO, Step};
use crate::pick::any;
use crate::thinking::{IMPATIENCE, READING};

const HOME: Step = Step { name: "home", sign: "href=\"/l/" };
const LISTING: Step = Step { name: "listing, reloaded", sign: "application/ld+json" };

/// The journey; seven visitors of a hundred are on it.
pub fn scenario() -> Result<Scenario, GooseError> {
    Scenario::new("reloading").register_transaction(transaction!(reload).set_name("reload a listing")).set_weight(7)
}

async fn reload(user: &mut GooseUser) -> TransactionResult {
    if trail_mut(user).listings.is_empty() {
        let home = HOME.open(user, "/").await?;
        trail_mut(user).listings = home.links("/l/");
    }
    let Some(path) = any(&trail_mut(user).listings).cloned() else { return NOTHING_TO_DO };
    let times = rand::rng().random_range(2..=6);
    for _ in 0..times {
        LISTING.open(user, &path).await?;
        IMPATIENCE.over().await;
    }
    READING.over().await;
    Ok(())
}
