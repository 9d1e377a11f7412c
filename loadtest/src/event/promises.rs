//! What is promised to whoever looks at a page, and to whoever orders.

use std::collections::BTreeMap;
use std::time::Duration;

use super::PageClass;

/// The promise for one kind of page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Promise {
    /// 99 of 100 pages are there entirely within this time, counted from the moment when they were asked for.
    pub p99: Duration,
    /// The largest share of pages that may not come, or come wrong.
    pub max_failed: f64,
}

/// The promises, by kind of page.
pub type Promises = BTreeMap<PageClass, Promise>;

/// What is promised to whoever orders. That no accepted order is lost needs no promise of its own: it is a law.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OrderPromise {
    /// The smallest share of accepted orders that are placed at once, rather than noted and placed later.
    pub min_placed_at_once: f64,
    /// Within what time after the last one was noted all have come to an outcome.
    pub settled_within: Duration,
}

impl Default for OrderPromise {
    /// Noted is as good as placed, as long as it does not take longer than the longest wait that shoppers are told.
    fn default() -> Self {
        Self { min_placed_at_once: 0.0, settled_within: Duration::from_mins(3) }
    }
}
