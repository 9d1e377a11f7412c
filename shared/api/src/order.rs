//! Orders on the wire: what a client sends to buy ([`OrderRequest`]), and what it is told about an order ([`Order`]).

mod from_domain;
mod request;

use halles_domain::OrderId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use from_domain::refusal_code;
pub use request::{OrderContact, OrderRequest, OrderRequestLine, ParsedOrderRequest};

/// An order as its shopper sees it. Carries no personal data, since whoever has its address can read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Order {
    /// The order's name, unguessable.
    pub id: Uuid,
    /// A short form to read out on the phone.
    #[schema(example = "0190-C7A2")]
    pub number: String,
    /// What is true of it now.
    pub state: OrderState,
    /// The page that shows it to people.
    #[schema(example = "/orders/0190c7a2-1b2c-8d3e-8f40-112233445566")]
    pub status_url: String,
    /// Where anybody with this link can pay it, on any device; none when there is nothing to pay.
    #[schema(example = "https://halles.example.org/pay/0190c7a2-1b2c-8d3e-8f40-112233445566.1780574400.c2VhbA")]
    pub payment_url: Option<String>,
    /// What was bought, with the prices agreed; empty while pending and when refused.
    pub lines: Vec<OrderLine>,
    /// The sum of the lines in minor units; none while pending and when refused.
    #[schema(example = 4_500)]
    pub total_cents: Option<i64>,
    /// The ISO 4217 code of all its amounts.
    #[schema(example = "EUR")]
    pub currency: Option<String>,
    /// Until when its pieces are held, while it waits for the payment.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub held_until: Option<Timestamp>,
    /// Its place in the queue, while it waits for its turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<OrderWaiting>,
    /// Its place among the requests to be placed; told once, when it is noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<OrderQueue>,
    /// Why it was refused, one entry for each line that stood in the way; or, for one that takes what there is, the lines
    /// that were left out. Empty otherwise.
    pub refusals: Vec<OrderRefusal>,
    /// When the shopper asked; none while pending.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub accepted_at: Option<Timestamp>,
    /// When it was placed; none while pending.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub placed_at: Option<Timestamp>,
}

/// What is true of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Noted durably, not placed yet: stock is being checked.
    Pending,
    /// Its pieces are held until a time limit and wait for the payment.
    AwaitingPayment,
    /// It has a place in the queue for a listing.
    Waitlisted,
    /// It could not be placed; the refusals say why.
    Refused,
    /// Paid.
    Paid,
    /// The payment did not come in time.
    Expired,
    /// Taken back.
    Cancelled,
}

/// Where a request that is noted stands among those to be placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderQueue {
    /// How many are to be placed up to and including this one.
    #[schema(example = 412)]
    pub place: u64,
    /// How many seconds that may take at the rate of the last moments; none while it is not known.
    #[schema(example = 3)]
    pub expected_seconds: Option<u64>,
}

/// Where an order that waits for its turn stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderWaiting {
    /// Its place in the queue for its listing; 1 is next.
    #[schema(example = 3)]
    pub place: u32,
    /// How many pieces are held for others at the moment, and may come free.
    #[schema(example = 12)]
    pub may_come_free: u32,
}

/// One listing in a placed order, with the price agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderLine {
    /// Which listing.
    pub listing_id: i64,
    /// Who fulfils it.
    pub seller_id: i64,
    /// The listing's headline at that time.
    pub title: String,
    /// How many pieces.
    pub quantity: u32,
    /// The price of one piece in minor units.
    pub unit_price_cents: i64,
    /// What the shopper wants written on it, or told to its maker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personalisation: Option<String>,
    /// When its seller sent it, if that has happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub sent_at: Option<Timestamp>,
}

/// Why one line could not be placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderRefusal {
    /// Which listing.
    pub listing_id: i64,
    /// What was wrong: `out_of_stock`, `not_for_sale`, `no_price`, `personal_limit`, `mixed_currencies` or
    /// `total_too_large`.
    #[schema(example = "out_of_stock")]
    pub reason: String,
    /// How many pieces could still be had at that moment, when the reason is `out_of_stock`.
    pub available: Option<u32>,
    /// How many pieces of it one person may have in all, when the reason is `personal_limit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<u32>,
}

impl Order {
    /// A request that is noted durably but not placed yet.
    pub fn pending(id: OrderId) -> Self {
        Self {
            id: id.get(),
            number: id.short(),
            state: OrderState::Pending,
            status_url: status_url(id),
            payment_url: None,
            lines: Vec::new(),
            total_cents: None,
            currency: None,
            held_until: None,
            waiting: None,
            queue: None,
            refusals: Vec::new(),
            accepted_at: None,
            placed_at: None,
        }
    }
}

/// Where people see an order.
pub fn status_url(id: OrderId) -> String {
    format!("/orders/{id}")
}
