//! Orders on the wire: what a client sends to buy, and what it is told about an order.

use halles_domain::{
    Basket, BasketLine, Contact, ContactForm, Invalid, Language, LineRefusal, ListingId, Money, OrderId,
    Personalisation, PersonalisedLine, PlacedOrder, Quantity, Refusal,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A request to buy.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderRequest {
    /// Who orders and where it goes.
    pub contact: OrderContact,
    /// What is wanted: 1 to 50 different listings.
    pub lines: Vec<OrderRequestLine>,
    /// The language of messages about the order: `fr` or `en`; without it, the request's `Accept-Language` decides.
    #[schema(example = "fr")]
    pub language: Option<String>,
    /// Whether an order for a single listing should wait for its turn, rather than be refused, when too few pieces are
    /// left and some may still come free.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_wait: bool,
    /// Whether to take those lines that can be had when others cannot; otherwise it is all or nothing. What was left out
    /// stands in `refusals`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub what_there_is: bool,
}

/// Who orders and where it goes. Used for this order only.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderContact {
    /// The shopper's name, at most 120 characters.
    #[schema(example = "Camille Durand")]
    pub name: String,
    /// Where messages about the order go.
    #[schema(example = "camille@example.org")]
    pub email: String,
    /// Street and number, at most 300 characters.
    #[schema(example = "12 rue des Halles")]
    pub street: String,
    /// The postcode, at most 16 characters.
    #[schema(example = "75001")]
    pub postcode: String,
    /// The town, at most 120 characters.
    #[schema(example = "Paris")]
    pub town: String,
    /// The country's ISO 3166 code.
    #[schema(example = "FR")]
    pub country: String,
}

/// Shows no personal data, so that it cannot reach a log.
impl std::fmt::Debug for OrderContact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OrderContact(hidden)")
    }
}

/// One listing that is wanted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderRequestLine {
    /// Which listing.
    #[schema(example = 17, minimum = 1)]
    pub listing_id: i64,
    /// How many pieces, 1 to 999.
    #[schema(example = 1, minimum = 1, maximum = 999)]
    pub quantity: u32,
    /// What to write on it, or to tell its maker: one line, at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Pour Zoé", max_length = 200)]
    pub personalisation: Option<String>,
}

impl OrderRequest {
    /// Parses the whole request; every fault is reported, not only the first.
    pub fn parse(&self) -> Result<ParsedOrderRequest, Vec<Invalid>> {
        let contact = self.contact.as_form().parse();
        let lines = parse_lines(&self.lines);
        let personalisations = parse_personalisations(&self.lines);
        let language = self.language.as_deref().map(str::parse::<Language>).transpose();
        match (contact, lines, personalisations, language) {
            (Ok(contact), Ok(lines), Ok(personalisations), Ok(language)) => Ok(ParsedOrderRequest {
                contact,
                lines,
                personalisations,
                language,
                may_wait: self.may_wait,
                what_there_is: self.what_there_is,
            }),
            (contact, lines, personalisations, language) => {
                let mut faults = contact.err().unwrap_or_default();
                faults.extend(lines.err());
                faults.extend(personalisations.err());
                faults.extend(language.err());
                Err(faults)
            }
        }
    }
}

/// A request to buy whose every part was checked.
#[derive(Debug)]
pub struct ParsedOrderRequest {
    /// Who orders and where it goes.
    pub contact: Contact,
    /// What is wanted, each listing once.
    pub lines: Vec<BasketLine>,
    /// The language to speak with this shopper, if the request names one.
    pub language: Option<Language>,
    /// Whether to wait rather than be refused when there is too little.
    pub may_wait: bool,
    /// Whether to take what there is rather than all or nothing.
    pub what_there_is: bool,
    /// What is wished for on some of the lines.
    pub personalisations: Vec<PersonalisedLine>,
}

impl OrderContact {
    fn as_form(&self) -> ContactForm {
        let Self { name, email, street, postcode, town, country } = self.clone();
        ContactForm { name, email, street, postcode, town, country }
    }
}

fn parse_lines(lines: &[OrderRequestLine]) -> Result<Vec<BasketLine>, Invalid> {
    if lines.is_empty() {
        return Err(Invalid::new("lines", "must name at least one listing"));
    }
    // Before anything is done per line: a thousand of them are refused for their number alone.
    if lines.len() > Basket::MAX_LINES {
        return Err(Invalid::new("lines", format!("must be at most {}", Basket::MAX_LINES)));
    }
    let mut parsed = Vec::with_capacity(lines.len());
    for line in lines {
        if line.listing_id < 1 {
            return Err(Invalid::new("listing_id", "must be a positive whole number"));
        }
        let listing_id = ListingId::new(line.listing_id);
        parsed.push(BasketLine { listing_id, quantity: Quantity::new(line.quantity)? });
    }
    let basket = Basket::new(parsed).map_err(|error| Invalid::new("lines", error))?;
    Ok(basket.into())
}

