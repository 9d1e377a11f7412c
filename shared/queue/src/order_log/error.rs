//! Why the order log did not do what it was asked.

use std::time::Duration;

use halles_redis::RedisError;

/// What went wrong with the order log, as far as a caller would act differently.
#[derive(Debug, Clone, thiserror::Error)]
pub enum OrderLogError {
    /// It holds as many requests as it may, or more than can be placed in the time that may be promised; nothing was
    /// appended.
    #[error("the order log is full")]
    Full {
        /// How long it will be until the wait is one that may be promised, as far as that is known.
        back_in: Option<Duration>,
    },
    /// It cannot be reached, or did not answer in time. What was asked may have happened.
    #[error("the order log is unavailable: {0}")]
    Unavailable(#[source] RedisError),
    /// It answered something that makes no sense to us: a bug.
    #[error("the order log answered something unexpected: {0}")]
    Internal(String),
}

impl From<RedisError> for OrderLogError {
    fn from(error: RedisError) -> Self {
        match error {
            // OOM: the instance is at its memory limit, which is full by another name.
            RedisError::Refused { code, .. } if code == "OOM" => Self::Full { back_in: None },
            // MISCONF and NOREPLICAS: the server is there but cannot make anything durable now.
            RedisError::Refused { ref code, .. } if code == "MISCONF" || code == "NOREPLICAS" => {
                Self::Unavailable(error)
            }
            RedisError::Unavailable(_) | RedisError::Timeout => Self::Unavailable(error),
            other => Self::Internal(other.to_string()),
        }
    }
}
