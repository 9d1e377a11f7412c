//! From a request to buy to a placed order.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    BasketLine, Cause, Contact, Invalid, Language, ListingId, Money, OrderId, OrderState, Personalisation,
    PersonalisedLine, Quantity, SellerId, Title,
};

/// The client's name for one intent: 8 to 200 visible ASCII characters. The same key with the same request is the same order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The key's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for IdempotencyKey {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        if (8..=200).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new("Idempotency-Key", "must be 8 to 200 visible ASCII characters"))
        }
    }
}

impl TryFrom<String> for IdempotencyKey {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<IdempotencyKey> for String {
    fn from(key: IdempotencyKey) -> Self {
        key.0
    }
}

/// A SHA-256 of what was asked for, kept beside the idempotency key to tell a repeat from a different request.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RequestFingerprint(pub [u8; 32]);

impl fmt::Debug for RequestFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0[..8].iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What a shopper asked for, as it goes into the order log: durable before anything is said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RequestToBuy {
    /// The name that the order will have.
    pub order_id: OrderId,
    /// The shopper's name for this intent.
    pub idempotency_key: IdempotencyKey,
    /// The hash of everything that was asked for.
    pub fingerprint: RequestFingerprint,
    /// The language to speak with this shopper.
    pub language: Language,
    /// Who orders and where it goes.
    pub contact: Contact,
    /// What is wanted, each listing once.
    pub lines: Vec<BasketLine>,
    /// Whether the shopper would rather wait than be refused when there is too little. Entries of before knew no waiting.
    #[serde(default)]
    pub may_wait: bool,
    /// Whether the shopper takes those lines that can be had when others cannot, rather than all or nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub what_there_is: bool,
    /// What is wished for on some of the lines, in the order of their listings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub personalisations: Vec<PersonalisedLine>,
    /// When the order service took it.
    pub accepted_at: Timestamp,
}

impl RequestToBuy {
    /// What is wished for on the line of this listing.
    pub fn personalisation(&self, id: ListingId) -> Option<&Personalisation> {
        self.personalisations.iter().find(|line| line.listing_id == id).map(|line| &line.text)
    }
}

/// One listing in a placed order, with the price agreed at that moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderLine {
    /// What is bought.
    pub listing_id: ListingId,
    /// Who fulfils it.
    pub seller_id: SellerId,
    /// The headline at the time.
    pub title: Title,
    /// How many.
    pub quantity: Quantity,
    /// The price of one piece at the time.
    pub unit_price: Money,
    /// What the shopper wants written on it, or told to its maker. Told by older versions it is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personalisation: Option<Personalisation>,
    /// When its seller sent it, if that has happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
}

/// Why one line could not be placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum LineRefusal {
    /// The listing does not exist or is not for sale any more.
    NotForSale,
    /// The listing has no price.
    NoPrice,
    /// Fewer pieces are available than wanted.
    OutOfStock {
        /// How many could still be had at that moment.
        available: u32,
    },
    /// The order's lines are in several currencies.
    MixedCurrencies,
    /// The order's total is larger than any order may be.
    TotalTooLarge,
    /// One person would have more pieces of this listing than one person may.
    PersonalLimit {
        /// How many that is, over all orders of this person that are not over.
        most: u32,
    },
}

/// Why an order was refused: one entry for each line that stood in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The line's listing.
    pub listing_id: ListingId,
    /// What was wrong with it.
    #[serde(flatten)]
    pub line: LineRefusal,
}

/// Where an order that waits for its turn stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingPlace {
    /// Its place in the queue for its listing; 1 is next.
    pub place: u32,
    /// How many pieces are held for others at the moment, and may come free.
    pub may_come_free: u32,
}

/// An order that has been placed (which a refusal also is: it was decided, and the answer will not change).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlacedOrder {
    /// The order's name.
    pub id: OrderId,
    /// What is true of it now.
    pub state: OrderState,
    /// The language to speak with this shopper.
    pub language: Language,
    /// What was bought; empty when it was refused without having waited.
    pub lines: Vec<OrderLine>,
    /// The sum of the lines; none when there are none.
    pub total: Option<Money>,
    /// Until when its pieces are held, while it waits for the payment.
    pub held_until: Option<Timestamp>,
    /// Its place in the queue, while it waits for its turn. Told by older versions it is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<WaitingPlace>,
    /// Why it was refused; or which lines were left out, when the shopper takes what there is. Empty otherwise.
    pub refusals: Vec<Refusal>,
    /// When the shopper asked.
    pub accepted_at: Timestamp,
    /// When it was placed.
    pub placed_at: Timestamp,
}

impl PlacedOrder {
    /// Whether its shopper may still take it back: until the first parcel has left.
    pub fn can_be_cancelled(&self) -> bool {
        self.state.after(Cause::ShopperCancelled).is_ok() && self.lines.iter().all(|line| line.sent_at.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_bounds() {
        assert!("0190c7a2-1b2c".parse::<IdempotencyKey>().is_ok());
        for bad in ["short", "with a blank", "émile-émile", &"x".repeat(201)] {
            assert!(bad.parse::<IdempotencyKey>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_refusal_reads_well_on_the_wire() {
        let refusal = Refusal { listing_id: ListingId::new(7), line: LineRefusal::OutOfStock { available: 2 } };
        let json = serde_json::to_string(&refusal).expect("serializes");
        assert_eq!(json, r#"{"listing_id":7,"reason":"out_of_stock","available":2}"#);
    }
}
