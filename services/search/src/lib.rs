//! The search service: the results page, the same as JSON, both from an index that it holds itself.
//!
//! # The life of a query
//!
//! ```text
//! the door (halles_http)        names the request, sets its deadline
//!   └► routes.rs                one screen: which address is answered where
//!        └► results_page.rs, api.rs   a handler: takes the address apart, looks whether the answer is ready, sends it
//!             └► parameters.rs, ask.rs   what was asked, parsed and bounded: words, choices, order, page or walk
//!             │ ready.rs         what is ready, by what was asked and what answers are made from
//!             └► find_listings.rs     the use case; knows no HTTP
//!                  ├► searcher.rs   a permit, then a thread of its own, then halles_search_index until the time limit
//!                  └► halles_cache::Catalogue   the hits as the listing pages show them right now
//!        choices.rs, wire.rs   what was found, in the words of the page and of the API
//! ```
//!
//! The index says which listings match and in which order; everything shown of them comes from the catalogue, so price
//! and stock are those of the listing page. Hits that are gone, closed or sold meanwhile are left out.
//!
//! While somebody types, `suggestion_pages.rs` answers in the same way from `suggestions.rs`, and `suggesting.rs` works in
//! places of its own: no search waits for a suggestion. What many people search for (`asked_often.rs`) is suggested first.
//!
//! An answer that was given once is ready for whoever asks the same, until the index moves on or one of its listings
//! changes. A new instance makes the most wanted ones ready before it takes traffic (`warm_up.rs`).
//!
//! Beside the queries, `snapshot_follower.rs` looks for a new generation of the index four times a second, fetches what
//! is new in it, checks it, opens it, and puts it in the place of the old one. Queries under way finish on the old one. All
//! this happens on threads that give way to the queries (`unhurried.rs`).
//!
//! # When something is away
//!
//! | what                               | what shoppers notice                                                              |
//! |------------------------------------|-----------------------------------------------------------------------------------|
//! | no index was ever published        | 503 with `Retry-After`, and this instance is not ready                            |
//! | the indexer or the object store    | nothing at first; what is published or changed meanwhile is found late             |
//! | the newest generation is damaged   | nothing: the old one stays, the fault is logged and counted                       |
//! | Redis                              | nothing: hits are read from memory and the replica                                |
//! | replica and primary                | hits that are in memory, marked stale; when none can be shown, 503                |
//! | too many searches at once          | after a short wait 503 with `Retry-After`, and no thread is lost to them          |
//! | a search that takes too long       | it stops at its time limit: what it has, marked as partial and not kept; else 503  |

mod api;
mod app;
mod ask;
mod asked_often;
mod choices;
mod edited_file;
mod error_page;
mod failure;
mod find_listings;
mod highlights;
mod measures;
mod nearby;
mod openapi;
mod parameters;
mod ready;
mod results_page;
mod routes;
mod searcher;
mod settings;
mod snapshot_follower;
mod suggesting;
mod suggestion_pages;
mod suggestion_settings;
mod suggestions;
mod towns_file;
mod unhurried;
mod warm_up;
mod wire;

pub use app::{App, StartError};
pub use settings::{SearchSettings, Settings, WarmUpSettings};
pub use suggestion_settings::SuggestionSettings;
pub use towns_file::BadTowns;
