//! What belongs on each page, read from the catalogue. No HTTP here.

mod category;
mod home;
mod listing;
mod shop;

use halles_cache::CatalogueError;

pub(crate) use category::{CategoryView, ListingFilter, RawFilter, find_category, parse_after, parse_sort};
pub(crate) use home::fetch_home;
pub(crate) use listing::{ListingView, find_listing};
pub(crate) use shop::{ShopView, find_shop, newest_place};

/// Why there is no answer to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoAnswer {
    /// There is no such thing, or it is nobody's business yet.
    Absent,
    /// The seller has taken it down for a while.
    Paused,
    /// The seller has taken it down for good.
    Closed,
    /// The catalogue cannot be read.
    Unreadable(CatalogueError),
    /// A document that cannot be written: a bug.
    Unwritable(String),
}

impl From<CatalogueError> for NoAnswer {
    fn from(error: CatalogueError) -> Self {
        Self::Unreadable(error)
    }
}
