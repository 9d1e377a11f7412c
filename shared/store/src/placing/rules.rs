//! What holds for every order of a batch.

use std::time::Duration;

/// The rules of placing; the order service and the order-worker must be told the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacementRules {
    /// How long pieces are held for an order that waits for its payment.
    pub hold_for: Duration,
    /// The most pieces of one listing that one person may have in all orders that are not over; none for no bound.
    pub max_pieces_per_person: Option<u32>,
    /// The most orders that may wait for one listing.
    pub max_waiting: u32,
    /// How long an order waits for its turn at most.
    pub wait_for: Duration,
}

impl PlacementRules {
    /// Rules with this hold, no bound for one person, and a queue that is long and patient.
    pub const fn holding(hold_for: Duration) -> Self {
        let wait_for = Duration::from_secs(24 * 60 * 60);
        Self { hold_for, max_pieces_per_person: None, max_waiting: 1_000, wait_for }
    }
}
