//! Every read of the marketplace, by what it is about.

mod catalogue;
mod category_page;
mod changes;
mod orders;

pub(crate) use changes::{CHANGES_AFTER, MAX_CHANGES};
pub use orders::OrderStanding;

/// Limits on pages come from outside; whatever is asked for, a page stays a page.
pub(crate) fn bounded(limit: usize, most: usize) -> i64 {
    i64::try_from(limit.clamp(1, most)).unwrap_or(i64::MAX)
}
