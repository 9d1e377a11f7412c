//! Payments: what a shopper is charged for an order, what a captured payment means, and what is given back.
//!
//! Nothing is charged before the shopper starts a payment; its amount is fixed at that moment. Money that was captured
//! either pays its order or is owed back: there is no third thing that could become of it ([`meaning_of_capture`]).

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Invalid, ListingId, Money, MoneyError, OrderId, OrderLine, OrderState};

/// A payment's name, drawn by us and used with the provider as well, so that asking twice for one is asking once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PaymentId(Uuid);

impl PaymentId {
    /// Wraps an identifier that was drawn or read back.
    pub const fn new(value: Uuid) -> Self {
        Self(value)
    }

    /// The bare identifier, for the database and the wire.
    pub const fn get(self) -> Uuid {
        self.0
    }
}

impl fmt::Display for PaymentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for PaymentId {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Uuid::try_parse(text).map(Self).map_err(|_| Invalid::new("payment_id", "must be a UUID"))
    }
}

/// How far a payment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    /// The shopper was sent to the provider; nothing is known yet.
    Started,
    /// The provider has the money.
    Captured,
    /// It was declined, given up or ran out; nothing was charged.
    Failed,
}

impl PaymentState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Started, Self::Captured, Self::Failed];

    /// The state's name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Captured => "captured",
            Self::Failed => "failed",
        }
    }
}

impl FromStr for PaymentState {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|state| state.name() == text);
        known.ok_or_else(|| Invalid::new("state", "is no state of a payment"))
    }
}

/// One attempt to pay an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Its name.
    pub id: PaymentId,
    /// The order it is for.
    pub order_id: OrderId,
    /// What is charged, fixed when it was started.
    pub amount: Money,
    /// How far it is.
    pub state: PaymentState,
    /// What of it is given back, if anything.
    pub refund: Option<Refund>,
    /// When the shopper started it.
    pub started_at: Timestamp,
}

/// Money that goes back to the shopper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refund {
    /// How much: all that was captured.
    pub amount: Money,
    /// Why.
    pub reason: RefundReason,
    /// When the provider took the order to give it back; none while we still owe that.
    pub done_at: Option<Timestamp>,
}

/// Why money goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundReason {
    /// The order was cancelled, before or after it was paid.
    OrderCancelled,
    /// The hold had ended when the payment came, and others have the pieces.
    CameTooLate,
    /// The order had been paid already.
    PaidTwice,
    /// The provider captured another amount than was asked for.
    WrongAmount,
}

impl RefundReason {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::OrderCancelled, Self::CameTooLate, Self::PaidTwice, Self::WrongAmount];

    /// The reason's name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OrderCancelled => "order_cancelled",
            Self::CameTooLate => "came_too_late",
            Self::PaidTwice => "paid_twice",
            Self::WrongAmount => "wrong_amount",
        }
    }
}

impl FromStr for RefundReason {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|reason| reason.name() == text);
        known.ok_or_else(|| Invalid::new("reason", "is no reason for a refund"))
    }
}

/// What the provider says about a payment, by webhook, when asked, or on the shopper's way back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentReport {
    /// It has the money: this much.
    Captured(Money),
    /// It will not get the money.
    Failed,
}

/// What captured money means for its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capture {
    /// It pays the order, whose pieces are held.
    Pays,
    /// It pays the order, if its pieces can be taken from the stalls once more; otherwise it goes back.
    PaysIfStockRemains,
    /// It goes back.
    GoesBack(RefundReason),
}

/// What it means that `captured` was captured where `asked` was asked for an order in `state`.
pub fn meaning_of_capture(state: OrderState, asked: Money, captured: Money) -> Capture {
    if captured != asked {
        return Capture::GoesBack(RefundReason::WrongAmount);
    }
    match state {
        OrderState::AwaitingPayment => Capture::Pays,
        OrderState::Expired => Capture::PaysIfStockRemains,
        OrderState::Paid => Capture::GoesBack(RefundReason::PaidTwice),
        OrderState::Cancelled | OrderState::Refused | OrderState::Waitlisted => {
            Capture::GoesBack(RefundReason::OrderCancelled)
        }
    }
}

