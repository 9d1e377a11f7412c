//! Our books beside the provider's: money charged is money owed, payment by payment.

use anyhow::{Context as _, Result};
use uuid::Uuid;

use super::books::{Account, Books, Stage};
use super::checker::EXAMPLES;
use crate::psql::Psql;

/// Every payment with what of it is owed to us: all of the one that pays an order that is paid.
const OWED: &str = "
    SELECT payment.id, CASE WHEN payment.pays AND orders.state = 'paid' THEN amount_cents ELSE 0 END
    FROM payment JOIN orders ON orders.id = payment.order_id;";

/// Compares payment by payment. Returns how many there are, and what is wrong.
pub async fn compare(psql: &Psql, books: &Books) -> Result<(u64, Vec<String>)> {
    books.catch_up()?;
    let mut accounts = books.accounts();
    let (mut count, mut wrong) = (0, Vec::new());
    psql.each(OWED, |row| {
        let id: Uuid = row[0].parse()?;
        let owed: i64 = row[1].parse().with_context(|| format!("{row:?} for an amount"))?;
        let kept = accounts.remove(&id).as_ref().map_or(0, Account::kept_cents);
        count += 1;
        if kept != owed && wrong.len() < EXAMPLES {
            wrong.push(format!("of payment {id} the provider keeps {kept} and {owed} are owed"));
        }
        Ok(())
    })
    .await?;
    let nobodys = accounts.into_keys().take(EXAMPLES);
    wrong.extend(nobodys.map(|id| format!("the provider has a payment {id} of nobody")));
    Ok((count, wrong))
}

/// How many payments have ended with the provider and not with us.
pub async fn count_untold(psql: &Psql, books: &Books) -> Result<usize> {
    let started = psql.ask("SELECT id FROM payment WHERE state = 'started';").await?;
    books.catch_up()?;
    let has_ended = |row: &&Vec<String>| {
        let account = row[0].parse().ok().and_then(|id| books.find(id));
        account.is_some_and(|account| account.stage != Stage::Open)
    };
    Ok(started.iter().filter(has_ended).count())
}
