//! The order service: the basket, the checkout, and the truth about an order.
//!
//! # The life of a request to buy, first half
//!
//! ```text
//! the door (halles_http)       names the request, sets its deadline, bounds its body, refuses other sites' forms
//!   └► routes.rs               one screen: which address is answered where
//!        └► pages/*, api/*     a handler: parses what came into an Intent, calls one use case, writes the answer
//!             └► place_order   appends to the order log, waits up to 2 s for the outcome; knows no HTTP
//!                  ├► halles_queue::order_log   durable from here on; the order-worker places it
//!                  └► halles_store::Writer      the same placing, by ourselves, while the log is away
//! ```
//!
//! The order has its name before anybody has seen it: it is derived from the idempotency key and what is asked for
//! ([`order_id`]), so every repeat of an intent is the same order, on whichever way it goes. Baskets are cookies
//! (`halles_http`) and their rules are in `fill_basket`; an order's page is put together in `order_status` and kept up to
//! date by `live`. How an order is paid is told in `pay`.
//!
//! # When something is gone
//!
//! | what                      | what shoppers notice                                                                  |
//! |---------------------------|---------------------------------------------------------------------------------------|
//! | the order-worker          | "we are checking the stock" (202) instead of "held for you" (201); nothing is lost     |
//! | the order log             | nothing: orders are placed by this service itself, a few at a time                     |
//! | the primary               | 202: requests wait in the log; cancelling answers 503                                  |
//! | log and primary           | 503 with `Retry-After`; the form keeps all that was typed and its key                  |
//! | the log is full           | the same                                                                               |
//! | the replica               | status pages come from the primary, a counted few at a time                            |
//! | cache Redis               | nothing: prices and stock are read from the replica                                    |
//! | the payment provider      | "try again in a few seconds"; orders stay held. Who has paid reads "on its way"        |
//! | replica and caches        | basket and checkout answer 503; a form that was sent is taken all the same             |
//! | the same request twice    | the same order, flagged as a replay                                                    |
//! | this process, killed      | what was answered is durable; what was not is the same order when it is sent again     |

mod api;
mod app;
mod error_page;
mod failure;
mod fill_basket;
mod intent;
mod live;
mod meters;
mod noted;
pub mod order_id;
mod order_status;
mod pages;
mod pay;
mod place_order;
mod routes;
mod sell;
mod settings;

pub use app::App;
pub use live::LiveSettings;
pub use sell::SellerTokens;
pub use settings::{OrderSettings, Settings};
