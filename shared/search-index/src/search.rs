//! Answering queries from one generation of the index.

mod asked;
mod collecting;
mod columns;
mod coordination;
mod counting;
mod cursor;
mod facet_numbers;
mod facets;
mod index;
mod narrowing;
mod near;
mod order;
mod properties;
mod query;
mod relevance;
mod signals;
mod statistics;
mod suggest;
mod synonyms;
mod tally;
mod terms;
mod towns;
mod vocabulary;

pub use cursor::SearchCursor;
pub(crate) use facet_numbers::FacetBook;
pub use facets::{Facets, FacetsWanted, PriceBand};
pub(crate) use index::Request;
pub use index::{Matched, SearchHits, SearchIndex};
pub use narrowing::{Narrowing, PriceRange, Respect};
pub use near::Near;
pub use order::{HitKey, SearchSort};
pub use properties::{PropertyCount, ValueCount};
pub use query::{SearchQuery, SearchText, Start};
pub(crate) use suggest::phrases_of;
pub use suggest::{SuggestLimits, SuggestQuery, Suggester, Suggestions, TypedText};
pub use synonyms::{BadSynonyms, Synonyms};
