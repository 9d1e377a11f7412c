//! What can go wrong between us and PostgreSQL, as variants that a caller would act on differently.
//!
//! Nobody above this crate sees a database error: SQLSTATE codes and named constraints are read here, once. The
//! database's `DETAIL` is dropped on purpose, because it repeats whole rows, personal data included.

use std::error::Error;
use std::fmt;

use tokio_postgres::error::{DbError, SqlState};

/// Which of the two servers a fault is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Server {
    /// The one database that takes writes.
    Primary,
    /// A copy that answers reads.
    Replica,
}

impl Server {
    /// The server's name in messages and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Replica => "replica",
        }
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// What was asked for, or what a new row refers to, is not there.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The server cannot be reached or takes no work now. Trying again later is right.
    #[error("the {server} is not available: {reason}")]
    Unavailable {
        /// Which server.
        server: Server,
        /// What happened, without personal data.
        reason: String,
    },
    /// The server is there but too busy: no free connection, a statement past its limit, or a lock that did not come.
    #[error("the {server} did not answer in time: {reason}")]
    Timeout {
        /// Which server.
        server: Server,
        /// What happened, without personal data.
        reason: String,
    },
    /// Somebody else's change stands in the way; reading again shows it.
    #[error(transparent)]
    Conflict(#[from] Conflict),
    /// Our bug, or a row that breaks a rule of the domain.
    #[error("{doing}")]
    Internal {
        /// What was being done.
        doing: String,
        /// What went wrong.
        #[source]
        source: Option<Box<dyn Error + Send + Sync>>,
    },
}

/// What stood in the way of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// The listing has changed since it was read.
    #[error("the listing has changed since it was read")]
    Version,
    /// Another shop or category has this name in addresses.
    #[error("this name in addresses is taken")]
    Slug,
    /// Another listing was already imported under this name.
    #[error("a listing with this source was imported before")]
    Source,
    /// More pieces would be promised than there are.
    #[error("more pieces would be promised than there are")]
    Oversold,
    /// Another leader has begun since: what was to be placed is its business now.
    #[error("another leader has begun")]
    LeadLost,
    /// Other rows still refer to what should go.
    #[error("other rows still refer to it")]
    StillUsed,
}

impl StoreError {
    /// Whether the same call may succeed later without anybody changing anything: to a shopper, a 503.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Timeout { .. })
    }

    /// What kind of fault it is, in traces.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "not_found",
            Self::Unavailable { .. } => "unavailable",
            Self::Timeout { .. } => "timeout",
            Self::Conflict(_) => "conflict",
            Self::Internal { .. } => "internal",
        }
    }

    /// A fault of ours while `doing` something.
    pub(crate) fn internal(doing: impl Into<String>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Internal { doing: doing.into(), source: Some(source.into()) }
    }

    /// Reads a fault that the driver reported about `server`.
    pub(crate) fn from_driver(server: Server, error: &tokio_postgres::Error) -> Self {
        if let Some(fault) = error.as_db_error() {
            return Self::from_database(server, fault);
        }
        if error.is_closed() || caused_by_io(error) {
            return Self::Unavailable { server, reason: describe(error) };
        }
        Self::Internal { doing: format!("talking to the {server}: {}", describe(error)), source: None }
    }

    fn from_database(server: Server, fault: &DbError) -> Self {
        let code = fault.code();
        let reason = format!("{} ({})", fault.message(), code.code());
        if let Some(error) = on_constraint(fault) {
            return error;
        }
        if *code == SqlState::QUERY_CANCELED || gave_way(code) {
            return Self::Timeout { server, reason };
        }
        if refuses_work(code) {
            return Self::Unavailable { server, reason };
        }
        Self::Internal { doing: format!("the {server} refused a statement: {reason}"), source: None }
    }
}

/// Whether a transaction lost against another one and may simply be tried again.
fn gave_way(code: &SqlState) -> bool {
    *code == SqlState::T_R_DEADLOCK_DETECTED
        || *code == SqlState::T_R_SERIALIZATION_FAILURE
        || *code == SqlState::LOCK_NOT_AVAILABLE
}

/// Whether the server is going down, coming up, out of something, or only a standby: by whole classes of SQLSTATE where
/// there is one, since a full disk (class 53) or a file that cannot be read (class 58) is the server's trouble as well.
fn refuses_work(code: &SqlState) -> bool {
    const CONNECTION: &str = "08";
    const OUT_OF_RESOURCES: &str = "53";
    const SYSTEM_TROUBLE: &str = "58";
    let is_of = |class: &str| code.code().starts_with(class);
    *code == SqlState::ADMIN_SHUTDOWN
        || *code == SqlState::CRASH_SHUTDOWN
        || *code == SqlState::CANNOT_CONNECT_NOW
        || *code == SqlState::READ_ONLY_SQL_TRANSACTION
        || is_of(CONNECTION)
        || is_of(OUT_OF_RESOURCES)
        || is_of(SYSTEM_TROUBLE)
}

/// What a named constraint means to a caller. A foreign key means that what is referred to is not there; the one
/// statement that takes away what others may refer to knows better (see `replace_categories`).
fn on_constraint(fault: &DbError) -> Option<StoreError> {
    let error = match fault.constraint()? {
        "listing_never_oversold" => Conflict::Oversold.into(),
        "seller_slug_key" | "category_slug_key" => Conflict::Slug.into(),
        "listing_source" => Conflict::Source.into(),
        "listing_seller_id_fkey" => StoreError::NotFound("seller"),
        "listing_category_id_fkey" => StoreError::NotFound("category"),
        "featured_listing_id_fkey" => StoreError::NotFound("listing"),
        _ => return None,
    };
    Some(error)
}

fn caused_by_io(error: &tokio_postgres::Error) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(current) = cause {
        if current.is::<std::io::Error>() {
            return true;
        }
        cause = current.source();
    }
    false
}

/// The whole chain of causes in one line.
pub(crate) fn describe(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(current) = cause {
        text = format!("{text}: {current}");
        cause = current.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_in_trouble_is_no_fault_of_the_request() {
        for away in [SqlState::DISK_FULL, SqlState::OUT_OF_MEMORY, SqlState::TOO_MANY_CONNECTIONS, SqlState::IO_ERROR] {
            assert!(refuses_work(&away), "{}", away.code());
        }
        for ours in [SqlState::UNDEFINED_TABLE, SqlState::CHECK_VIOLATION, SqlState::NUMERIC_VALUE_OUT_OF_RANGE] {
            assert!(!refuses_work(&ours), "{}", ours.code());
        }
    }
}
