//! The handlers of the JSON API.

mod document;
mod orders;

pub(crate) use document::{Document, openapi};
pub(crate) use orders::{fetch_order, place_order};
