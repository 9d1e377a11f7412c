//! The listing service: home, category, listing and shop pages, the same as JSON, and the drawings that stand in for
//! photos.
//!
//! # The life of a request
//!
//! ```text
//! the door (halles_http)      names the request, sets its deadline, bounds its body
//!   └► routes.rs              one screen: which address is answered where
//!        └► pages/*, api/*    a handler: takes the address apart, looks whether the answer is ready, sends it
//!             │ ready.rs       what is ready, by everything that it depends on: most requests end here
//!             └► browse/*     a use case: what belongs on the page; knows no HTTP
//!                  └► halles_cache::Catalogue   memory, else the cache Redis, else the replica, never twice at once
//! ```
//!
//! A page is drawn by `halles_pages`, encoded once for each encoding that is asked for, and kept as long as everything on
//! it is fresh and unchanged (`halles_cache::DerivedCache`). It is the same for everybody who reads its language: the way
//! back for the language switch is its own address, and the link to the basket is a hole that is filled for each visitor
//! who has something in theirs. The answer carries `Cache-Status`, which tells where it came from: `detail=page` when it
//! was ready, else the tier of its slowest part.
//!
//! # When something is away
//!
//! | what                                | what shoppers notice                                                               |
//! |-------------------------------------|------------------------------------------------------------------------------------|
//! | Redis is gone                       | nothing: each instance reads the replica itself; changes are polled from the outbox |
//! | the replica lags                    | the older version until it has caught up, never an older one after a newer one      |
//! | the replica is gone                 | nothing on pages in memory; others are read from the primary, a counted few at a time |
//! | replica and primary are gone        | pages in memory, marked stale in `Cache-Status`; the rest answers 503 with `Retry-After` |
//! | the shop's own row cannot be read   | the listing's page without its shop                                                 |
//! | this instance lost its place in the change stream | nothing: it empties its memory and fills it again                     |
//!
//! A new instance makes its most wanted pages ready before it takes traffic (`warm_up.rs`), for a limited time. Apart
//! from that readiness needs the category tree once and nothing after that: a shared dependency that fails must not take every
//! instance out of the balancer while they can still answer from memory.

mod answer;
mod api;
mod app;
mod browse;
mod docs;
mod error_page;
mod failure;
mod openapi;
mod pages;
mod ready;
mod routes;
mod settings;
mod warm_up;

pub use app::{App, StartError};
pub use settings::{ListingSettings, Settings, WarmUpSettings};
