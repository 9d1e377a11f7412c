//! `cache`: the promises of the cache tier, one part for each.

pub mod bare_server;
mod fleet;
pub mod freshness;
pub mod hot_page;
pub mod memory;
mod proxies;
pub mod stampede;
pub mod wrk;
pub mod zipf;
