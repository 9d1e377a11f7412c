//! The index as its users see it: written, published, fetched, searched.

mod corpus;
mod french_material;
mod golden;
mod golden_queries;
mod narrowing;
mod ranking;
mod semantics;
mod snapshots;
mod suggestion_speed;
mod suggestions;
