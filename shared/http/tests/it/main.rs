//! The server over real sockets: what every service may rely on.

mod admin;
mod drain;
mod express;
mod forms;
mod limits;
mod problems;
mod stall;
mod visitors;
