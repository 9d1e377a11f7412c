//! Tests of the connection against a real server and a wire that can be cut.

mod connection;
