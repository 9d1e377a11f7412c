//! The server over real sockets: what every service may rely on.

mod admin;
mod admission;
mod drain;
mod express;
mod forms;
mod limits;
mod problems;
mod rungs;
mod stall;
mod visitors;
