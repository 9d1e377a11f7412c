//! What the log's entries and outcomes look like on the wire, version by version.
//!
//! Entries outlive deploys: a new order-worker reads what an old order service appended, and during a rolling restart
//! the other way round. So every payload names its version, a version is never changed once it was live, and what
//! cannot be read is an error that says so, never a guess.

use halles_domain::{OrderId, PlacedOrder, RequestToBuy};
use serde::{Deserialize, Serialize};

use super::LogPosition;

/// An entry of the order log.
#[derive(Debug, Deserialize)]
#[serde(tag = "version")]
enum Entry {
    #[serde(rename = "1")]
    V1 { request: RequestToBuy },
}

/// The same, to be written: it borrows what it holds.
#[derive(Debug, Serialize)]
#[serde(tag = "version")]
enum EntryOut<'a> {
    #[serde(rename = "1")]
    V1 { request: &'a RequestToBuy },
}

/// An entry of the outcome stream.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "version")]
enum OutcomeEntry {
    #[serde(rename = "1")]
    V1 { order_id: OrderId, entry: String, replayed: bool, verdict: Verdict },
}

/// What became of one entry of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The order that the entry asked for.
    pub order_id: OrderId,
    /// Which entry it was; the same request appended twice has two.
    pub entry: LogPosition,
    /// Whether an earlier entry (or the order service itself) had settled the order already.
    pub replayed: bool,
    /// What was decided.
    pub verdict: Verdict,
}

/// What the order-worker decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The order is placed: held for the shopper or refused, see its state.
    Settled(PlacedOrder),
    /// The idempotency key belongs to another request; nothing was placed.
    KeyReused,
}

/// Why a payload could not be read. Names no content, since that is personal data.
#[derive(Debug, thiserror::Error)]
#[error("unreadable payload: {0}")]
pub struct Undecodable(String);

/// The payload of a request, in the newest version.
pub fn encode_request(request: &RequestToBuy) -> String {
    serde_json::to_string(&EntryOut::V1 { request }).expect("string keys and finite numbers always serialize")
}

/// Reads a request of any version.
pub fn decode_request(payload: &str) -> Result<RequestToBuy, Undecodable> {
    match serde_json::from_str(payload) {
        Ok(Entry::V1 { request }) => Ok(request),
        Err(error) => Err(undecodable(&error)),
    }
}

/// The payload of an outcome, in the newest version.
pub fn encode_outcome(outcome: &Outcome) -> String {
    let entry = OutcomeEntry::V1 {
        order_id: outcome.order_id,
        entry: outcome.entry.to_string(),
        replayed: outcome.replayed,
        verdict: outcome.verdict.clone(),
    };
    serde_json::to_string(&entry).expect("string keys and finite numbers always serialize")
}

/// Reads an outcome of any version.
pub fn decode_outcome(payload: &str) -> Result<Outcome, Undecodable> {
    let OutcomeEntry::V1 { order_id, entry, replayed, verdict } =
        serde_json::from_str(payload).map_err(|error| undecodable(&error))?;
    let entry = entry.parse().map_err(|error| Undecodable(format!("{error}")))?;
    Ok(Outcome { order_id, entry, replayed, verdict })
}

/// Keeps the place and the kind of the fault; serde's own message may quote the content.
fn undecodable(error: &serde_json::Error) -> Undecodable {
    Undecodable(format!("{:?} fault at column {}", error.classify(), error.column()))
}

#[cfg(test)]
mod tests;
