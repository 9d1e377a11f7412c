//! Why Redis did not do what it was asked, as far as a caller would act differently.

use redis::{ErrorKind, ServerErrorKind};

/// What went wrong between us and Redis.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RedisError {
    /// The address in the settings is no Redis address. The address stays out of the message: it may hold a password.
    #[error("the Redis address cannot be used: {0}")]
    Address(String),
    /// There is no working connection, or it broke under way, or the server is not ready to serve. What was asked may
    /// have happened.
    #[error("Redis is unavailable: {0}")]
    Unavailable(String),
    /// No answer in time. What was asked may have happened.
    #[error("Redis did not answer in time")]
    Timeout,
    /// The server understood and said no; nothing happened.
    #[error("Redis refused with {code}: {detail}")]
    Refused {
        /// The first word of the server's answer, such as `OOM` or `NOGROUP`.
        code: String,
        /// The rest of the server's answer.
        detail: String,
    },
    /// The answer makes no sense to us: a bug, or somebody else's data under our key.
    #[error("Redis answered something unexpected: {0}")]
    Unexpected(String),
}

impl RedisError {
    /// Whether the server refused with this code.
    pub fn is_refusal(&self, wanted: &str) -> bool {
        matches!(self, Self::Refused { code, .. } if code == wanted)
    }

    /// A short name for metrics.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Address(_) => "address",
            Self::Unavailable(_) => "unavailable",
            Self::Timeout => "timeout",
            Self::Refused { .. } => "refused",
            Self::Unexpected(_) => "unexpected",
        }
    }
}

impl From<redis::RedisError> for RedisError {
    fn from(error: redis::RedisError) -> Self {
        if error.is_timeout() {
            return Self::Timeout;
        }
        match error.kind() {
            ErrorKind::Io | ErrorKind::AuthenticationFailed => Self::Unavailable(error.to_string()),
            ErrorKind::InvalidClientConfig => Self::Address(error.to_string()),
            ErrorKind::Server(kind) if is_passing(kind) => Self::Unavailable(error.to_string()),
            ErrorKind::Server(_) | ErrorKind::Extension => Self::Refused {
                code: error.code().unwrap_or("ERR").to_owned(),
                detail: error.detail().unwrap_or_default().to_owned(),
            },
            _ if error.is_connection_dropped() => Self::Unavailable(error.to_string()),
            _ => Self::Unexpected(error.to_string()),
        }
    }
}

/// A server that is starting, or that has just stopped being the one to write to, or a slot on its way to another node.
const fn is_passing(kind: ServerErrorKind) -> bool {
    matches!(
        kind,
        ServerErrorKind::Ask
            | ServerErrorKind::BusyLoading
            | ServerErrorKind::ClusterDown
            | ServerErrorKind::MasterDown
            | ServerErrorKind::Moved
            | ServerErrorKind::ReadOnly
            | ServerErrorKind::TryAgain
    )
}
