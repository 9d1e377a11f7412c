//! Handlers of pages and of what they load: each takes the address apart, calls one use case and draws its answer.

mod asset;
mod category;
mod home;
mod listing;
mod missing;
mod photo;
mod robots;
mod shop;
mod waiting_room;

pub(crate) use asset::{Assets, asset, favicon};
pub(crate) use category::{category, find as find_category_page};
pub(crate) use home::{find as find_home_page, home};
pub(crate) use listing::{find as find_listing_page, listing};
pub(crate) use missing::{missing, nothing_here};
pub(crate) use photo::{category_photo, listing_photo};
pub(crate) use robots::robots;
pub(crate) use shop::shop;
pub(crate) use waiting_room::{RoomFrames, waiting_room};
