//! The indexer at work: a catalogue in PostgreSQL, its changes through Redis, the index in a bucket that speaks S3.

mod bucket;
mod crashes;
mod market;
mod rebuilding;
mod transport;
mod two_indexers;
