//! The order service with its worker, against real servers: the promises of checkout, in every weather.

mod basket;
mod c2;
mod checkout;
mod crowd;
mod failures;
mod hostile;
mod lifecycle;
mod live;
mod mails;
mod market;
mod paying;
mod rungs;
mod selling;
mod standby;
mod till;
mod waitlist;
mod wire;