/// The wishes of all lines. Of two for one listing the first counts, as the lines are added up.
fn parse_personalisations(lines: &[OrderRequestLine]) -> Result<Vec<PersonalisedLine>, Invalid> {
    let mut parsed: Vec<PersonalisedLine> = Vec::new();
    for line in lines.iter().take(Basket::MAX_LINES) {
        let listing_id = ListingId::new(line.listing_id);
        if let Some(text) = Personalisation::parse(line.personalisation.as_deref().unwrap_or_default())?
            && parsed.iter().all(|known| known.listing_id != listing_id)
        {
            parsed.push(PersonalisedLine { listing_id, text });
        }
    }
    Ok(parsed)
}

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

impl From<&PlacedOrder> for Order {
    fn from(order: &PlacedOrder) -> Self {
        let currency = order.total.map(|total| total.currency().code().to_owned());
        Self {
            state: order.state.into(),
            lines: order.lines.iter().map(OrderLine::from).collect(),
            total_cents: order.total.map(Money::cents),
            currency,
            held_until: order.held_until,
            waiting: order
                .waiting
                .map(|waiting| OrderWaiting { place: waiting.place, may_come_free: waiting.may_come_free }),
            refusals: order.refusals.iter().map(OrderRefusal::from).collect(),
            accepted_at: Some(order.accepted_at),
            placed_at: Some(order.placed_at),
            ..Self::pending(order.id)
        }
    }
}

/// Where people see an order.
pub fn status_url(id: OrderId) -> String {
    format!("/orders/{id}")
}

impl From<halles_domain::OrderState> for OrderState {
    fn from(state: halles_domain::OrderState) -> Self {
        use halles_domain::OrderState as Domain;
        match state {
            Domain::AwaitingPayment => Self::AwaitingPayment,
            Domain::Waitlisted => Self::Waitlisted,
            Domain::Refused => Self::Refused,
            Domain::Paid => Self::Paid,
            Domain::Expired => Self::Expired,
            Domain::Cancelled => Self::Cancelled,
        }
    }
}

impl From<&halles_domain::OrderLine> for OrderLine {
    fn from(line: &halles_domain::OrderLine) -> Self {
        Self {
            listing_id: line.listing_id.get(),
            seller_id: line.seller_id.get(),
            title: line.title.as_str().to_owned(),
            quantity: line.quantity.get(),
            unit_price_cents: line.unit_price.cents(),
            personalisation: line.personalisation.as_ref().map(|wish| wish.as_str().to_owned()),
            sent_at: line.sent_at,
        }
    }
}

impl From<&Refusal> for OrderRefusal {
    fn from(refusal: &Refusal) -> Self {
        let (available, most) = match refusal.line {
            LineRefusal::OutOfStock { available } => (Some(available), None),
            LineRefusal::PersonalLimit { most } => (None, Some(most)),
            _ => (None, None),
        };
        Self { listing_id: refusal.listing_id.get(), reason: refusal_code(refusal.line).to_owned(), available, most }
    }
}

/// The stable code of a refusal, for clients to act on.
pub const fn refusal_code(refusal: LineRefusal) -> &'static str {
    match refusal {
        LineRefusal::NotForSale => "not_for_sale",
        LineRefusal::NoPrice => "no_price",
        LineRefusal::OutOfStock { .. } => "out_of_stock",
        LineRefusal::MixedCurrencies => "mixed_currencies",
        LineRefusal::TotalTooLarge => "total_too_large",
        LineRefusal::PersonalLimit { .. } => "personal_limit",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(lines: Vec<OrderRequestLine>) -> OrderRequest {
        let contact = OrderContact {
            name: "Zoé".into(),
            email: "zoe@example.org".into(),
            street: "1 rue X".into(),
            postcode: "69001".into(),
            town: "Lyon".into(),
            country: "FR".into(),
        };
        OrderRequest { contact, lines, language: None, may_wait: false, what_there_is: false }
    }

    fn line(listing_id: i64, quantity: u32) -> OrderRequestLine {
        OrderRequestLine { listing_id, quantity, personalisation: None }
    }

    #[test]
    fn lines_for_one_listing_are_added_up() {
        let parsed = request(vec![line(1, 2), line(1, 3)]).parse().expect("a lawful request");
        assert_eq!(parsed.lines.len(), 1);
        assert_eq!(parsed.lines[0].quantity.get(), 5);
    }

    #[test]
    fn hostile_requests_are_refused() {
        let too_many = (1..=1_000).map(|id| line(id, 1)).collect();
        for lines in [vec![], too_many, vec![line(1, 0)], vec![line(-1, 1)], vec![line(1, 999), line(1, 999)]] {
            request(lines).parse().expect_err("refused");
        }
        let mut long = request(vec![line(1, 1)]);
        long.contact.name = "x".repeat(50_000);
        long.language = Some("tlh".into());
        let fields: Vec<&str> = long.parse().expect_err("refused").iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["name", "language"]);
    }

    #[test]
    fn negative_quantities_do_not_even_deserialize() {
        assert!(serde_json::from_str::<OrderRequestLine>(r#"{"listing_id":1,"quantity":-1}"#).is_err());
    }
}
