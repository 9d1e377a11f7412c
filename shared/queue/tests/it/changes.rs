//! Relay and feed over a real outbox and a real stream, through good and bad weather.

mod cluster;
mod fixture;
mod outages;
mod relay;
mod weather;
