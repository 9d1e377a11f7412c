//! Benchmarks: sides measured in turn within one run, and ratios that do not depend on the machine.
//!
//! A benchmark has parts ([`plan`]); each gets real stores and whatever it starts beside them ([`servers`]), measures in
//! rounds that alternate between the sides ([`rounds`]), and hands back verdicts ([`verdict`]), which become a table and a
//! JSON file ([`report`]). What is measured belongs to the file of each part.

pub mod cache;
pub mod cores;
pub mod driver;
pub mod freshness;
pub mod import;
pub mod intake;
pub mod load;
pub mod metrics;
pub mod orders;
pub mod overload;
pub mod plan;
pub mod report;
pub mod rounds;
pub mod search;
pub mod seller;
pub mod servers;
pub mod telemetry;
pub mod verdict;
