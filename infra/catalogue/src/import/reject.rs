//! Rows that could not be imported, and why.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

/// One row, or part of one, that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Its line in the file.
    pub line: u64,
    /// The field at fault; `row` when the whole is.
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Reject {
    /// A refusal of the whole row.
    pub fn row(line: u64, reason: impl Into<String>) -> Self {
        Self { line, field: "row".into(), reason: reason.into() }
    }
}

/// All refusals in a CSV file, which is made with the first of them, and the first few to show.
#[derive(Debug)]
pub struct RejectReport {
    path: PathBuf,
    writer: Option<csv::Writer<BufWriter<File>>>,
    first: Vec<Reject>,
    count: u64,
}

/// How many refusals are shown on the terminal.
const SHOWN: usize = 10;

impl RejectReport {
    /// A report that will be written to `path` if there is anything to report.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), writer: None, first: Vec::new(), count: 0 }
    }

    /// Adds a refusal.
    pub fn add(&mut self, reject: Reject) -> io::Result<()> {
        if self.writer.is_none() {
            let mut writer = csv::Writer::from_writer(BufWriter::new(File::create(&self.path)?));
            writer.write_record(["line", "field", "reason"])?;
            self.writer = Some(writer);
        }
        if let Some(writer) = &mut self.writer {
            writer.write_record([&reject.line.to_string(), &reject.field, &reject.reason])?;
        }
        self.count += 1;
        if self.first.len() < SHOWN {
            self.first.push(reject);
        }
        Ok(())
    }

    /// How many refusals there were, the first few of them, and where all of them stand.
    pub fn finish(mut self) -> io::Result<(u64, Vec<Reject>, Option<PathBuf>)> {
        let path = match &mut self.writer {
            Some(writer) => {
                writer.flush()?;
                Some(self.path)
            }
            None => None,
        };
        Ok((self.count, self.first, path))
    }
}
