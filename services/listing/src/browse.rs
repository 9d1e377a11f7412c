//! What belongs on each page, read from the catalogue. No HTTP here.

mod category;
mod home;
mod listing;
mod shop;

pub(crate) use category::{CategoryView, ListingFilter, RawFilter, find_category, parse_after, parse_sort};
pub(crate) use home::fetch_home;
pub(crate) use listing::{FoundListing, ListingView, find_listing};
pub(crate) use shop::{find_shop, newest_place};
