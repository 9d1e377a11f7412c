//! Benchmarks: two sides measured in turn within one run, and a ratio that does not depend on the machine.
//!
//! Owns the rounds, the medians and the report. What is measured belongs to the file of each benchmark.

pub mod contest;
pub mod import;
pub mod report;
