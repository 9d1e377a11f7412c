//! How far a long task has come, for whoever shows it.

/// What a task counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Rows of a table.
    Rows,
    /// Bytes of a file.
    Bytes,
    /// Statements or the like, few and of uneven length.
    Steps,
}

/// Somebody who shows how far a task has come. Tasks follow each other; each begins, advances and ends.
pub trait Progress: Send + Sync {
    /// A task begins. Its total is known or not.
    fn begin(&self, what: &str, total: Option<u64>, unit: Unit);

    /// So much is done since the task began, and so many rows have come of it.
    fn advance(&self, done: u64, rows: u64);

    /// The task has ended.
    fn end(&self);
}

/// Silence.
impl Progress for () {
    fn begin(&self, _what: &str, _total: Option<u64>, _unit: Unit) {}

    fn advance(&self, _done: u64, _rows: u64) {}

    fn end(&self) {}
}
