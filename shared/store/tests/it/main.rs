//! The store against real servers: one primary, one streaming replica, a database for each test.

mod bulk;
mod by_the_clock;
mod cancelling;
mod catalogue;
mod encryption;
mod expiring;
mod explain;
mod fallback;
mod fulfilling;
mod grants;
mod leading;
mod market;
mod outbox;
mod pages;
mod paying;
mod personal_limit;
mod placing;
mod vitals;
mod waiting;
