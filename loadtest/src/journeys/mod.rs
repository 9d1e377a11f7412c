//! What shoppers come for. Each journey is a few steps that follow from each other, again and again.

pub mod browsing;
pub mod buying;
pub mod searching;

use goose::goose::GooseUser;

/// What a shopper has seen so far and may follow next.
#[derive(Debug, Default, Clone)]
pub struct Trail {
    /// Paths of categories.
    pub categories: Vec<String>,
    /// Paths of listings.
    pub listings: Vec<String>,
}

/// The shopper's trail; a new shopper has an empty one.
fn trail(user: &GooseUser) -> Trail {
    user.get_session_data::<Trail>().cloned().unwrap_or_default()
}
