//! `cache`: the promises of the cache tier, one part for each.

pub mod freshness;
pub mod hot_page;
pub mod memory;
pub mod stampede;
pub mod zipf;
