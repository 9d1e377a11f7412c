//! The index as its users see it: written, published, fetched, searched.

mod corpus;
mod golden;
mod narrowing;
mod semantics;
mod snapshots;
mod suggestion_speed;
mod suggestions;
