//! Watching one listing from the word that it is found by until it is found no more.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use futures_util::future::try_join_all;
use halles_domain::{Listing, ListingStatus, Title};
use halles_store::ListingContent;
use serde_json::Value;
use tokio::time::sleep;

use crate::bench::load::{Connection, get};
use crate::bench::seller::{Seller, content_of};

/// How long after an answer that is still old the next one is asked for. With the answer itself, this is how precise
/// the times are; they are never too short.
pub(super) const POLL_EVERY: Duration = Duration::from_millis(10);
/// How long a change is watched.
const PATIENCE: Duration = Duration::from_secs(20);

/// Looks at both instances as programs see them. Cheap to clone.
#[derive(Clone)]
pub(super) struct Watch {
    ports: Arc<[u16]>,
}

/// How long after the commits it was so in every instance.
pub(super) struct Seen {
    /// The listing is found by its new word.
    pub found: Duration,
    /// It is not shown any more.
    pub hidden: Duration,
    /// It is not even counted.
    pub gone: Duration,
}

/// What an answer says of the listing.
struct Look {
    is_shown: bool,
    is_counted: bool,
}

impl Watch {
    pub(super) fn new(ports: Vec<u16>) -> Self {
        Self { ports: ports.into() }
    }

    /// Gives the listing a word of its own, waits until it is found by it, takes it off the shelves in one way or
    /// another, and waits until it is found no more.
    pub(super) async fn follow(&self, seller: &Seller, listing: Listing) -> Result<Seen> {
        let word = word_of(listing.id.get());
        let content = ListingContent {
            title: Title::new(&format!("{word} {}", shortened(listing.title.as_str())))?,
            status: ListingStatus::Published,
            on_hand: listing.stock.allocated() + 1,
            ..content_of(&listing)
        };
        let changed = seller.write(&listing, &content).await?;
        let found = self.until(&word, &changed, |look| look.is_shown).await?;

        let is_paused = changed.id.get() % 2 == 0 || changed.price.is_none();
        let off_the_shelves = match is_paused {
            true => ListingContent { status: ListingStatus::Paused, ..content },
            false => ListingContent { on_hand: changed.stock.allocated(), ..content },
        };
        let changed = seller.write(&changed, &off_the_shelves).await?;
        let (hidden, gone) = tokio::try_join!(
            self.until(&word, &changed, |look| !look.is_shown),
            self.until(&word, &changed, |look| !look.is_counted),
        )?;
        Ok(Seen { found, hidden, gone })
    }

    /// Waits until every instance's answer is as wanted.
    async fn until(&self, word: &str, listing: &Listing, is_wanted: impl Fn(&Look) -> bool) -> Result<Duration> {
        let committed = Instant::now();
        let (id, is_wanted) = (listing.id.get(), &is_wanted);
        let times = try_join_all(self.ports.iter().map(async |port| {
            let mut connection = Connection::open(*port).await?;
            while committed.elapsed() < PATIENCE {
                if is_wanted(&look(&mut connection, word, id).await?) {
                    return Ok(committed.elapsed());
                }
                sleep(POLL_EVERY).await;
            }
            bail!("an instance does not notice what became of listing {id}")
        }));
        Ok(times.await?.into_iter().max().unwrap_or_default())
    }
}

async fn look(connection: &mut Connection, word: &str, id: i64) -> Result<Look> {
    let answer = connection.exchange(&get(&format!("/api/v1/search?q={word}"))).await?;
    ensure!(answer.status == 200, "a search was answered with {}", answer.status);
    let page: Value = serde_json::from_slice(answer.body)?;
    let listings = page["listings"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_shown = listings.iter().any(|listing| listing["id"].as_i64() == Some(id));
    Ok(Look { is_shown, is_counted: page["total"].as_u64() != Some(0) })
}

/// A word that nobody else has, nor one that could be taken for a typo of it: twelve letters that look drawn by lot.
fn word_of(id: i64) -> String {
    const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz";
    let mut state = id.unsigned_abs().wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut letter = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let place = usize::try_from((state >> 33) % LETTERS.len() as u64).unwrap_or_default();
        char::from(LETTERS[place])
    };
    (0..12).map(|_| letter()).collect()
}

/// Room for another word.
fn shortened(title: &str) -> String {
    title.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn words_are_far_from_each_other() {
        let words: HashSet<String> = (1..2_000).map(word_of).collect();
        assert_eq!(words.len(), 1_999);
        let words: Vec<&String> = words.iter().take(300).collect();
        for (place, word) in words.iter().enumerate() {
            for other in &words[..place] {
                let same = word.bytes().zip(other.bytes()).filter(|(one, two)| one == two).count();
                assert!(same < 9, "{word} {other}");
            }
        }
    }
}
