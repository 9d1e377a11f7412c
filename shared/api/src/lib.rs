//! What travels over HTTP as JSON: requests, answers and errors of the public API, with their OpenAPI descriptions.
//!
//! Promises: wire types only, apart from domain types and database rows; conversions from the domain are explicit.
//! A field is never renamed or removed within `/api/v1`, only added.

pub mod listing;
pub mod order;
pub mod part;
pub mod problem;
pub mod search;
