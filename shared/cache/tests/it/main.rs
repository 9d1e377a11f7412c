//! Tests of the cache against real servers, and of its rules over an origin that does what it is told.

mod catalogue;
mod cluster;
mod cut;
mod following;
mod freshness;
mod leases;
mod marketplace;
mod memory_tier;
mod model;
mod refreshing;
mod room;
mod shared_tier;
mod single_flight;
mod staged_origin;
mod tier_suite;
