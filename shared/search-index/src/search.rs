//! Answering queries from one generation of the index.

mod asked;
mod coordination;
mod counting;
mod index;
mod query;
mod relevance;
mod statistics;
mod suggest;
mod synonyms;
mod terms;
mod towns;
mod vocabulary;

pub use counting::{PriceBand, PriceRange};
pub(crate) use index::Request;
pub use index::{Matched, SearchHits, SearchIndex};
pub use query::{SearchQuery, SearchSort, SearchText};
pub(crate) use suggest::phrases_of;
pub use suggest::{SuggestLimits, SuggestQuery, Suggester, Suggestions, TypedText};
pub use synonyms::{BadSynonyms, Synonyms};
