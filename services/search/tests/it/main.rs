//! The search service with its indexer, over real servers: from a seller's change to the page that shows it.

mod bad_input;
mod failures;
mod freshness;
mod market;
mod narrowing;
mod nearby;
mod ready;
mod results;
mod rungs;
mod suggestions;
