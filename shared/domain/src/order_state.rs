//! The life of an order: every state and every lawful move, in one `match`.
//!
//! ```text
//! request to buy ─┬─► awaiting_payment ─┬─► paid ──► cancelled
//!                 │                     ├─► expired ──► paid (late, if stock remains) ──► cancelled
//!                 │                     └─► cancelled
//!                 ├─► waitlisted ───────┬─► awaiting_payment
//!                 │                     ├─► cancelled
//!                 │                     └─► refused
//!                 └─► refused
//! ```
//!
//! Two causes lead nowhere else: that a hold ends soon, and that a seller sent their part, are told and change no state.
//!
//! A request to buy that is durable in the order log but not placed yet is *pending*: it has no row and no state here.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Invalid;

/// What is true of a placed order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Its pieces are held until a time limit and wait for the payment.
    AwaitingPayment,
    /// There was not enough stock; it has a place in the queue for the listing.
    Waitlisted,
    /// It could not be placed; the refusal says why.
    Refused,
    /// Paid; its pieces are allocated.
    Paid,
    /// The payment did not come in time; its pieces were given back. One that comes later still pays it, if there is
    /// stock left.
    Expired,
    /// The shopper or the seller took it back; its pieces were given back.
    Cancelled,
}

/// What moves an order on; recorded with every transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The order-worker placed the request.
    Placed,
    /// Pieces came free for a waitlisted order.
    StockFreed,
    /// The payment provider confirmed the payment.
    PaymentCaptured,
    /// The same, after the hold had ended; its pieces could be taken once more.
    PaymentCapturedLate,
    /// The hold's time limit passed.
    HoldExpired,
    /// The shopper cancelled.
    ShopperCancelled,
    /// Nothing can come free any more.
    StockGone,
    /// The hold's end is near. Nothing moves; the shopper is told.
    HoldEndsSoon,
    /// A seller sent their part. Nothing moves; the shopper is told.
    PartSent,
}

/// A move that no order may make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an order that is {from} cannot move on because of {cause:?}")]
pub struct TransitionError {
    /// Where the order is.
    pub from: OrderState,
    /// What tried to move it.
    pub cause: Cause,
}

impl OrderState {
    /// Every state.
    pub const ALL: [Self; 6] =
        [Self::AwaitingPayment, Self::Waitlisted, Self::Refused, Self::Paid, Self::Expired, Self::Cancelled];

    /// Where `cause` takes an order that is here.
    pub const fn after(self, cause: Cause) -> Result<Self, TransitionError> {
        match (self, cause) {
            (Self::AwaitingPayment, Cause::PaymentCaptured) => Ok(Self::Paid),
            (Self::Expired, Cause::PaymentCapturedLate) => Ok(Self::Paid),
            (Self::AwaitingPayment, Cause::HoldExpired) => Ok(Self::Expired),
            (Self::AwaitingPayment | Self::Waitlisted | Self::Paid, Cause::ShopperCancelled) => Ok(Self::Cancelled),
            (Self::Waitlisted, Cause::StockFreed) => Ok(Self::AwaitingPayment),
            (Self::Waitlisted, Cause::StockGone) => Ok(Self::Refused),
            (Self::AwaitingPayment, Cause::HoldEndsSoon) => Ok(Self::AwaitingPayment),
            (Self::Paid, Cause::PartSent) => Ok(Self::Paid),
            (from, cause) => Err(TransitionError { from, cause }),
        }
    }

    /// Whether nothing can change any more.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Refused | Self::Cancelled)
    }

    /// The state's name in the database and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AwaitingPayment => "awaiting_payment",
            Self::Waitlisted => "waitlisted",
            Self::Refused => "refused",
            Self::Paid => "paid",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Cause {
    /// Every cause.
    pub const ALL: [Self; 9] = [
        Self::Placed,
        Self::StockFreed,
        Self::PaymentCaptured,
        Self::PaymentCapturedLate,
        Self::HoldExpired,
        Self::ShopperCancelled,
        Self::StockGone,
        Self::HoldEndsSoon,
        Self::PartSent,
    ];

    /// The cause's name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::StockFreed => "stock_freed",
            Self::PaymentCaptured => "payment_captured",
            Self::PaymentCapturedLate => "payment_captured_late",
            Self::HoldExpired => "hold_expired",
            Self::ShopperCancelled => "shopper_cancelled",
            Self::StockGone => "stock_gone",
            Self::HoldEndsSoon => "hold_ends_soon",
            Self::PartSent => "part_sent",
        }
    }
}

impl fmt::Display for OrderState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Cause {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::ALL
            .into_iter()
            .find(|cause| cause.name() == text)
            .ok_or_else(|| Invalid::new("cause", "is nothing that moves an order"))
    }
}

impl FromStr for OrderState {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::ALL
            .into_iter()
            .find(|state| state.name() == text)
            .ok_or_else(|| Invalid::new("state", "is no state of an order"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn final_states_have_no_way_out_and_the_others_do() {
        for state in OrderState::ALL {
            let ways_out = Cause::ALL.into_iter().filter(|cause| state.after(*cause).is_ok()).count();
            assert_eq!(state.is_final(), ways_out == 0, "{state}");
        }
    }

    #[test]
    fn an_expired_order_is_only_paid_as_a_late_one() {
        let error = OrderState::Expired.after(Cause::PaymentCaptured).expect_err("too late");
        assert_eq!(error.to_string(), "an order that is expired cannot move on because of PaymentCaptured");
        assert_eq!(OrderState::Expired.after(Cause::PaymentCapturedLate), Ok(OrderState::Paid));
    }

    #[test]
    fn names_lead_back_to_states() {
        for state in OrderState::ALL {
            assert_eq!(state.name().parse(), Ok(state));
        }
        for cause in Cause::ALL {
            assert_eq!(cause.name().parse(), Ok(cause));
        }
    }
}
