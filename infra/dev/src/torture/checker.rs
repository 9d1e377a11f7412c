//! The checker: asks the database by itself, in words of its own, and compares with what the shoppers wrote down.
//!
//! While the ordeal goes on it looks at what is new (law 5) and at all stock (law 6); in the end at everything. Nothing that
//! it keeps grows with the length of the ordeal.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde::Serialize;
use tokio::time::sleep;
use uuid::Uuid;

use super::books::Books;
use super::log_reader::LogReader;
use super::promises::broken_promise;
use super::record::{Intent, Key, Record};
use super::{mails, money};
use crate::psql::Psql;

/// How often the checker looks while the ordeal goes on, when looking is quick.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Looking takes a fifth of the time at most, however much there is to look at; but nobody stays away for longer than this.
const REST_BETWEEN_LOOKS: u32 = 4;
const LONGEST_REST: Duration = Duration::from_secs(6);
/// How many keys are looked up at once: a command line has an end.
const KEYS_AT_ONCE: usize = 1_000;
/// The most examples of one broken promise.
pub const EXAMPLES: usize = 5;

/// What must give no row at any instant.
const STOCK: (&str, &str) = ("stock is not what the orders say", include_str!("checks/stock.sql"));

/// What must give no row once everything has come to rest.
const CHECKS: [(&str, &str); 7] = [
    STOCK,
    ("an order and its queue do not fit", include_str!("checks/queue.sql")),
    ("a row of an order points nowhere", include_str!("checks/orphans.sql")),
    ("an order's moves are not lawful", include_str!("checks/transitions.sql")),
    ("somebody was passed over", include_str!("checks/fifo.sql")),
    ("money went astray", include_str!("checks/money.sql")),
    ("a move was not told, or told to nobody", include_str!("checks/mails.sql")),
];

/// Asks the primary through `psql`.
#[derive(Debug)]
pub struct Checker {
    /// The way to it.
    pub psql: Psql,
}

/// How often, and how much, was compared.
#[derive(Debug, Default, Clone, Serialize)]
pub struct Checks {
    /// While it went on: all stock with all orders.
    pub stock_samples: u64,
    /// While it went on: what had been promised since the last look, with database and log.
    pub conservation_looks: u64,
    /// While it went on: promises that were found in the database.
    pub conserved: u64,
    /// In the end: what each shopper was told about each order, with what it is.
    pub promises: u64,
    /// In the end: payments, with the provider's books.
    pub payments: u64,
    /// In the end: mails that came, with moves.
    pub mails: u64,
}

impl Checks {
    /// These, and what was compared while it went on.
    pub fn with(self, meanwhile: &Self) -> Self {
        let Self { stock_samples, conservation_looks, conserved, .. } = *meanwhile;
        Self { stock_samples, conservation_looks, conserved, ..self }
    }
}

/// What the checker found.
#[derive(Debug, Default)]
pub struct Verdict {
    /// How much was compared.
    pub checks: Checks,
    /// In which states the orders are.
    pub states: BTreeMap<String, u64>,
    /// Every broken promise.
    pub violations: Vec<String>,
}

impl Verdict {
    fn blame(&mut self, found: impl IntoIterator<Item = String>) {
        self.violations.extend(found.into_iter().take(EXAMPLES));
    }
}

impl Checker {
    /// Compares stock with orders, and what was told with what is there, until `end`. A primary or a log that is just being
    /// killed is asked again.
    pub async fn look_on_until(&self, record: &Record, log: &LogReader, end: Instant) -> Verdict {
        let mut verdict = Verdict::default();
        while Instant::now() < end {
            let began = Instant::now();
            if let Ok(rows) = self.psql.ask(STOCK.1).await {
                verdict.checks.stock_samples += 1;
                verdict.blame(rows.iter().map(|row| format!("at one instant, {}: {}", STOCK.0, row.join(", "))));
            }
            if let Ok((found, lost)) = self.conserved(record, log).await {
                verdict.checks.conservation_looks += 1;
                verdict.checks.conserved += found;
                verdict.blame(lost);
            }
            verdict.violations.truncate(EXAMPLES * EXAMPLES);
            sleep((began.elapsed() * REST_BETWEEN_LOOKS).clamp(LOOK_EVERY, LONGEST_REST)).await;
        }
        verdict
    }

    /// Law 5 at one instant: whatever had been promised by now is in the database or still in the log. The log is looked
    /// at first: what leaves it has been placed before. Returns how many were found placed, and what is nowhere.
    async fn conserved(&self, record: &Record, log: &LogReader) -> Result<(u64, Vec<String>)> {
        let promised = record.unseen();
        let waiting = log.keys().await?;
        let mut placed = HashSet::new();
        for some in promised.chunks(KEYS_AT_ONCE) {
            let keys: Vec<String> = some.iter().map(|(key, _)| format!("'{key}'")).collect();
            let sql = format!("SELECT idempotency_key FROM orders WHERE idempotency_key IN ({});", keys.join(","));
            self.psql
                .each(&sql, |row| {
                    placed.extend(Key::parse(row[0]));
                    Ok(())
                })
                .await?;
        }
        record.seen(&placed);
        let is_lost =
            |(key, intent): &&(Key, Intent)| !placed.contains(key) && (intent.is_placed || !waiting.contains(key));
        let lost = promised.iter().filter(is_lost);
        let lost = lost.map(|(key, _)| format!("at one instant, {key} was accepted and is nowhere")).collect();
        Ok((placed.len() as u64, lost))
    }

    /// Compares everything, once nothing moves any more.
    pub async fn judge(&self, record: &Record, books: &Books, register: &Path) -> Result<Verdict> {
        let mut verdict = Verdict::default();
        for (what, sql) in CHECKS {
            let rows = self.psql.ask(sql).await.with_context(|| format!("looking whether {what}"))?;
            verdict.blame(rows.iter().map(|row| format!("{what}: {}", row.join(", "))));
        }
        let (payments, astray) = money::compare(&self.psql, books).await?;
        let (mails, untold) = mails::compare(&self.psql, register).await?;
        (verdict.checks.payments, verdict.checks.mails) = (payments, mails);
        verdict.blame(astray);
        verdict.blame(untold);
        verdict.blame(record.contradictions());
        self.compare_promises(record.take_intents(), &mut verdict).await?;
        Ok(verdict)
    }

    /// What everybody was told, with what is.
    async fn compare_promises(&self, mut intents: HashMap<Key, Intent>, verdict: &mut Verdict) -> Result<()> {
        let mut broken = Vec::new();
        let mut blame = |fault: Option<String>| {
            if broken.len() < EXAMPLES {
                broken.extend(fault);
            }
        };
        verdict.checks.promises = intents.values().filter(|intent| intent.is_promised).count() as u64;
        let states = &mut verdict.states;
        let every_order = "SELECT idempotency_key, id, state FROM orders;";
        self.psql
            .each(every_order, |row| {
                let (id, state): (Uuid, &str) = (row[1].parse()?, row[2]);
                *states.entry(state.to_owned()).or_default() += 1;
                // The key is unique in the table, so whoever is looked up once more is nobody.
                match Key::parse(row[0]).and_then(|key| Some((key, intents.remove(&key)?))) {
                    Some((key, intent)) => blame(broken_promise(key, &intent, Some((id, state)))),
                    None => blame(Some(format!("nobody asked for the order under {}", row[0]))),
                }
                Ok(())
            })
            .await?;
        for (key, intent) in intents {
            blame(broken_promise(key, &intent, None));
        }
        verdict.violations.extend(broken);
        Ok(())
    }
}
