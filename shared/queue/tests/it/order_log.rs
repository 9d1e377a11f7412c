//! The order log on a real Redis: nothing is lost, nothing blocks, everything is bounded.

mod aside;
mod bounds;
mod fixture;
mod outages;
mod taking;
