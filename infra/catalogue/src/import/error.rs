//! Why an import could not be done at all.

use std::io;
use std::path::{Path, PathBuf};

use halles_store::bulk::BulkError;

use super::reject::Reject;

/// Why an import could not be done at all, as opposed to rows that were refused.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file or directory could not be opened.
    #[error("cannot read {}: {source}", path.display())]
    Open {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The directory has no file that looks like a catalogue.
    #[error("{} has no .csv or .jsonl file, packed or not", .0.display())]
    NoCatalogue(PathBuf),
    /// The directory has several, and no mapping says which one counts.
    #[error("{} has several catalogue files ({names}); name one of them", directory.display())]
    ManyCatalogues {
        /// The directory.
        directory: PathBuf,
        /// The files.
        names: String,
    },
    /// The mapping makes no sense.
    #[error("mapping: {0}")]
    Mapping(String),
    /// The source has no name that could stand in addresses.
    #[error("--source must have letters or digits, at most {0} of them")]
    SourceName(usize),
    /// The names of the columns could not be read.
    #[error("line {}: {}", .0.line, .0.reason)]
    FirstRow(Reject),
    /// A bad row, when bad rows are not tolerated. Nothing was kept.
    #[error("line {}: {} {}; nothing was imported", .0.line, .0.field, .0.reason)]
    Strict(Reject),
    /// The report of refused rows could not be written.
    #[error("cannot write the report of refused rows: {0}")]
    Rejects(io::Error),
    /// The database.
    #[error(transparent)]
    Bulk(#[from] BulkError),
}

impl ImportError {
    /// A file that could not be opened.
    pub fn open(path: &Path, source: io::Error) -> Self {
        Self::Open { path: path.to_owned(), source }
    }
}
