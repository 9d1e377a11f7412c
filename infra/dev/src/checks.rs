//! Checks that need what not every machine has: each says so instead of passing silently.

pub mod supply_chain;
pub mod terraform;

/// What became of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// All is well.
    Passed,
    /// All that could be checked is well; this could not, for a reason.
    PartlyChecked(String),
    /// What was wrong is on the terminal.
    Failed,
    /// Nothing was checked, for this reason.
    NotChecked(String),
}
