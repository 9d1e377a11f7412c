//! In which unit a crowd is counted, and what that is in page views per minute.

use serde::Deserialize;

/// What the numbers of a curve count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Shoppers who are there at once; each looks at `pages_per_session_minute` pages a minute.
    Sessions,
    /// Pages that browsers show in a minute.
    PageViewsPerMinute,
    /// Requests that a balancer counts in a minute; each page makes `requests_per_page` of them.
    RequestsPerMinute,
}

/// What one of a unit comes to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Conversion {
    pub unit: Unit,
    pub pages_per_session_minute: f64,
    pub requests_per_page: f64,
}

impl Conversion {
    /// Page views per minute for so many of the unit.
    pub fn page_views(self, count: f64) -> f64 {
        match self.unit {
            Unit::Sessions => count * self.pages_per_session_minute,
            Unit::PageViewsPerMinute => count,
            Unit::RequestsPerMinute => count / self.requests_per_page,
        }
    }
}
