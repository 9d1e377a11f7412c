//! What was set aside: requests that could not be read or placed, for people to look at and to try once more; and requests
//! of a later release, which come back by themselves as soon as somebody leads who can read them.

use halles_redis::{Connection, Keys, RedisError};
use redis::Script;
use redis::streams::{StreamId, StreamRangeReply};

use super::stream::RawEntry;
use super::{LogPosition, OrderLog, OrderLogError, payload, stream};

/// The most requests of a later release that come back at once. More can only gather over a deploy that took very long;
/// the next lead brings the rest.
const MOST_REVIVED: u32 = 10_000;

/// A request that was set aside. What is in it is not shown: it is personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Its place among those set aside.
    pub id: LogPosition,
    /// Where it stood in the log; none when that is not known.
    pub was_at: Option<LogPosition>,
    /// Why it was set aside.
    pub reason: String,
    /// How long its request is; 0 when there is none in it.
    pub bytes: usize,
}

/// What became of a wish to try a request once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redriven {
    /// It waits in the log again, at this place, behind all others.
    Appended(LogPosition),
    /// There is no request in it that could be tried.
    Empty,
    /// There is no such entry (any more).
    Gone,
}

impl OrderLog {
    /// The first requests that were set aside, the oldest first.
    pub async fn list_dead(&self, limit: u32) -> Result<Vec<DeadLetter>, OrderLogError> {
        let letter = |entry: &StreamId| {
            Ok(DeadLetter {
                id: stream::parse_position(&entry.id)?,
                was_at: entry.get::<String>("position").and_then(|position| position.parse().ok()),
                reason: reason_of(entry),
                bytes: entry.get::<Vec<u8>>(stream::REQUEST).unwrap_or_default().len(),
            })
        };
        list(&self.connection, &self.keys, limit).await?.iter().map(letter).collect()
    }

    /// Puts a request that was set aside back into the log, in one step. Whoever has placed it in the meantime makes
    /// that a replay; should it fail again, it is set aside again.
    pub async fn redrive(&self, id: LogPosition) -> Result<Redriven, OrderLogError> {
        let position = redrive(&self.connection, &self.keys, &id.to_string()).await?;
        match position.as_deref() {
            None => Ok(Redriven::Gone),
            Some("") => Ok(Redriven::Empty),
            Some(position) => Ok(Redriven::Appended(stream::parse_position(position)?)),
        }
    }
}

/// Moves an entry to the dead-letter stream, in one step. False when it had left the log already.
pub(super) async fn set_aside(
    connection: &Connection,
    keys: &Keys,
    entry: &RawEntry,
    reason: &str,
) -> Result<bool, RedisError> {
    let script = Script::new(include_str!("scripts/set_aside.lua"));
    let mut invocation = script.key(keys.order_log());
    invocation.key(keys.order_log_dead()).arg(stream::GROUP).arg(entry.position.to_string()).arg(reason);
    let moved: u8 = connection.invoke(invocation.arg(entry.payload.as_deref().unwrap_or_default())).await?;
    Ok(moved == 1)
}

/// Puts back what was set aside because a later release had written it, as far as it can be read here, in its order.
pub(super) async fn revive(connection: &Connection, keys: &Keys) -> Result<(), RedisError> {
    for entry in list(connection, keys, MOST_REVIVED).await? {
        let is_readable = |payload: String| payload::decode_request(&payload).is_ok();
        if reason_of(&entry).starts_with(payload::WRITTEN_LATER)
            && entry.get(stream::REQUEST).is_some_and(is_readable)
            && redrive(connection, keys, &entry.id).await?.is_some()
        {
            tracing::info!(id = entry.id, "a request of a later release can be read now, and waits again");
        }
    }
    Ok(())
}

async fn list(connection: &Connection, keys: &Keys, limit: u32) -> Result<Vec<StreamId>, RedisError> {
    let mut range = redis::cmd("XRANGE");
    range.arg(keys.order_log_dead()).arg("-").arg("+").arg("COUNT").arg(limit);
    let reply: StreamRangeReply = connection.query(&range).await?;
    Ok(reply.ids)
}

async fn redrive(connection: &Connection, keys: &Keys, id: &str) -> Result<Option<String>, RedisError> {
    let script = Script::new(include_str!("scripts/redrive.lua"));
    let mut invocation = script.key(keys.order_log_dead());
    connection.invoke(invocation.key(keys.order_log()).arg(id)).await
}

fn reason_of(entry: &StreamId) -> String {
    entry.get("reason").unwrap_or_default()
}