/// What the lines come to at the lower of the agreed and the present price of each. A listing without a present price
/// in the order's currency is charged as agreed.
pub fn amount_due(
    lines: &[OrderLine],
    present_price: impl Fn(ListingId) -> Option<Money>,
) -> Result<Option<Money>, MoneyError> {
    let mut due: Option<Money> = None;
    for line in lines {
        let agreed = line.unit_price;
        let present = present_price(line.listing_id).filter(|present| present.currency() == agreed.currency());
        let unit = present.filter(|present| present.cents() < agreed.cents()).unwrap_or(agreed);
        let price = unit.times(line.quantity)?;
        due = Some(match due {
            Some(so_far) => so_far.plus(price)?,
            None => price,
        });
    }
    Ok(due)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Currency, Quantity, SellerId, Title};

    fn eur(cents: i64) -> Money {
        Money::new(cents, Currency::Eur).expect("a lawful amount")
    }

    fn line(id: i64, pieces: u32, cents: i64) -> OrderLine {
        OrderLine {
            listing_id: ListingId::new(id),
            seller_id: SellerId::new(1),
            title: Title::new("Bol").expect("a title"),
            quantity: Quantity::new(pieces).expect("a quantity"),
            unit_price: eur(cents),
            personalisation: None,
            sent_at: None,
        }
    }

    #[test]
    fn money_pays_or_goes_back() {
        let meaning = |state| meaning_of_capture(state, eur(100), eur(100));
        assert_eq!(meaning(OrderState::AwaitingPayment), Capture::Pays);
        assert_eq!(meaning(OrderState::Expired), Capture::PaysIfStockRemains);
        assert_eq!(meaning(OrderState::Paid), Capture::GoesBack(RefundReason::PaidTwice));
        assert_eq!(meaning(OrderState::Cancelled), Capture::GoesBack(RefundReason::OrderCancelled));
        for state in OrderState::ALL {
            let wrong = meaning_of_capture(state, eur(100), eur(99));
            assert_eq!(wrong, Capture::GoesBack(RefundReason::WrongAmount), "{state}");
        }
    }

    #[test]
    fn a_price_in_another_currency_is_no_lower_price() {
        let dollars = Money::new(1, Currency::Usd).ok();
        assert_eq!(amount_due(&[line(1, 2, 500)], |_| dollars), Ok(Some(eur(1_000))));
        assert_eq!(amount_due(&[line(1, 2, 500)], |_| None), Ok(Some(eur(1_000))));
        assert_eq!(amount_due(&[], |_| None), Ok(None));
    }

    #[test]
    fn names_lead_back() {
        assert!(PaymentState::ALL.into_iter().all(|state| state.name().parse() == Ok(state)));
        assert!(RefundReason::ALL.into_iter().all(|reason| reason.name().parse() == Ok(reason)));
    }

    proptest! {
        #[test]
        fn nobody_pays_more_than_agreed_nor_more_than_today(
            prices in prop::collection::vec((0_i64..10_000, 0_i64..10_000, 1_u32..9), 1..6),
        ) {
            let ids = 1_i64..;
            let lines: Vec<OrderLine> =
                ids.zip(&prices).map(|(id, (agreed, _, pieces))| line(id, *pieces, *agreed)).collect();
            let today = |id: ListingId| {
                let place = usize::try_from(id.get() - 1).expect("small");
                Some(eur(prices[place].1))
            };
            let due = amount_due(&lines, today).expect("small amounts").expect("there are lines").cents();
            let total = |price: &dyn Fn(&(i64, i64, u32)) -> i64| -> i64 {
                prices.iter().map(|line| price(line) * i64::from(line.2)).sum()
            };
            prop_assert!(due <= total(&|line| line.0) && due <= total(&|line| line.1));
            prop_assert_eq!(due, total(&|line| line.0.min(line.1)));
        }
    }
}
