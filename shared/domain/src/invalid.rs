//! Why a value from outside was refused.

use std::fmt;

/// A value that breaks a rule of the marketplace: which field, and why.
///
/// The reason is safe to show to whoever sent the value; it never repeats the value itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct Invalid {
    /// The field's name as the sender knows it, for example `price_cents`.
    pub field: &'static str,
    /// What the field must be, in plain English.
    pub reason: String,
}

impl Invalid {
    /// A refusal of `field`, for `reason`.
    pub fn new(field: &'static str, reason: impl fmt::Display) -> Self {
        Self { field, reason: reason.to_string() }
    }
}
