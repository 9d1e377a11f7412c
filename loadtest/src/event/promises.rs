//! What is promised to whoever looks at a page.

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
