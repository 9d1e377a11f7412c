//! The handlers of the JSON API.

mod document;
mod orders;
mod parts;
mod payments;

pub(crate) use document::{Document, openapi};
pub(crate) use orders::{fetch_order, place_order};
pub(crate) use parts::{list_parts, note_sent};
pub(crate) use payments::take_notice;
