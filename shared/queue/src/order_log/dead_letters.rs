//! What was set aside: requests that could not be read or placed, for people to look at and to try once more.

use redis::Script;
use redis::streams::StreamRangeReply;

use super::{LogPosition, OrderLog, OrderLogError, stream};

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
        let mut range = redis::cmd("XRANGE");
        range.arg(self.keys.order_log_dead()).arg("-").arg("+").arg("COUNT").arg(limit);
        let reply: StreamRangeReply = self.connection.query(&range).await?;
        let letter = |entry: &redis::streams::StreamId| {
            Ok(DeadLetter {
                id: stream::parse_position(&entry.id)?,
                was_at: entry.get::<String>("position").and_then(|position| position.parse().ok()),
                reason: entry.get("reason").unwrap_or_default(),
                bytes: entry.get::<Vec<u8>>("request").unwrap_or_default().len(),
            })
        };
        reply.ids.iter().map(letter).collect()
    }

    /// Puts a request that was set aside back into the log, in one step. Whoever has placed it in the meantime makes
    /// that a replay; should it fail again, it is set aside again.
    pub async fn redrive(&self, id: LogPosition) -> Result<Redriven, OrderLogError> {
        let script = Script::new(include_str!("scripts/redrive.lua"));
        let mut invocation = script.key(self.keys.order_log_dead());
        invocation.key(self.keys.order_log()).arg(id.to_string());
        let position: Option<String> = self.connection.invoke(&invocation).await?;
        match position.as_deref() {
            None => Ok(Redriven::Gone),
            Some("") => Ok(Redriven::Empty),
            Some(position) => Ok(Redriven::Appended(stream::parse_position(position)?)),
        }
    }
}
