//! Where a request was noted, carried in the address of its page.
//!
//! The log knows no order by its name. With its position any instance can tell its place, without having noted it and
//! without keeping anything. Nobody gains by changing it: it decides what one page says about one's own wait.

use halles_queue::order_log::LogPosition;
use serde::Deserialize;

/// What the address of an order may carry. Whatever is no position is none.
#[derive(Debug, Default, Deserialize)]
pub struct NotedQuery {
    #[serde(default)]
    noted: String,
}

impl NotedQuery {
    /// The position, if there is one.
    pub fn position(&self) -> Option<LogPosition> {
        self.noted.parse().ok()
    }
}

/// What to put into an address.
pub fn noted_query(position: LogPosition) -> String {
    format!("noted={position}")
}
