//! Where a cache gets what it does not have.

use std::fmt::Display;
use std::hash::Hash;

use halles_domain::Version;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What can be loaded and cached: one kind of thing, by one kind of key.
pub trait Origin: Sized + Send + Sync + 'static {
    /// Names one thing. Its text is its name in L2, so two different keys have two different texts.
    type Key: Clone + Eq + Hash + Display + Send + Sync + 'static;
    /// The thing.
    type Value: Serialize + DeserializeOwned + Send + Sync + 'static;

    /// The kind of thing, in keys and metrics.
    const KIND: &'static str;
    /// The layout of the value in L2. A new number makes every entry in the old layout a miss.
    const FORMAT: u8;

    /// Reads the version of the row behind a value. Things without one are as new as the moment when they were read.
    const VERSION: Option<fn(&Self::Value) -> Version> = None;

    /// Loads what exists of `keys`, in any order. What is not among the answers does not exist.
    fn load(&self, keys: Vec<Self::Key>) -> impl Future<Output = Loaded<Self>> + Send;
}

/// What a load brought.
pub type Loaded<O> = Result<Vec<(<O as Origin>::Key, <O as Origin>::Value)>, OriginError>;

/// Why nothing could be loaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// The store cannot be reached, or did not answer in time.
    #[error("the origin is unavailable: {0}")]
    Unavailable(String),
    /// As many loads are under way as the store is allowed to see.
    #[error("too many loads are under way")]
    Busy,
    /// A bug, here or in the store.
    #[error("the load failed: {0}")]
    Internal(String),
}

impl OriginError {
    /// A short name for metrics.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "unavailable",
            Self::Busy => "busy",
            Self::Internal(_) => "internal",
        }
    }
}
