//! Selling: what sellers may see and say about their parts of orders, for whoever shows a seller's token.
//!
//! A token is a seller's number under our seal, good for some months; `halles-order --seller-token` makes one. Nothing is
//! stored: a new signing secret takes all of them back.

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

    /// A token for this seller.
    pub fn issue(&self, seller: SellerId, now: Timestamp) -> String {
        self.signer.seal(PURPOSE, &seller.to_string(), now)
    }

    /// Whose token this is; nobody's when it was changed, made for something else, or has grown old.
    pub fn seller(&self, token: &str, now: Timestamp) -> Option<SellerId> {
        self.signer.open(PURPOSE, token, self.max_age, now).ok()?.parse().ok()
    }
}

impl Selling {
    /// Puts the parts together.
    pub fn new(reader: Reader, writer: Writer, tokens: SellerTokens) -> Self {
        Self { reader, writer, tokens }
    }

    /// Whose token this is.
    pub fn seller(&self, token: &str, now: Timestamp) -> Option<SellerId> {
        self.tokens.seller(token, now)
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
        let token = tokens.issue(SellerId::new(17), now);
        assert_eq!(tokens.seller(&token, now), Some(SellerId::new(17)));
        assert_eq!(tokens.seller(&token.replacen("17", "18", 1), now), None);
        assert_eq!(tokens.seller("17", now), None);
        let later = "2025-07-01T12:02:00Z".parse().expect("a time");
        assert_eq!(tokens.seller(&token, later), None);
        let of_another_purpose = Signer::new(&settings).seal("payment-link", "17", now);
        assert_eq!(tokens.seller(&of_another_purpose, now), None);
    }
}
