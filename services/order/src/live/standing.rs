//! How an order stands, as far as a page has to know whether it is still true.

use halles_domain::{OrderState, WaitingPlace};
use halles_queue::order_log::{Outcome, Verdict};
use halles_store::OrderStanding;

/// How an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is noted and not placed yet.
    Pending,
    /// It is placed.
    Placed {
        /// What is true of it.
        state: OrderState,
        /// Its place in the queue for its listing, while it waits for its turn.
        waiting: Option<WaitingPlace>,
    },
    /// There is none: its key belonged to another request.
    Nothing,
}

impl Standing {
    /// How far along it is. Orders only move on, so whoever comes back with less knows less.
    pub(crate) const fn step(self) -> u8 {
        match self {
            Self::Pending => 0,
            Self::Placed { state, .. } => step(Some(state)),
            Self::Nothing => u8::MAX,
        }
    }

    /// Whether a page that shows it needs to look again.
    pub(crate) const fn may_change(self) -> bool {
        match self {
            Self::Pending => true,
            Self::Placed { state, .. } => {
                matches!(state, OrderState::AwaitingPayment | OrderState::Waitlisted | OrderState::Expired)
            }
            Self::Nothing => false,
        }
    }

    /// Its name for programs.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Placed { state, .. } => state.name(),
            Self::Nothing => "nothing",
        }
    }
}

/// How far along an order in this state is; none while it is not placed.
pub(crate) const fn step(state: Option<OrderState>) -> u8 {
    match state {
        None => 0,
        Some(OrderState::Waitlisted) => 1,
        Some(OrderState::AwaitingPayment) => 2,
        Some(OrderState::Refused | OrderState::Expired) => 3,
        Some(OrderState::Paid) => 4,
        Some(OrderState::Cancelled) => 9,
    }
}

impl From<&OrderStanding> for Standing {
    fn from(known: &OrderStanding) -> Self {
        Self::Placed { state: known.state, waiting: known.waiting }
    }
}

impl From<&Outcome> for Standing {
    fn from(outcome: &Outcome) -> Self {
        match &outcome.verdict {
            Verdict::Settled(order) => Self::Placed { state: order.state, waiting: order.waiting },
            Verdict::KeyReused => Self::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use halles_domain::Cause;

    use super::*;

    const CAUSES: [Cause; 7] = [
        Cause::Placed,
        Cause::StockFreed,
        Cause::PaymentCaptured,
        Cause::PaymentCapturedLate,
        Cause::HoldExpired,
        Cause::ShopperCancelled,
        Cause::StockGone,
    ];

    #[test]
    fn every_lawful_move_is_a_step_forward_and_what_may_move_is_looked_at() {
        for from in OrderState::ALL {
            let ways: Vec<OrderState> = CAUSES.into_iter().filter_map(|cause| from.after(cause).ok()).collect();
            assert!(step(Some(from)) > step(None));
            for to in &ways {
                assert!(step(Some(*to)) > step(Some(from)), "{from} to {to}");
            }
            let moves_by_itself = ways.iter().any(|to| *to != OrderState::Cancelled);
            let standing = Standing::Placed { state: from, waiting: None };
            assert_eq!(standing.may_change(), moves_by_itself, "{from}");
        }
    }
}
