//! A place in the order log.

use std::fmt;
use std::str::FromStr;

/// Where an entry stands in the log: the log's clock at the time of the append, then a running number within that
/// millisecond. Places are ordered as the entries are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogPosition {
    /// Milliseconds since 1970 on the log's clock.
    pub millis: u64,
    /// The running number within the millisecond.
    pub sequence: u64,
}

/// A text that is no place in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a position in the order log")]
pub struct NoPosition;

impl fmt::Display for LogPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.millis, self.sequence)
    }
}

impl FromStr for LogPosition {
    type Err = NoPosition;

    fn from_str(text: &str) -> Result<Self, NoPosition> {
        let (millis, sequence) = text.split_once('-').ok_or(NoPosition)?;
        Ok(Self {
            millis: millis.parse().map_err(|_| NoPosition)?,
            sequence: sequence.parse().map_err(|_| NoPosition)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_it_writes_and_orders_by_number() {
        let early: LogPosition = "1700000000000-9".parse().expect("a position");
        let late: LogPosition = "1700000000000-10".parse().expect("a position");
        assert!(early < late);
        assert_eq!(late.to_string(), "1700000000000-10");
        assert_eq!("17".parse::<LogPosition>(), Err(NoPosition));
    }
}
