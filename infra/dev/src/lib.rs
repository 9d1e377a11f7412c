//! `cargo dev`: the whole marketplace on one machine, and everything that a developer does with it.
//!
//! This crate owns the local stack: which processes it has, on which ports, in which order they start and stop, and where
//! their state lives. [`stack`] is a library, so that `cargo dev up`, `cargo dev test`, the benchmarks and the end-to-end
//! tests all start the very same thing. [`commands`] are what a person types; [`say`] is what that person sees.
//!
//! It promises that whatever it starts it also stops, that a taken port or a missing program is named, and that no command
//! touches data outside its state directory. It leaves the generator and the importer to `halles-catalogue`, and all that
//! the marketplace itself does to the services.

pub mod bench;
pub mod checks;
pub mod cli;
pub mod commands;
pub mod packages;
pub mod port_holder;
pub mod ports;
pub mod proc;
pub mod programs;
pub mod psql;
pub mod say;
pub mod sbom;
pub mod secrets;
pub mod stack;
pub mod state_dir;
pub mod system_user;
pub mod torture;
pub mod workspace;
