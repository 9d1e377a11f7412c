//! The demo catalogue: believable handmade goods, mostly in French, as many as wanted.
//!
//! Owns the vocabulary (`trades/`, `phrases.rs`), the little grammar that puts it together and the stream of rows into the
//! database. Promises: the same seed gives the same listings, whatever their number, so the first thousand of a million
//! are the thousand; memory does not grow with the number of rows.

mod attributes;
mod communes;
mod dice;
mod grammar;
mod listing;
mod phrases;
mod run;
mod shop;
mod stream;
mod template;
mod trade;
mod trades;
mod tree;

#[cfg(test)]
mod tests;

pub use run::{GenerateArgs, GenerateError, GenerateReport, generate, measure_bare_copy};
