//! The listing service against real databases and a real Redis.

mod api;
mod bad_input;
mod failures;
mod freshness;
mod headers;
mod market;
mod pages;
mod ready;
mod rungs;
mod settings;
mod turnstile;
mod waiting_room;
mod warm_up;
