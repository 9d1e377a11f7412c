//! What the log's entries and outcomes look like on the wire, version by version.
//!
//! Entries outlive deploys: a new order-worker reads what an old order service appended, and during a rolling restart
//! the other way round. So every payload names its version, a version is never changed once it was live, and what
//! cannot be read is an error that says so, never a guess.
//!
//! A wish that came later is an optional field, and an entry that uses it names it among its `needs`. A worker that does
//! not know such a need would place something else than was asked for; to it the entry is *newer*, as one of a later version is:
//! not broken, only not for it.

use halles_domain::{OrderId, PlacedOrder, RequestToBuy};
use serde::{Deserialize, Serialize};

use super::LogPosition;

/// An entry of the order log.
#[derive(Debug, Deserialize)]
#[serde(tag = "version")]
enum Entry {
    #[serde(rename = "1")]
    V1 {
        #[serde(default)]
        needs: Vec<String>,
        request: RequestToBuy,
    },
}

/// The same, to be written: it borrows what it holds.
#[derive(Debug, Serialize)]
#[serde(tag = "version")]
enum EntryOut<'a> {
    #[serde(rename = "1")]
    V1 {
        #[serde(skip_serializing_if = "Vec::is_empty")]
        needs: Vec<&'static str>,
        request: &'a RequestToBuy,
    },
}

/// What every entry has, of whatever release it is.
#[derive(Debug, Deserialize)]
struct Head {
    version: String,
    #[serde(default)]
    needs: Vec<String>,
}

/// The newest version that is known here.
const VERSION: u32 = 1;

/// Every need that is known here.
const NEEDS: [&str; 3] = [MAY_WAIT, WHAT_THERE_IS, PERSONALISATIONS];
const MAY_WAIT: &str = "may_wait";
const WHAT_THERE_IS: &str = "what_there_is";
const PERSONALISATIONS: &str = "personalisations";

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
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undecodable {
    /// Nobody will ever read it.
    #[error("unreadable payload: {0}")]
    Broken(String),
    /// A later release wrote it, and reads it.
    #[error("{WRITTEN_LATER} ({0})")]
    Newer(String),
}

/// What the reason of whatever was set aside for a later release begins with; part of the log, so it never changes.
pub const WRITTEN_LATER: &str = "written by a later release";

/// The payload of a request, in the newest version.
pub fn encode_request(request: &RequestToBuy) -> String {
    serde_json::to_string(&EntryOut::V1 { needs: needs_of(request), request })
        .expect("string keys and finite numbers always serialize")
}

/// Reads a request of any version.
pub fn decode_request(payload: &str) -> Result<RequestToBuy, Undecodable> {
    match serde_json::from_str(payload) {
        Ok(Entry::V1 { needs, request }) => unknown_need(&needs).map_or(Ok(request), Err),
        Err(error) => Err(written_later(payload).unwrap_or_else(|| undecodable(&error))),
    }
}

/// What of this request an order-worker must know of, or place something else than was asked for.
fn needs_of(request: &RequestToBuy) -> Vec<&'static str> {
    let wishes = [
        (request.may_wait, MAY_WAIT),
        (request.what_there_is, WHAT_THERE_IS),
        (!request.personalisations.is_empty(), PERSONALISATIONS),
    ];
    wishes.into_iter().filter(|(is_wished, _)| *is_wished).map(|(_, need)| need).collect()
}

fn unknown_need(needs: &[String]) -> Option<Undecodable> {
    let unknown = needs.iter().find(|need| !NEEDS.contains(&need.as_str()))?;
    Some(Undecodable::Newer(format!("it needs {unknown}")))
}

/// Whether a payload that cannot be read says of itself that it is of a later release.
fn written_later(payload: &str) -> Option<Undecodable> {
    let head: Head = serde_json::from_str(payload).ok()?;
    let version: u32 = head.version.parse().ok()?;
    if version > VERSION {
        return Some(Undecodable::Newer(format!("its version is {version}")));
    }
    unknown_need(&head.needs)
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
    let entry = entry.parse().map_err(|error| Undecodable::Broken(format!("{error}")))?;
    Ok(Outcome { order_id, entry, replayed, verdict })
}

/// Keeps the place and the kind of the fault; serde's own message may quote the content.
fn undecodable(error: &serde_json::Error) -> Undecodable {
    Undecodable::Broken(format!("{:?} fault at column {}", error.classify(), error.column()))
}

#[cfg(test)]
mod tests;
