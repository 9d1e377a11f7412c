//! Whose turn it is: the rule by itself.

use halles_domain::OrderId;

/// What there is of a listing, for those who wait for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pool {
    /// What nobody has.
    pub(super) available: u32,
    /// What nobody has paid for: all that can come free by itself.
    pub(super) unpaid: u32,
    /// Whether it can still be bought at all.
    pub(super) is_for_sale: bool,
}

/// Somebody in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Waiter {
    pub(super) order_id: OrderId,
    pub(super) pieces: u32,
    /// Whether it has waited for as long as it may.
    pub(super) is_over: bool,
}

/// What becomes of somebody in the queue. Whoever is not named goes on waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// The pieces are theirs now.
    Comes,
    /// There is nothing to wait for any more.
    NeverComes {
        /// How many there were in the end.
        available: u32,
    },
}

/// Goes along a queue, first come first served. Once somebody must go on waiting, nobody behind them gets anything.
pub(super) fn turns(mut pool: Pool, waiters: Vec<Waiter>) -> Vec<(Waiter, Turn)> {
    let mut turns = Vec::new();
    let mut is_blocked = false;
    for waiter in waiters {
        let fits = !is_blocked && waiter.pieces <= pool.available;
        if !pool.is_for_sale || waiter.pieces > pool.unpaid || (waiter.is_over && !fits) {
            let available = if is_blocked || !pool.is_for_sale { 0 } else { pool.available };
            turns.push((waiter, Turn::NeverComes { available }));
        } else if fits {
            pool.available -= waiter.pieces;
            turns.push((waiter, Turn::Comes));
        } else {
            is_blocked = true;
        }
    }
    turns
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn waiters(pieces: &[u32]) -> Vec<Waiter> {
        let waiter = |(number, pieces): (u128, &u32)| Waiter {
            order_id: OrderId::new(Uuid::from_u128(number)),
            pieces: *pieces,
            is_over: false,
        };
        (0..).zip(pieces).map(waiter).collect()
    }

    fn pool(available: u32, unpaid: u32) -> Pool {
        Pool { available, unpaid, is_for_sale: true }
    }

    #[test]
    fn a_small_order_does_not_pass_a_large_one() {
        let queue = waiters(&[3, 1]);
        assert_eq!(turns(pool(2, 5), queue.clone()), []);
        let both = turns(pool(4, 5), queue.clone());
        assert_eq!(both, [(queue[0], Turn::Comes), (queue[1], Turn::Comes)]);
    }

    #[test]
    fn who_cannot_get_anything_any_more_is_told_and_stands_in_nobodys_way() {
        let queue = waiters(&[3, 1]);
        let turns = turns(pool(2, 2), queue.clone());
        assert_eq!(turns, [(queue[0], Turn::NeverComes { available: 2 }), (queue[1], Turn::Comes)]);
    }

    #[test]
    fn a_wait_that_is_over_ends_unless_the_turn_has_come() {
        let mut queue = waiters(&[2, 2]);
        queue.iter_mut().for_each(|waiter| waiter.is_over = true);
        let turns = turns(pool(3, 9), queue.clone());
        assert_eq!(turns, [(queue[0], Turn::Comes), (queue[1], Turn::NeverComes { available: 1 })]);
    }

    proptest! {
        #[test]
        fn nobody_is_passed_over_and_no_more_is_handed_out_than_there_is(
            available in 0_u32..20,
            held in 0_u32..20,
            pieces in prop::collection::vec(1_u32..8, 0..12),
        ) {
            let queue = waiters(&pieces);
            let turns = turns(pool(available, available + held), queue.clone());
            let came: Vec<Waiter> =
                turns.iter().filter(|(_, turn)| *turn == Turn::Comes).map(|(waiter, _)| *waiter).collect();
            let handed_out: u32 = came.iter().map(|waiter| waiter.pieces).sum();
            prop_assert!(handed_out <= available);
            // Those whose turn came are the first of those for whom there is anything to wait for.
            let hopeful: Vec<Waiter> =
                queue.iter().filter(|waiter| waiter.pieces <= available + held).copied().collect();
            prop_assert_eq!(&hopeful[..came.len()], &came[..]);
            if let Some(next) = hopeful.get(came.len()) {
                prop_assert!(next.pieces > available - handed_out, "whoever fits is not left waiting");
            }
        }
    }
}
