//! Chance: shoppers do not all want the same.

use halles_loadtest::searches::SEARCHES;
use rand::seq::IndexedRandom;

/// One of `choices`, if there are any.
pub fn any<T>(choices: &[T]) -> Option<&T> {
    choices.choose(&mut rand::rng())
}

/// Something to search for.
pub fn search_words() -> &'static str {
    any(&SEARCHES).copied().unwrap_or("bol")
}
