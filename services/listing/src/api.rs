//! Handlers of `/api/v1`: the catalogue for programs.

mod categories;
mod listings;
mod shops;

pub(crate) use categories::{__path_list_categories, __path_list_category, list_categories, list_category};
pub(crate) use listings::{__path_fetch_listing, __path_list_listings, fetch_listing, list_listings};
pub(crate) use shops::{__path_fetch_shop, __path_list_shop, fetch_shop, list_shop};
