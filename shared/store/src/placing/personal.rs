//! What one person has already: bulk buyers leave something for the others.
//!
//! A person is an e-mail address in small letters; that is a hurdle, not a wall. Counted are the orders that are not over:
//! waiting, held, or paid.

use std::collections::HashMap;

use deadpool_postgres::Transaction;
use halles_domain::{BasketLine, LineRefusal, ListingId, RequestToBuy};

use super::PlacementRules;
use crate::StoreError;

/// The pieces of a batch's buyers, this batch included.
#[derive(Debug, Default)]
pub(super) struct Personal {
    most: Option<u32>,
    pieces: HashMap<(String, ListingId), u32>,
}

impl Personal {
    /// What the buyers of these requests have. To be read after their listings are locked, so that nobody adds to it.
    pub(super) async fn read_in_tx(
        tx: &Transaction<'_>,
        (requests, listings): (&[RequestToBuy], &[i64]),
        rules: &PlacementRules,
    ) -> Result<Self, StoreError> {
        let Some(most) = rules.max_pieces_per_person else { return Ok(Self::default()) };
        let mut buyers: Vec<String> = requests.iter().map(|request| request.contact.email.folded()).collect();
        buyers.sort_unstable();
        buyers.dedup();
        let find = tx.prepare_cached(include_str!("../queries/pieces_of_buyers.sql")).await?;
        let mut pieces = HashMap::new();
        for row in tx.query(&find, &[&buyers, &listings]).await? {
            let count = u32::try_from(row.try_get::<_, i64>("pieces")?).unwrap_or(u32::MAX);
            pieces.insert((row.try_get("buyer")?, ListingId::new(row.try_get("listing_id")?)), count);
        }
        Ok(Self { most: Some(most), pieces })
    }

    /// Refuses a line that would give its buyer more than one person may have.
    pub(super) fn refuse(&self, request: &RequestToBuy, line: &BasketLine) -> Option<LineRefusal> {
        let most = self.most?;
        let has = self.pieces.get(&key(request, line)).copied().unwrap_or_default();
        (has.saturating_add(line.quantity.get()) > most).then_some(LineRefusal::PersonalLimit { most })
    }

    /// Remembers that the buyer of this request has the pieces of these lines from now on.
    pub(super) fn note(&mut self, request: &RequestToBuy, lines: &[BasketLine]) {
        if self.most.is_none() {
            return;
        }
        for line in lines {
            *self.pieces.entry(key(request, line)).or_default() += line.quantity.get();
        }
    }
}

fn key(request: &RequestToBuy, line: &BasketLine) -> (String, ListingId) {
    (request.contact.email.folded(), line.listing_id)
}
