//! The order-worker: takes requests to buy from the order log and places them, exactly once.
//!
//! # The life of a request to buy, second half
//!
//! The order service has appended it to the order log; from then on it will come to an outcome.
//! 1. The leading worker takes it with up to 199 others, in the order of the log (`placing`).
//! 2. The store places the whole batch in one transaction: a known key is a replay, stock is held or the order refused.
//! 3. In one step of the log the outcomes are told to the order services and the requests removed.
//!
//! Beside that the worker gives back the pieces of holds that have ended (`expiry`), gives back money that is owed
//! ([`Refunds`]), tells shoppers by mail what became of their orders (`mails`), asks about payments that nobody tells about
//! ([`PaymentSweep`]), reminds shoppers of holds that end and forgets them when all is over (`shoppers`), and relays
//! committed changes from the outbox to the change stream (`halles_queue::changes::Relay`, one relay at a time, by a lock
//! in the database). Whatever is done now and then has one beat (`ticks`).
//!
//! # When something is gone
//!
//! - **This worker**, at any moment: what it had in hand is still in the log. A standby takes the lead when the lead of
//!   the dead one has run out (3 s), and takes its requests first. What was placed but not told is a replay.
//! - **The primary**: the batch in hand is tried again, with growing pauses, for as long as it takes; requests wait in
//!   the log, and shoppers read "being checked". Nothing is acknowledged.
//! - **The order log**: nothing can be taken. Order services place through the store themselves meanwhile.
//! - **The change stream**: the relay tries on; changes wait in the outbox.
//! - **The mail server**: mails wait, each coming back by itself after a growing while. Orders do not wait for them.
//! - **The payment provider**: refunds and questions wait, each coming back by itself after a growing while.
//! - **One request that cannot be placed**: it is tried alone, then set aside in the dead-letter stream with the reason.

mod expiry;
mod mails;
mod meters;
mod payment_sweep;
mod placing;
mod refunds;
mod settings;
mod shoppers;
mod ticks;
mod vitals;
mod work;

pub use payment_sweep::PaymentSweep;
pub use refunds::Refunds;
pub use settings::{MailWorkSettings, MoneySettings, OrderWorkerSettings, PlacingSettings, ShopperSettings};
pub use work::Work;
