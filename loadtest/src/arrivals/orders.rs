//! What shoppers were told who ordered, kept so that somebody can look whether it became true.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use reqwest::StatusCode;
use serde::{Deserialize, Serialize};

use super::Ending;

/// The names of at most so many accepted orders are kept: 40 bytes each.
const MOST: usize = 500_000;

/// What they were told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrdersTold {
    /// Placed at once (201), by state: held until paid, or waiting for their turn.
    pub placed: BTreeMap<String, u64>,
    /// Noted durably, to be placed as soon as possible (202).
    pub noted: u64,
    /// Refused with a reason that the shopper can understand (409), such as being sold out.
    pub refused: BTreeMap<String, u64>,
    /// The names of those that were accepted, placed or noted.
    pub accepted: Vec<String>,
    /// Accepted beyond those whose names are kept.
    pub unnamed: u64,
}

#[derive(Deserialize)]
struct Told {
    id: String,
    state: String,
}

#[derive(Deserialize)]
struct Problem {
    code: String,
}

impl OrdersTold {
    /// Reads an answer, notes it, and says how it ended. "Sold out" is an answer like any other: it is true, and in time.
    pub(super) fn note(&mut self, status: StatusCode, body: &[u8]) -> Ending {
        match status {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => Ending::Refused,
            StatusCode::OK | StatusCode::CREATED | StatusCode::ACCEPTED => {
                let Ok(Told { id, state }) = serde_json::from_slice(body) else { return Ending::Wrong };
                if status == StatusCode::ACCEPTED {
                    self.noted += 1;
                } else {
                    *self.placed.entry(state).or_default() += 1;
                }
                if self.accepted.len() < MOST {
                    self.accepted.push(id)
                } else {
                    self.unnamed += 1
                }
                Ending::Right
            }
            StatusCode::CONFLICT => match serde_json::from_slice(body) {
                Ok(Problem { code }) => {
                    *self.refused.entry(code).or_default() += 1;
                    Ending::Right
                }
                Err(_) => Ending::Wrong,
            },
            _ => Ending::Failed,
        }
    }

    /// Orders that were placed at once.
    pub fn placed_at_once(&self) -> u64 {
        self.placed.values().sum()
    }

    /// Orders that were accepted in either way.
    pub fn total_accepted(&self) -> u64 {
        self.placed_at_once() + self.noted
    }
}

impl AddAssign for OrdersTold {
    fn add_assign(&mut self, other: Self) {
        for (mine, theirs) in [(&mut self.placed, other.placed), (&mut self.refused, other.refused)] {
            for (name, count) in theirs {
                *mine.entry(name).or_default() += count;
            }
        }
        self.noted += other.noted;
        self.unnamed += other.unnamed;
        self.accepted.extend(other.accepted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_is_told_apart() {
        let mut told = OrdersTold::default();
        let held = br#"{"id":"a","state":"awaiting_payment","number":"1"}"#;
        assert_eq!(told.note(StatusCode::CREATED, held), Ending::Right);
        assert_eq!(told.note(StatusCode::ACCEPTED, br#"{"id":"b","state":"pending"}"#), Ending::Right);
        assert_eq!(told.note(StatusCode::CONFLICT, br#"{"code":"out_of_stock"}"#), Ending::Right);
        assert_eq!(told.note(StatusCode::CREATED, b"<html>"), Ending::Wrong);
        assert_eq!(told.note(StatusCode::SERVICE_UNAVAILABLE, b""), Ending::Refused);
        assert_eq!(told.note(StatusCode::UNPROCESSABLE_ENTITY, b""), Ending::Failed);
        assert_eq!((told.placed_at_once(), told.noted, told.total_accepted()), (1, 1, 2));
        assert_eq!(told.accepted, ["a", "b"]);
        assert_eq!(told.refused["out_of_stock"], 1);
    }
}
