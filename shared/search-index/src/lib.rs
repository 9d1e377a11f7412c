//! The full-text index of all listings: how texts become terms, how a query is answered, and how one writer's work
//! reaches every reader.
//!
//! - One [`IndexWriter`] turns [`IndexedListing`]s into segments, files that never change once written.
//! - [`Snapshots`] publishes them: new files first, then a manifest under a name that only one writer can create. So a
//!   reader sees whole generations or nothing, and of two writers exactly one wins each generation.
//! - A [`SearchIndex`] is one generation, opened. Queries hold on to the generation that they started on, so swapping in
//!   the next one disturbs nobody.
//! - [`SearchQuery`] is parsed and bounded before it gets here; every search stops at its deadline.
//!
//! Knows tantivy and the object store, and hides both. Where listings come from, who runs the writer and how a results
//! page looks are left to the services. The files of one idea:
//!
//! | to change | look at |
//! | --- | --- |
//! | what becomes a term | `analysis/` |
//! | what is indexed, and how | `schema.rs`, `document.rs` (then raise [`SCHEMA_VERSION`]) |
//! | what a query's words may mean: typos, beginnings, compounds, synonyms | `search/asked.rs` |
//! | which listings match, and how well | `search/relevance.rs`, `search/terms.rs`, `search/word_query.rs` |
//! | what results can be narrowed by | `search/narrowing.rs` |
//! | what is counted beside the hits | `search/counting.rs`, `search/facets.rs`, `search/properties.rs` |
//! | in which order hits come | `search/order.rs`, `search/signals.rs` |
//! | in which order the best of them stand | `search/reranking.rs`, `search/rules.rs` |
//! | what is suggested while somebody types | `search/suggest.rs` |
//! | where towns are | `gazetteer/`, `search/towns.rs` |
//! | how generations travel | `snapshot/` |
//! | what benchmarks compare with | `yardstick.rs` |

mod analysis;
mod document;
mod error;
mod facet_term;
mod gazetteer;
mod highlight;
mod schema;
mod search;
mod settings;
mod snapshot;
mod work_directory;
mod writer;
pub mod yardstick;

pub use document::{IndexedListing, is_searchable};
pub use error::{SearchError, SnapshotError, WriterError};
pub use gazetteer::{Gazetteer, PlaceText, Town};
pub use highlight::{Highlighter, Snippet};
pub use schema::SCHEMA_VERSION;
pub use search::{
    BadRules, BadSynonyms, ExplainedWord, Facets, FacetsWanted, FoundIn, HitExplanation, HitKey, Matched, Met, MetBy,
    Narrowing, Near, PriceBand, PriceRange, PropertyCount, Respect, Rules, SearchCursor, SearchHits, SearchIndex,
    SearchQuery, SearchSort, SearchText, Start, SuggestLimits, SuggestQuery, Suggester, Suggestions, Synonyms,
    TypedText, ValueCount, distance_km,
};
pub use settings::{IndexSettings, S3Settings, WriterSettings};
pub use snapshot::{Base, Kept, LocalFiles, Manifest, ManifestFile, Snapshots, Upkeep};
pub use work_directory::WorkDirectory;
pub use writer::{Commit, IndexWriter};
