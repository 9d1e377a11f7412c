//! From the words of the domain to those of the API, one explicit conversion each.

use halles_domain::{LineRefusal, Money, PlacedOrder, Refusal};

use super::{Order, OrderLine, OrderRefusal, OrderState, OrderWaiting};

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
