//! Coming to rest: everything that was accepted comes to an outcome, everything that is owed is done, and the standby has
//! heard of it.
//!
//! What waits for its next attempt would come by itself; here its time is moved up, so that an ordeal need not last as
//! long as the longest pause between two attempts.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use halles_queue::order_log::{OrderLog, OrderLogSettings};
use tokio::time::sleep;

use super::books::Books;
use super::money::count_untold;
use crate::psql::Psql;
use crate::stack::Stack;

/// How long that may take after the last fault, and how much longer for each second that the ordeal lasted: what has
/// piled up, such as mails, is worked off in the end.
const REST: Duration = Duration::from_secs(150);
const OF_THE_ORDEAL: u32 = 5;
/// How often the next attempts are moved up: longer than an attempt takes, or each would meet itself.
const HURRY_EVERY: Duration = Duration::from_secs(6);

const HURRY: &str = "
    UPDATE payment SET next_check_at = now() WHERE state = 'started' AND next_check_at > now();
    UPDATE waitlist SET until = now() WHERE until > now();
    UPDATE refund SET next_attempt_at = now() WHERE done_at IS NULL AND next_attempt_at > now();
    UPDATE order_transition SET mail_due_at = now() WHERE mail_due_at > now();";

/// Pieces that are still held, or might be: until their time is over the stock still moves.
const UNDER_WAY: &str = "
    SELECT (SELECT count(*) FROM orders WHERE state = 'awaiting_payment'),
           (SELECT count(*) FROM refund WHERE done_at IS NULL),
           (SELECT count(*) FROM order_transition WHERE mail_due_at IS NOT NULL);";

/// How many bytes the standby is behind; -1 when none follows.
const BEHIND: &str = "
    SELECT coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), max(replay_lsn)), -1)::bigint FROM pg_stat_replication;";

/// Closer than this the standby only hears what goes on at rest.
const CLOSE: i64 = 1 << 20;

/// Waits until nothing moves any more: the log empty, holds over, money and mails done, the standby level. Returns what
/// still moves when that takes too long, which is a broken promise.
pub async fn come_to_rest(stack: &Stack, psql: &Psql, books: &Books, ordeal: Duration) -> Result<Option<String>> {
    let settings =
        OrderLogSettings { redis_url: stack.redis_order_log_url().as_str().into(), ..OrderLogSettings::default() };
    let log = OrderLog::connect(&settings).await?;
    let patience = REST + ordeal / OF_THE_ORDEAL;
    let deadline = Instant::now() + patience;
    let mut hurried = Instant::now();
    loop {
        let moving = match still_moving(&log, psql, books).await {
            Ok(None) => return Ok(None),
            Ok(Some(moving)) => moving,
            Err(error) => format!("{error:#}"),
        };
        if Instant::now() > deadline {
            return Ok(Some(format!("no rest within {} s: {moving}", patience.as_secs())));
        }
        if hurried.elapsed() > HURRY_EVERY {
            hurried = Instant::now();
            let _down = psql.ask(HURRY).await;
        }
        sleep(Duration::from_millis(300)).await;
    }
}

/// What still moves, if anything does.
async fn still_moving(log: &OrderLog, psql: &Psql, books: &Books) -> Result<Option<String>> {
    let depth = log.depth().await?;
    if depth.waiting > 0 || depth.dead > 0 {
        return Ok(Some(format!("{} requests in the log, {} set aside", depth.waiting, depth.dead)));
    }
    let rows = psql.ask(UNDER_WAY).await?;
    let counts = rows.first().context("three counts")?;
    if counts.iter().any(|count| count != "0") {
        return Ok(Some(format!("holds, refunds, mails under way: {}", counts.join(", "))));
    }
    if let Some(standby) = trailing(psql).await? {
        return Ok(Some(standby));
    }
    let untold = count_untold(psql, books).await?;
    Ok((untold > 0).then(|| format!("{untold} payments whose end has not been heard of")))
}

/// What is wrong with the standby, if anything is.
async fn trailing(psql: &Psql) -> Result<Option<String>> {
    let rows = psql.ask(BEHIND).await?;
    let behind: i64 = rows.first().context("one count")?[0].parse()?;
    Ok(match behind {
        0..CLOSE => None,
        CLOSE.. => Some(format!("the standby is {behind} bytes behind")),
        _ => Some("no standby follows".to_owned()),
    })
}
