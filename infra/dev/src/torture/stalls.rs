//! The stalls: what is sold in an ordeal, and sellers who put more of it there when little is left.
//!
//! There is always somebody who comes too late and somebody who waits, however long the ordeal lasts, and there is always
//! something to be had.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rand::RngExt;
use rand::rngs::StdRng;
use tokio::time::sleep;

use crate::psql::Psql;

/// How many pieces of a listing lie there at first, and again whenever its seller has come by.
const PIECES: u32 = 40;
/// How often sellers come by. Longer than a hold, so that what is sold out stays so for a while.
const COME_BY_EVERY: Duration = Duration::from_secs(6);

/// Listings that everybody wants, the first of them the most.
#[derive(Debug, Clone)]
pub struct Stalls {
    psql: Psql,
    listings: Vec<i64>,
}

impl Stalls {
    /// Makes so many listings ones that can be bought, and puts pieces there.
    pub async fn set_up(psql: &Psql, listings: u64) -> Result<Self> {
        let sql = format!(
            "WITH stocked AS (UPDATE listing SET on_hand = {PIECES}, status = 'published',
                 price_cents = coalesce(price_cents, 1000), currency = 'EUR' RETURNING id)
             SELECT id FROM stocked ORDER BY id LIMIT {listings};"
        );
        let rows = psql.ask(&sql).await?;
        let number = |row: &Vec<String>| row[0].parse().with_context(|| format!("{row:?} for a listing"));
        Ok(Self { psql: psql.clone(), listings: rows.iter().map(number).collect::<Result<_>>()? })
    }

    /// One of the listings; the lesser of two draws, so that some are wanted much more than others.
    pub fn choose(&self, choice: &mut StdRng) -> i64 {
        let (one, other) = (choice.random_range(0..self.listings.len()), choice.random_range(0..self.listings.len()));
        self.listings[one.min(other)]
    }

    /// Puts pieces there until `end`, where more than half are paid for. Returns how often.
    pub async fn restock_until(&self, end: Instant) -> u64 {
        // In the order of their numbers, as everybody locks them.
        let sql = format!(
            "WITH low AS (
                 SELECT id FROM listing WHERE on_hand - allocated < {PIECES} / 2 ORDER BY id FOR NO KEY UPDATE
             )
             UPDATE listing SET on_hand = allocated + {PIECES}, version = version + 1, updated_at = now()
             FROM low WHERE listing.id = low.id RETURNING listing.id;"
        );
        let mut restocked = 0;
        while Instant::now() + COME_BY_EVERY < end {
            sleep(COME_BY_EVERY).await;
            // A primary that is just being killed gets its pieces the next time.
            restocked += self.psql.ask(&sql).await.map_or(0, |rows| rows.len() as u64);
        }
        restocked
    }
}
