//! How a process learns its settings: defaults, then a TOML file, then the environment.
//!
//! - Every crate owns a settings struct with documented fields, defaults and a [`Validate`] implementation; a service
//!   composes them, one field for each section, and calls [`load`] once, at its start.
//! - `HALLES_SECTION__FIELD` overrides `field` of `[section]` in the file given by `--config`, which overrides the
//!   default. An empty variable counts as not set.
//! - Nothing is forgiven in silence: unknown keys, values of the wrong type and impossible combinations are all faults,
//!   and one failed start names every one of them with its `section.field`.
//! - Whatever could open a door is a [`Secret`] and never shows in a log, an error or `--print-config`.
//!
//! What the settings mean is left to the crates that own them.

mod cli;
mod faults;
mod load;
mod secret;

pub use cli::Cli;
pub use faults::{Fault, Faults, Validate};
pub use load::{SettingsError, load, load_from, print_config, to_toml};
pub use secret::Secret;
