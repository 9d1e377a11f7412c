//! The checker: asks the database by itself, in words of its own, and compares with what the shoppers wrote down.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tokio::process::Command;
use tokio::time::sleep;

use super::record::{Intent, Record};
use crate::stack::postgres::{DATABASE, Postgres, SUPERUSER};

/// How often stock is compared with orders.
const SAMPLE_EVERY: Duration = Duration::from_millis(500);
/// The most examples of one broken promise.
const EXAMPLES: usize = 5;

/// What must give no row once everything has come to rest.
const CHECKS: [(&str, &str); 4] = [
    ("stock is not what the orders say", include_str!("checks/stock.sql")),
    ("an order and its queue do not fit", include_str!("checks/queue.sql")),
    ("an order's moves are not lawful", include_str!("checks/transitions.sql")),
    ("somebody was passed over", include_str!("checks/fifo.sql")),
];

/// Asks the primary through `psql`.
#[derive(Debug)]
pub struct Checker {
    postgres: Postgres,
}

/// What the checker found in the end.
#[derive(Debug)]
pub struct Verdict {
    /// In which states the orders are.
    pub states: BTreeMap<String, u64>,
    /// Every broken promise.
    pub violations: Vec<String>,
}

impl Checker {
    /// A checker of this database.
    pub fn new(postgres: &Postgres) -> Self {
        Self { postgres: postgres.clone() }
    }

    /// Makes the listings ones that can be bought, and gives each so many pieces. Returns their numbers.
    pub async fn stock_up(&self, listings: u64, pieces: u32) -> Result<Vec<i64>> {
        let sql = format!(
            "WITH stocked AS (UPDATE listing SET on_hand = {pieces}, status = 'published',
                 price_cents = coalesce(price_cents, 1000), currency = 'EUR' RETURNING id)
             SELECT id FROM stocked ORDER BY id LIMIT {listings};"
        );
        let rows = self.ask(&sql).await?;
        rows.iter().map(|row| row[0].parse().with_context(|| format!("{row:?} for a listing"))).collect()
    }

    /// Compares stock with orders until `end`. Returns how often that was possible, and what was wrong. A primary that
    /// is just being killed is asked again.
    pub async fn sample_until(&self, end: Instant) -> (u64, Vec<String>) {
        let (mut samples, mut violations) = (0, Vec::new());
        while Instant::now() < end {
            if let Ok(rows) = self.ask(CHECKS[0].1).await {
                samples += 1;
                violations
                    .extend(rows.iter().map(|row| format!("at one instant, {}: {}", CHECKS[0].0, row.join(", "))));
            }
            sleep(SAMPLE_EVERY).await;
        }
        violations.truncate(EXAMPLES);
        (samples, violations)
    }

    /// Compares everything, once nothing moves any more but holds that end.
    pub async fn judge(&self, record: &Record) -> Result<Verdict> {
        let mut violations = Vec::new();
        for (what, sql) in CHECKS {
            let rows = self.ask(sql).await?;
            violations.extend(rows.iter().take(EXAMPLES).map(|row| format!("{what}: {}", row.join(", "))));
        }
        let orders = self.orders().await?;
        let intents = record.intents();
        let broken: Vec<String> =
            intents.iter().filter_map(|(key, intent)| broken_promise(key, intent, orders.get(key))).collect();
        violations.extend(broken.into_iter().take(EXAMPLES));
        let unknown = orders.keys().filter(|key| !intents.contains_key(*key));
        violations.extend(unknown.take(EXAMPLES).map(|key| format!("nobody asked for the order under {key}")));
        let mut states = BTreeMap::new();
        for (_, state) in orders.into_values() {
            *states.entry(state).or_default() += 1;
        }
        Ok(Verdict { states, violations })
    }

    /// Name and state of every order, by key. The key is unique in the table.
    async fn orders(&self) -> Result<BTreeMap<String, (String, String)>> {
        let rows = self.ask("SELECT idempotency_key, id, state FROM orders;").await?;
        let orders = rows.into_iter().map(|row| (row[0].clone(), (row[1].clone(), row[2].clone())));
        Ok(orders.collect())
    }

    async fn ask(&self, sql: &str) -> Result<Vec<Vec<String>>> {
        let mut command = Command::new(self.postgres.programs.program("psql"));
        command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator", "\t"]);
        command.args([
            "--set",
            "ON_ERROR_STOP=1",
            "--host",
            "127.0.0.1",
            "--username",
            SUPERUSER,
            "--dbname",
            DATABASE,
        ]);
        command.args(["--port", &self.postgres.primary_port.to_string(), "--command", sql]);
        command.env("PGPASSWORD", &self.postgres.secrets.superuser).env("PGCONNECT_TIMEOUT", "5");
        let output = command.stdin(Stdio::null()).kill_on_drop(true).output().await.context("cannot run psql")?;
        ensure!(output.status.success(), "psql says: {}", String::from_utf8_lossy(&output.stderr).trim());
        let text = String::from_utf8(output.stdout)?;
        Ok(text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect())
    }
}

/// What a shopper was told and is not so.
fn broken_promise(key: &str, intent: &Intent, order: Option<&(String, String)>) -> Option<String> {
    let Some((id, state)) = order else {
        return intent.is_promised.then(|| format!("{key} was accepted and there is no such order"));
    };
    if let Some(told) = &intent.id
        && told != id
    {
        return Some(format!("{key} was told to be order {told} and is order {id}"));
    }
    if intent.is_refused && state != "refused" {
        return Some(format!("{key} was told to be refused and is {state}"));
    }
    if intent.is_cancelled && state != "cancelled" {
        return Some(format!("{key} was told to be cancelled and is {state}"));
    }
    if state == "cancelled" && !intent.may_be_cancelled {
        return Some(format!("{key} is cancelled and nobody asked for that"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_broken_promise_is_seen() {
        let accepted = Intent { id: Some("1".into()), is_promised: true, ..Intent::default() };
        let order = |id: &str, state: &str| (id.to_owned(), state.to_owned());
        let broken = |intent: &Intent, order: Option<(String, String)>| broken_promise("k", intent, order.as_ref());
        assert_eq!(broken(&accepted, Some(order("1", "awaiting_payment"))), None);
        assert_eq!(broken(&Intent::default(), None), None, "nothing was promised");
        assert!(broken(&accepted, None).is_some(), "lost");
        assert!(broken(&accepted, Some(order("2", "awaiting_payment"))).is_some(), "another order");
        assert!(broken(&accepted, Some(order("1", "cancelled"))).is_some(), "taken away");
        let refused = Intent { is_refused: true, ..accepted.clone() };
        assert!(broken(&refused, Some(order("1", "awaiting_payment"))).is_some(), "held all the same");
        let cancelled = Intent { is_cancelled: true, may_be_cancelled: true, ..accepted };
        assert!(broken(&cancelled, Some(order("1", "expired"))).is_some(), "not taken back");
        assert_eq!(broken(&cancelled, Some(order("1", "cancelled"))), None);
    }
}
