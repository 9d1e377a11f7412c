//! The one crate that speaks SQL: the marketplace's rows in PostgreSQL, read as domain types and written in transactions.
//!
//! - [`Reader`] reads from the replica; while the replica is away, a counted few reads at a time go to the primary.
//! - [`Writer`] holds connections to the primary. Writes are its methods and nobody else's, so that a write against a
//!   replica does not compile. Every write that shoppers can see inserts into the outbox in the same transaction.
//! - [`RelayLock`] belongs to the one process that publishes the outbox.
//! - [`migrate`] brings a database to this version's schema; [`bulk`] moves millions of rows.
//!
//! Promises: nothing is oversold, an idempotency key is placed once, a change in the outbox is never skipped, every
//! statement has a time limit, and a server that is down costs a caller next to nothing. Errors are [`StoreError`];
//! no database error leaves this crate, and none carries personal data.
//!
//! Lock order, everywhere: order rows, then their payments, then listing rows in the order of their numbers, then new orders in the order of
//! their idempotency keys. (A new order is not an order row that anybody else could hold.)
//!
//! Left to others: caching, publishing, deciding when to call what.

mod address;
pub mod bulk;
mod content_params;
mod error;
mod fulfilment;
mod lease;
mod listing_page;
mod mails;
mod meters;
mod migrate;
mod new_listing;
mod outage;
mod payments;
mod placing;
mod pool;
mod reader;
mod reads;
mod relay;
mod rows;
mod seller_tokens;
mod session;
mod settings;
mod vitals;
mod waitlist;
mod writer;
mod writes;

pub use address::AddressError;
pub use error::{Conflict, Server, StoreError};
pub use fulfilment::{Recipient, SellerPart, Sending};
pub use listing_page::{CategoryQuery, Keyset, ListingPage, ListingSort};
pub use mails::{FinishedMail, MailToSend};
pub use migrate::{migrate, schema_fingerprint};
pub use new_listing::{ListingContent, ListingSource, NewListing, NewSeller};
pub use payments::{Completion, OpenPayment, OwedRefund, PaymentStart};
pub use placing::{LeadTerm, Placement, PlacementRules};
pub use reader::Reader;
pub use reads::OrderStanding;
pub use relay::RelayLock;
pub use settings::StoreSettings;
pub use vitals::WalPosition;
pub use writer::Writer;
pub use writes::Cancellation;

/// Where our metrics go; telemetry decides what becomes of them.
fn meter() -> opentelemetry::metrics::Meter {
    opentelemetry::global::meter("halles")
}
