//! `search`: the promises of the search index at a million listings, one part for each.

pub mod build;
pub mod engine;
mod index;
pub mod indexing;
mod mix;
mod postgres;
pub mod service;
mod yardstick;

pub use self::mix::escaped;
