//! Answering queries from one generation of the index.

mod counting;
mod index;
mod query;
mod relevance;

pub use counting::{PriceBand, PriceRange};
pub use index::{Matched, SearchHits, SearchIndex};
pub use query::{SearchQuery, SearchSort, SearchText};
