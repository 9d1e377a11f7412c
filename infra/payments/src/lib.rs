//! A payment provider to try things with: it takes no money, and otherwise does what a real one does to a shop.
//!
//! It is a service of its own behind its own API, with a payment page that works in any browser without a script. On
//! that page whoever pays also chooses the weather: paid, declined, or on its way for a while; and whether the shop is
//! told at once, twice, late, or never.
//!
//! ```text
//! POST /v1/payments                the shop opens a payment; the same name again is the same payment
//! GET  /v1/payments/{id}           how it stands
//! POST /v1/payments/{id}/refunds   gives all of it back, once
//! GET  /sandbox/payments/{id}      the page: amount, "pay", "decline", and the weather
//! POST /sandbox/payments/{id}      outcome=paid|declined|slow, notice=at_once|twice|late|never, delay_ms=0…600000
//! ```
//!
//! Promises: what was answered is in the journal, so a restart knows every payment and tells what it still owes to tell;
//! a payment is captured once and given back once; notices are sealed (`halles_payment::NoticeSeal`), sealed anew for each
//! attempt, and sent again with growing pauses until the shop takes them. Only who has the API key may open payments.

mod api;
mod app;
mod drawing;
mod journal;
mod ledger;
mod notices;
mod page;
mod routes;
mod settings;

pub use app::App;
pub use settings::{SandboxSettings, Settings};
