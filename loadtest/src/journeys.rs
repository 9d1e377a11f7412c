//! What people come for. Each journey is a few steps that follow from each other, again and again.

pub mod browsing;
pub mod buying;
pub mod crawling;
pub mod reloading;
pub mod searching;
pub mod selling;

use goose::goose::GooseUser;

use crate::browser::Kept;

/// What a visitor has seen so far and may follow next.
#[derive(Debug, Default, Clone)]
pub struct Trail {
    /// Paths of categories.
    pub categories: Vec<String>,
    /// Paths of listings.
    pub listings: Vec<String>,
    /// What the browser has kept.
    pub kept: Kept,
}

/// The visitor's trail; a new one has an empty one.
pub fn trail_mut(user: &mut GooseUser) -> &mut Trail {
    if user.get_session_data::<Trail>().is_none() {
        user.set_session_data(Trail::default());
    }
    user.get_session_data_unchecked_mut::<Trail>()
}
