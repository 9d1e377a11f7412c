//! Tests of the connection against a real server, a real cluster, and a wire that can be cut.

mod cluster;
mod connection;
mod encryption;
