//! The commands that the log's streams are worked with, typed. Everything that knows Redis' stream vocabulary is here.

use std::time::Duration;

use halles_redis::{Connection, Keys, RedisError};
use redis::streams::{StreamClaimReply, StreamId, StreamPendingCountReply, StreamRangeReply, StreamReadReply};
use redis::{Pipeline, cmd};

use super::payload::{self, Outcome};
use super::{Depth, LogPosition, OrderLogError};

/// The one consumer group: whoever leads takes for it.
pub const GROUP: &str = "order-worker";
/// All leaders go by one name: a name for each process would leave one behind at each restart, and nothing asks for it.
const CONSUMER: &str = "leader";

/// The field that holds a request, in the log and in the dead-letter stream.
pub const REQUEST: &str = "request";
/// The field that holds an outcome.
const OUTCOME: &str = "outcome";

/// For how long a measured rate counts while nobody takes requests: then no time can be promised any more.
pub const RATE_COUNTS_MS: u64 = 10_000;

/// What one step of settling says and does.
#[derive(Debug)]
pub struct Settling<'a> {
    pub outcomes: &'a [Outcome],
    pub outcomes_kept: u64,
    /// How many entries leave in a second.
    pub rate: Option<f64>,
}

/// An entry as it came from the log, not read yet.
#[derive(Debug)]
pub struct RawEntry {
    pub position: LogPosition,
    /// None when the entry has no such field, or one that is no text: not written by us.
    pub payload: Option<String>,
}

/// An entry that somebody took and did not settle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PendingEntry {
    pub position: LogPosition,
    pub deliveries: u32,
}

/// Reads a position that the log itself gave out.
pub fn parse_position(text: &str) -> Result<LogPosition, OrderLogError> {
    text.parse().map_err(|_| OrderLogError::Internal(format!("{text} for a position")))
}

/// Makes sure that the log and its consumer group exist.
pub async fn ensure_group(connection: &Connection, keys: &Keys) -> Result<(), OrderLogError> {
    let mut create = cmd("XGROUP");
    create.arg("CREATE").arg(keys.order_log()).arg(GROUP).arg("0").arg("MKSTREAM");
    match connection.query::<()>(&create).await {
        Err(error) if !error.is_refusal("BUSYGROUP") => Err(error.into()),
        _ => Ok(()),
    }
}

/// Takes entries that nobody has taken yet; waits up to `block` for the first.
pub async fn read_new(
    connection: &Connection,
    keys: &Keys,
    count: u32,
    block: Duration,
) -> Result<Vec<RawEntry>, RedisError> {
    let mut read = cmd("XREADGROUP");
    read.arg("GROUP").arg(GROUP).arg(CONSUMER).arg("COUNT").arg(count).arg("BLOCK").arg(millis(block));
    read.arg("STREAMS").arg(keys.order_log()).arg(">");
    let reply: Option<StreamReadReply> = connection.query(&read).await?;
    let ids = reply.into_iter().flat_map(|reply| reply.keys).flat_map(|key| key.ids);
    Ok(raw_entries(ids, REQUEST))
}

/// The first entries that were taken at least `min_idle` ago and not settled.
pub async fn list_pending(
    connection: &Connection,
    keys: &Keys,
    min_idle: Duration,
    count: u32,
) -> Result<Vec<PendingEntry>, RedisError> {
    let mut pending = cmd("XPENDING");
    pending.arg(keys.order_log()).arg(GROUP).arg("IDLE").arg(millis(min_idle)).arg("-").arg("+").arg(count);
    let reply: StreamPendingCountReply = connection.query(&pending).await?;
    let entries = reply.ids.into_iter().filter_map(|entry| {
        let deliveries = u32::try_from(entry.times_delivered).unwrap_or(u32::MAX);
        Some(PendingEntry { position: entry.id.parse().ok()?, deliveries })
    });
    Ok(entries.collect())
}

/// Takes entries again. Those settled in the meantime are not among the answer.
pub async fn claim(
    connection: &Connection,
    keys: &Keys,
    entries: &[PendingEntry],
) -> Result<Vec<RawEntry>, RedisError> {
    let mut claim = cmd("XCLAIM");
    claim.arg(keys.order_log()).arg(GROUP).arg(CONSUMER).arg(0);
    for entry in entries {
        claim.arg(entry.position.to_string());
    }
    let reply: StreamClaimReply = connection.query(&claim).await?;
    Ok(raw_entries(reply.ids, REQUEST))
}

