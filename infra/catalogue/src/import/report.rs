//! What became of an import.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::reject::Reject;

/// What became of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// The source's name.
    pub source: String,
    /// Rows in the file.
    pub rows: u64,
    /// Listings that are new.
    pub inserted: u64,
    /// Listings that changed.
    pub updated: u64,
    /// Listings that were there just so.
    pub unchanged: u64,
    /// Rows that the mapping leaves out by rule.
    pub left_out: u64,
    /// Groups of rows that have no title, and so make no listing.
    pub nameless: u64,
    /// Listings of which an overlong attribute lost its end.
    pub shortened: u64,
    /// Rows that were refused.
    pub rejected: u64,
    /// The first few refusals.
    pub first_rejects: Vec<Reject>,
    /// Where all refusals stand.
    pub reject_file: Option<PathBuf>,
    /// Why the file could not be read to its end.
    pub broken: Option<String>,
    /// How long it took.
    pub elapsed: Duration,
}

impl ImportReport {
    /// The exit status: 0 when every row was imported or left out by rule, 2 when some were refused, 1 when the file
    /// could not be read to its end.
    pub const fn exit_code(&self) -> u8 {
        match (&self.broken, self.rejected) {
            (Some(_), _) => 1,
            (None, 0) => 0,
            (None, _) => 2,
        }
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.elapsed.as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let rate = self.rows as f64 / seconds.max(0.001);
        writeln!(f, "{}: {} rows in {seconds:.1} s ({rate:.0} a second)", self.source, self.rows)?;
        write!(f, "  {} new, {} changed, {} unchanged", self.inserted, self.updated, self.unchanged)?;
        let others = [
            (self.left_out, "rows left out by rule"),
            (self.nameless, "groups without a title left out"),
            (self.shortened, "with attributes cut to length"),
        ];
        for (count, what) in others.into_iter().filter(|(count, _)| *count > 0) {
            write!(f, ", {count} {what}")?;
        }
        if self.rejected > 0 {
            write!(f, "\n  {} rows refused:", self.rejected)?;
            for reject in &self.first_rejects {
                write!(f, "\n    line {}: {} {}", reject.line, reject.field, reject.reason)?;
            }
        }
        if let Some(path) = &self.reject_file {
            write!(f, "\n  all refusals: {}", path.display())?;
        }
        if let Some(broken) = &self.broken {
            write!(f, "\n  the file could not be read to its end: {broken}")?;
        }
        Ok(())
    }
}
