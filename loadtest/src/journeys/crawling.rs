//! A crawler reads page after page: no pictures, no patience, no basket. It obeys `robots.txt`.

use goose::goose::{GooseUser, Scenario, Transaction, TransactionResult};
use goose::prelude::{GooseError, transaction};
use rand::RngExt as _;

use super::trail_mut;
use crate::page::Step;
use crate::thinking::CRAWLING;

const ROBOTS: Step = Step { name: "robots.txt", sign: "User-agent" };
const HOME: Step = Step { name: "home, crawled", sign: "href=\"/c/" };
const PAGE: Step = Step { name: "page, crawled", sign: "<main" };

/// How many pages it remembers to read.
const MEMORY: usize = 500;

/// The journey; five visitors of a hundred are on it.
pub fn scenario() -> Result<Scenario, GooseError> {
    Scenario::new("crawling")
        .register_transaction(transaction!(ask_first).set_name("ask first").set_on_start())
        .register_transaction(transaction!(read_on).set_name("read on"))
        .set_weight(5)
}

async fn ask_first(user: &mut GooseUser) -> TransactionResult {
    ROBOTS.read(user, "/robots.txt").await?;
    let home = HOME.read(user, "/").await?;
    trail_mut(user).listings = [home.links("/c/"), home.links("/l/")].concat();
    Ok(())
}

async fn read_on(user: &mut GooseUser) -> TransactionResult {
    let ahead = &mut trail_mut(user).listings;
    let path =
        if ahead.is_empty() { "/".to_owned() } else { ahead.swap_remove(rand::rng().random_range(0..ahead.len())) };
    let page = PAGE.read(user, &path).await?;
    let ahead = &mut trail_mut(user).listings;
    ahead.extend([page.links("/c/"), page.links("/l/"), page.links("/s/")].concat());
    ahead.truncate(MEMORY);
    CRAWLING.over().await;
    Ok(())
}