/// Tells outcomes and removes the entries that they settle, in one step.
pub async fn settle(connection: &Connection, keys: &Keys, settling: &Settling<'_>) -> Result<(), RedisError> {
    let Settling { outcomes, outcomes_kept, rate } = *settling;
    if outcomes.is_empty() {
        return Ok(());
    }
    let mut pipeline = redis::pipe();
    pipeline.atomic();
    for outcome in outcomes {
        let tell = pipeline.cmd("XADD").arg(keys.order_outcomes()).arg("MAXLEN").arg("~").arg(outcomes_kept);
        tell.arg("*").arg(OUTCOME).arg(payload::encode_outcome(outcome)).ignore();
    }
    remove(&mut pipeline, keys, outcomes.iter().map(|outcome| outcome.entry));
    if let Some(rate) = rate {
        pipeline.cmd("SET").arg(keys.order_log_drain_rate()).arg(rate).arg("PX").arg(RATE_COUNTS_MS).ignore();
    }
    connection.query_pipeline(&pipeline).await
}

fn remove(pipeline: &mut Pipeline, keys: &Keys, positions: impl IntoIterator<Item = LogPosition>) {
    let positions: Vec<String> = positions.into_iter().map(|position| position.to_string()).collect();
    pipeline.cmd("XACK").arg(keys.order_log()).arg(GROUP).arg(&positions).ignore();
    pipeline.cmd("XDEL").arg(keys.order_log()).arg(&positions).ignore();
}

/// How full the log is.
pub async fn fetch_depth(connection: &Connection, keys: &Keys) -> Result<Depth, OrderLogError> {
    let mut pipeline = redis::pipe();
    pipeline.cmd("XLEN").arg(keys.order_log());
    pipeline.cmd("XRANGE").arg(keys.order_log()).arg("-").arg("+").arg("COUNT").arg(1);
    pipeline.cmd("XLEN").arg(keys.order_log_dead());
    pipeline.cmd("GET").arg(keys.order_log_drain_rate());
    let (waiting, first, dead, per_second): (u64, StreamRangeReply, u64, Option<f64>) =
        connection.query_pipeline(&pipeline).await?;
    let oldest = first.ids.first().map(|entry| parse_position(&entry.id)).transpose()?;
    Ok(Depth { waiting, oldest, dead, per_second })
}

/// Where the outcome stream ends now; `0-0` when it is empty.
pub async fn fetch_last_outcome(connection: &Connection, keys: &Keys) -> Result<String, RedisError> {
    let mut last = cmd("XREVRANGE");
    last.arg(keys.order_outcomes()).arg("+").arg("-").arg("COUNT").arg(1);
    let reply: StreamRangeReply = connection.query(&last).await?;
    Ok(reply.ids.into_iter().next().map_or_else(|| "0-0".to_owned(), |entry| entry.id))
}

/// Outcomes told after `last`, which moves on to the last of them; waits up to `block` for the first.
/// What cannot be read was told by a newer version, and is left out.
pub async fn read_outcomes(
    connection: &Connection,
    keys: &Keys,
    last: &mut String,
    block: Duration,
) -> Result<Vec<Outcome>, RedisError> {
    let mut read = cmd("XREAD");
    read.arg("COUNT").arg(1_000).arg("BLOCK").arg(millis(block)).arg("STREAMS").arg(keys.order_outcomes()).arg(&*last);
    let reply: Option<StreamReadReply> = connection.query(&read).await?;
    let ids: Vec<StreamId> = reply.into_iter().flat_map(|reply| reply.keys).flat_map(|key| key.ids).collect();
    if let Some(newest) = ids.last() {
        last.clone_from(&newest.id);
    }
    let payloads = raw_entries(ids, OUTCOME).into_iter().filter_map(|entry| entry.payload);
    Ok(payloads.filter_map(|payload| payload::decode_outcome(&payload).ok()).collect())
}

fn raw_entries(ids: impl IntoIterator<Item = StreamId>, field: &str) -> Vec<RawEntry> {
    let entries = ids.into_iter().filter_map(|entry| {
        let position = entry.id.parse().ok()?;
        Some(RawEntry { position, payload: entry.get(field) })
    });
    entries.collect()
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
