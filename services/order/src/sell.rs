//! Selling: what sellers may see and say about their parts of orders, for whoever shows a seller's token.
//!
//! A token is a seller's number, and which edition of their tokens it is of, under our seal; good for some months, or until
//! the seller's tokens are taken back, which begins another edition. No token is stored.

use std::time::Duration;

use halles_domain::{OrderId, SellerId};
use halles_http::Signer;
use halles_store::{Reader, SellerPart, Sending, StoreError, Writer};
use jiff::Timestamp;

/// What seals of tokens are good for.
const PURPOSE: &str = "seller";

/// Reads and writes what concerns sellers.
pub struct Selling {
    reader: Reader,
    writer: Writer,
    tokens: SellerTokens,
}

/// Makes tokens, and tells whose they are.
pub struct SellerTokens {
    signer: Signer,
    max_age: Duration,
}

impl SellerTokens {
    /// Tokens that are good for `max_age`.
    pub fn new(signer: Signer, max_age: Duration) -> Self {
        Self { signer, max_age }
    }

    /// A token for this seller, of this edition.
    pub fn issue(&self, seller: SellerId, edition: i32, now: Timestamp) -> String {
        self.signer.seal(PURPOSE, &format!("{seller}.{edition}"), now)
    }

    /// Whose token this is, and of which edition; nobody's when it was changed, made for something else, or has grown old.
    /// Tokens of before there were editions are of the first.
    fn open(&self, token: &str, now: Timestamp) -> Option<(SellerId, i32)> {
        let text = self.signer.open(PURPOSE, token, self.max_age, now).ok()?;
        let (seller, edition) = text.split_once('.').unwrap_or((text, "0"));
        Some((seller.parse().ok()?, edition.parse().ok()?))
    }
}

impl Selling {
    /// Puts the parts together.
    pub fn new(reader: Reader, writer: Writer, tokens: SellerTokens) -> Self {
        Self { reader, writer, tokens }
    }

    /// Whose token this is, if it was not taken back.
    pub async fn seller(&self, token: &str, now: Timestamp) -> Result<Option<SellerId>, StoreError> {
        let Some((seller, edition)) = self.tokens.open(token, now) else { return Ok(None) };
        let good = self.reader.find_token_edition(seller).await?;
        Ok((good == Some(edition)).then_some(seller))
    }

    /// A page of parts, and where the next one begins.
    pub async fn list(
        &self,
        seller: SellerId,
        after: Option<OrderId>,
        only_unsent: bool,
        limit: usize,
    ) -> Result<(Vec<SellerPart>, Option<OrderId>), StoreError> {
        let parts = self.reader.list_seller_parts(seller, after, only_unsent, limit).await?;
        let next = parts.last().filter(|_| parts.len() == limit).map(|last| last.order_id);
        Ok((parts, next))
    }

    /// The seller has sent their part of this order.
    pub async fn sent(&self, seller: SellerId, order: OrderId) -> Result<Sending, StoreError> {
        self.writer.note_part_sent(order, seller).await
    }
}

#[cfg(test)]
mod tests {
    use halles_http::SigningSettings;

    use super::*;

    #[test]
    fn a_token_says_whose_it_is_and_cannot_be_made_up_or_kept_for_ever() {
        let settings =
            SigningSettings { secret: "a secret of a test, long enough for this".into(), ..Default::default() };
        let tokens = SellerTokens::new(Signer::new(&settings), Duration::from_secs(60));
        let now: Timestamp = "2025-07-01T12:00:00Z".parse().expect("a time");
        let token = tokens.issue(SellerId::new(17), 3, now);
        assert_eq!(tokens.open(&token, now), Some((SellerId::new(17), 3)));
        assert_eq!(tokens.open(&token.replacen("17", "18", 1), now), None);
        assert_eq!(tokens.open(&token.replacen("17.3", "17.4", 1), now), None);
        assert_eq!(tokens.open("17", now), None);
        let later = "2025-07-01T12:02:00Z".parse().expect("a time");
        assert_eq!(tokens.open(&token, later), None);
        let of_another_purpose = Signer::new(&settings).seal("payment-link", "17", now);
        assert_eq!(tokens.open(&of_another_purpose, now), None);
        let of_before = Signer::new(&settings).seal(PURPOSE, "17", now);
        assert_eq!(tokens.open(&of_before, now), Some((SellerId::new(17), 0)));
    }
}
