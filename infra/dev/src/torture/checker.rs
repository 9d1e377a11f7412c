//! The checker: asks the database by itself, in words of its own, and compares with what the shoppers wrote down.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tokio::process::Command;
use tokio::time::sleep;

use super::MAILS_KEPT;
use super::books::Account;
use super::log_reader::LogReader;
use super::record::{Intent, Record};
use crate::stack::postgres::{DATABASE, Postgres, SUPERUSER};

/// How often stock is compared with orders.
const SAMPLE_EVERY: Duration = Duration::from_millis(500);
/// With how many of these comparisons the whole record is gone through.
const CONSERVED_EVERY: u64 = 5;
/// The most examples of one broken promise.
const EXAMPLES: usize = 5;

/// What must give no row once everything has come to rest.
const CHECKS: [(&str, &str); 7] = [
    ("stock is not what the orders say", include_str!("checks/stock.sql")),
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

    /// Compares stock with orders, and what was told with what is there, until `end`. Returns how often that was possible,
    /// and what was wrong. A primary or a log that is just being killed is asked again.
    pub async fn sample_until(&self, record: &Record, log: &LogReader, end: Instant) -> (u64, Vec<String>) {
        let (mut samples, mut violations) = (0_u64, Vec::new());
        while Instant::now() < end {
            if let Ok(rows) = self.ask(CHECKS[0].1).await {
                samples += 1;
                violations
                    .extend(rows.iter().map(|row| format!("at one instant, {}: {}", CHECKS[0].0, row.join(", "))));
            }
            if samples % CONSERVED_EVERY == 0
                && let Ok(lost) = self.lost(record, log).await
            {
                violations.extend(lost);
            }
            sleep(SAMPLE_EVERY).await;
        }
        violations.truncate(EXAMPLES);
        (samples, violations)
    }

    /// Law 5 at one instant: whatever had been promised by now is in the database or still in the log. The log is looked
    /// at first: what leaves it has been placed before.
    async fn lost(&self, record: &Record, log: &LogReader) -> Result<Vec<String>> {
        let told = record.intents();
        let waiting = log.keys().await?;
        let orders = self.orders().await?;
        let lost = told.into_iter().filter(|(key, intent)| {
            let is_there = orders.contains_key(key) || (!intent.is_placed && waiting.contains(key));
            intent.is_promised && !is_there
        });
        Ok(lost.map(|(key, _)| format!("at one instant, {key} was accepted and is nowhere")).collect())
    }

    /// How many payments have ended with the provider and not with us.
    pub async fn payments_untold(&self, accounts: &BTreeMap<String, Account>) -> Result<usize> {
        let started = self.ask("SELECT id FROM payment WHERE state = 'started';").await?;
        let has_ended = |id: &String| accounts.get(id).is_some_and(|account| account.state != "open");
        Ok(started.iter().filter(|row| has_ended(&row[0])).count())
    }

    /// Money charged is money owed, payment by payment: what the provider keeps is what pays an order that is paid.
    async fn compare_books(&self, accounts: &BTreeMap<String, Account>) -> Result<Vec<String>> {
        let rows = self
            .ask(
                "SELECT payment.id, CASE WHEN payment.pays AND orders.state = 'paid' THEN amount_cents ELSE 0 END
                 FROM payment JOIN orders ON orders.id = payment.order_id;",
            )
            .await?;
        let mut owed = BTreeMap::new();
        for row in rows {
            let cents: i64 = row[1].parse().with_context(|| format!("{row:?} for an amount"))?;
            owed.insert(row[0].clone(), cents);
        }
        let unknown = accounts.keys().filter(|id| !owed.contains_key(*id));
        let mut wrong: Vec<String> = unknown.map(|id| format!("the provider has a payment {id} of nobody")).collect();
        for (id, cents) in owed {
            let kept = accounts.get(&id).map_or(0, Account::kept_cents);
            if kept != cents {
                wrong.push(format!("of payment {id} the provider keeps {kept} and {cents} are owed"));
            }
        }
        Ok(wrong)
    }

    /// One mail for each move, no move without one: by the names of the mails that came, the latest ones if they are more
    /// than the mailbox keeps.
    async fn compare_mails(&self, came: &BTreeSet<String>, kept: usize) -> Result<Vec<String>> {
        let rows = self
            .ask("SELECT 'order-' || order_id || '-' || id FROM order_transition WHERE mailed_at IS NOT NULL;")
            .await?;
        let told: BTreeSet<String> = rows.into_iter().map(|row| row[0].clone()).collect();
        let invented = came.difference(&told).map(|name| format!("the mail {name} came and was not sent"));
        let mut wrong: Vec<String> = invented.collect();
        if told.len() <= kept {
            wrong.extend(told.difference(came).map(|name| format!("the mail {name} was sent and did not come")));
        }
        Ok(wrong)
    }

    /// Compares everything, once nothing moves any more but holds that end.
    pub async fn judge(
        &self,
        record: &Record,
        accounts: &BTreeMap<String, Account>,
        mails: &BTreeSet<String>,
    ) -> Result<Verdict> {
        let mut violations = Vec::new();
        for (what, sql) in CHECKS {
            let rows = self.ask(sql).await?;
            violations.extend(rows.iter().take(EXAMPLES).map(|row| format!("{what}: {}", row.join(", "))));
        }
        violations.extend(self.compare_books(accounts).await?.into_iter().take(EXAMPLES));
        violations.extend(self.compare_mails(mails, MAILS_KEPT).await?.into_iter().take(EXAMPLES));
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

    /// The rows of an answer, as texts.
    pub async fn ask(&self, sql: &str) -> Result<Vec<Vec<String>>> {
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
