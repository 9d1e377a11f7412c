//! Fills the catalogue: a generator of believable handmade goods and an importer of other people's listings.
//!
//! Owns the vocabulary of the demo catalogue, the mappings of known sources and the reading of CSV and JSONL files.
//! Promises: bounded memory whatever the size, all or nothing for a generation, and for an import that good rows are
//! never held up by bad ones, each of which is reported with its line, field and reason. Leaves to others: the SQL
//! (`halles_store::bulk`) and how progress looks ([`Progress`]).

mod generate;
mod import;
mod progress;

pub use generate::{GenerateArgs, GenerateError, GenerateReport, generate, measure_bare_copy};
pub use import::{Format, ImportArgs, ImportError, ImportReport, Reject, import};
pub use progress::{Progress, Unit};
