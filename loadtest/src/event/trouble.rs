//! What is wrong with an event file, told so that it can be put right.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Where, counted from 1.
    pub line: usize,
    /// The key, with the table that it stands in.
    pub key: String,
    /// What is wrong with it.
    pub what: String,
    /// What to write instead.
    pub remedy: String,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, key, what, remedy } = self;
        write!(f, "line {line}, {key}: {what}; {remedy}")
    }
}

/// Everything that is wrong with an event file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventError {
    /// The file.
    pub path: PathBuf,
    /// At least one.
    pub troubles: Vec<Trouble>,
}

impl EventError {
    pub(super) fn unreadable(path: &Path, error: &io::Error) -> Self {
        let what = format!("it cannot be read ({error})");
        let remedy = "name a file that exists".to_owned();
        Self { path: path.to_owned(), troubles: vec![Trouble { line: 1, key: "the file".to_owned(), what, remedy }] }
    }
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be used:", self.path.display())?;
        self.troubles.iter().try_for_each(|trouble| write!(f, "\n  {trouble}"))
    }
}

impl std::error::Error for EventError {}

/// Collects what is wrong with one text.
pub(super) struct Troubles<'a> {
    text: &'a str,
    found: Vec<Trouble>,
}

impl<'a> Troubles<'a> {
    pub fn in_text(text: &'a str) -> Self {
        Self { text, found: Vec::new() }
    }

    /// Something is wrong at `span`.
    pub fn add(&mut self, span: Range<usize>, key: &str, what: impl Into<String>, remedy: &str) {
        let before = self.text.get(..span.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        self.found.push(Trouble { line, key: key.to_owned(), what: what.into(), remedy: remedy.to_owned() });
    }

    /// What was found, in the order of the file.
    pub fn into_found(mut self) -> Vec<Trouble> {
        self.found.sort_by_key(|trouble| trouble.line);
        self.found
    }
}
