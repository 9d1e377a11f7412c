//! The house rules that no lint knows: who may depend on whom, how long a file may be, what every crate and module has.
//!
//! - [`rules`] holds the rules as data, the one place to look them up and to change them;
//! - [`workspace`] reads the workspace as it is;
//! - [`breaches`] compares the two and says in plain words what breaks which rule;
//! - [`compose`] and [`programs`] read `docker-compose.yml` and ask our programs what they think of it.
//!
//! The tests of this crate are the check itself. Licences, advisories and duplicate crates are left to `deny.toml`,
//! the shape of the code to clippy.

pub mod breaches;
pub mod compose;
pub mod programs;
pub mod rules;
pub mod workspace;
