//! Other people's catalogues, as CSV or JSON lines.
//!
//! The way of a row: `source_file` opens and unpacks, `records` cuts into records, `convert` makes listings of them (by
//! the `mapping`, with `price`, `slugs` and `category_path`; `group` where several rows make one listing), `batch` does
//! all that on a thread of its own, `write` hands the batches to the database, `run` keeps count. Promises: bounded
//! memory; a bad row is reported with its line, field and reason and stops no other; importing the same rows again
//! changes nothing.

mod args;
mod batch;
mod category_path;
mod convert;
mod error;
mod group;
mod mapping;
mod price;
mod record;
mod records;
mod reject;
mod report;
mod run;
mod slugs;
mod source_file;
mod write;

pub use args::ImportArgs;
pub use error::ImportError;
pub use reject::Reject;
pub use report::ImportReport;
pub use run::import;
pub use source_file::Format;
