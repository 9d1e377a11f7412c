//! The load test against servers whose faults are known.

mod events;
mod known_server;
mod open_arrivals;
mod rehearsals;
