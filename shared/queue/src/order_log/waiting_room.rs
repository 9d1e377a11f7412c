//! Where requests wait for the outcome of their order, and where recent outcomes are remembered.
//!
//! Promises: an outcome told once wakes everybody who waits for that order; both the waiting and the remembered are
//! bounded; a waiter that gives up leaves nothing behind. How outcomes get here is left to the [follower](super::Follower).

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use halles_domain::OrderId;
use tokio::sync::watch;

use super::Outcome;

/// The waiting room of one instance; clones share it.
#[derive(Debug, Clone)]
pub struct WaitingRoom(Arc<Room>);

#[derive(Debug)]
struct Room {
    max_waiting: usize,
    max_remembered: usize,
    seats: Mutex<Seats>,
}

#[derive(Debug, Default)]
struct Seats {
    /// How many wait, over all orders.
    waiting: usize,
    bells: HashMap<OrderId, Bell>,
    remembered: HashMap<OrderId, Arc<Outcome>>,
    /// The remembered orders, oldest first, to forget in that order.
    by_age: VecDeque<OrderId>,
}

/// Rings for everybody who waits for one order.
#[derive(Debug)]
struct Bell {
    waiting: usize,
    sender: watch::Sender<Option<Arc<Outcome>>>,
}

/// A place in the waiting room for one request; given up when dropped.
#[derive(Debug)]
pub struct Wait {
    room: Arc<Room>,
    order_id: OrderId,
    told: watch::Receiver<Option<Arc<Outcome>>>,
}

impl WaitingRoom {
    /// A room for `max_waiting` requests that remembers the last `max_remembered` outcomes.
    pub fn new(max_waiting: usize, max_remembered: usize) -> Self {
        Self(Arc::new(Room { max_waiting, max_remembered, seats: Mutex::default() }))
    }

    /// Takes a place for `order_id`, to be taken *before* the request is appended, so that no outcome is missed.
    /// None when the room is full: the caller then answers "pending" at once.
    pub fn try_wait(&self, order_id: OrderId) -> Option<Wait> {
        let mut seats = self.0.seats();
        if seats.waiting >= self.0.max_waiting {
            return None;
        }
        seats.waiting += 1;
        let bell = seats.bells.entry(order_id).or_insert_with(|| Bell { waiting: 0, sender: watch::Sender::new(None) });
        bell.waiting += 1;
        let told = bell.sender.subscribe();
        Some(Wait { room: Arc::clone(&self.0), order_id, told })
    }

    /// Wakes everybody who waits for this order, and remembers the outcome.
    pub fn tell(&self, outcome: Outcome) {
        let outcome = Arc::new(outcome);
        let mut seats = self.0.seats();
        if let Some(bell) = seats.bells.get(&outcome.order_id) {
            // Those who have not woken yet must not hear a repeat in place of what happened.
            bell.sender.send_if_modified(|told| {
                let is_first = told.is_none();
                told.get_or_insert_with(|| Arc::clone(&outcome));
                is_first
            });
        }
        // The first outcome is the telling one: later entries for the same order only repeat it.
        if !seats.remembered.contains_key(&outcome.order_id) {
            seats.by_age.push_back(outcome.order_id);
            seats.remembered.insert(outcome.order_id, outcome);
        }
        while seats.by_age.len() > self.0.max_remembered {
            if let Some(oldest) = seats.by_age.pop_front() {
                seats.remembered.remove(&oldest);
            }
        }
    }

    /// The outcome of this order, if it was told here not long ago.
    pub fn recall(&self, order_id: OrderId) -> Option<Arc<Outcome>> {
        self.0.seats().remembered.get(&order_id).cloned()
    }

    /// How many requests wait now.
    pub fn waiting(&self) -> usize {
        self.0.seats().waiting
    }
}

impl Wait {
    /// The outcome, if it is told within `budget`.
    pub async fn outcome(mut self, budget: Duration) -> Option<Arc<Outcome>> {
        let told = self.told.wait_for(Option::is_some);
        match tokio::time::timeout(budget, told).await {
            Ok(Ok(outcome)) => outcome.clone(),
            // The bell outlives its waiters, so only the time can have run out.
            Ok(Err(_)) | Err(_) => None,
        }
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        let mut seats = self.room.seats();
        seats.waiting -= 1;
        if let Some(bell) = seats.bells.get_mut(&self.order_id) {
            bell.waiting -= 1;
            if bell.waiting == 0 {
                seats.bells.remove(&self.order_id);
            }
        }
    }
}

impl Room {
    /// A panic while the lock was held cannot leave the maps half changed in a way that matters: at worst a place stays taken.
    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::{LogPosition, Verdict};
    use super::*;

    fn order(number: u128) -> OrderId {
        OrderId::new(Uuid::from_u128(number))
    }

    fn outcome(number: u128) -> Outcome {
        let entry = LogPosition { millis: 1, sequence: 0 };
        Outcome { order_id: order(number), entry, replayed: false, verdict: Verdict::KeyReused }
    }

    #[tokio::test(start_paused = true)]
    async fn everybody_who_waits_for_the_order_is_woken() {
        let room = WaitingRoom::new(10, 10);
        let waits: Vec<Wait> = (0..3).filter_map(|_| room.try_wait(order(1))).collect();
        let other = room.try_wait(order(2)).expect("a place");
        room.tell(outcome(1));
        for wait in waits {
            assert_eq!(wait.outcome(Duration::from_secs(1)).await.as_deref(), Some(&outcome(1)));
        }
        assert_eq!(other.outcome(Duration::from_secs(1)).await, None);
        assert_eq!(room.waiting(), 0);
    }

    #[tokio::test]
    async fn a_repeat_told_at_once_afterwards_does_not_hide_what_happened() {
        let room = WaitingRoom::new(2, 10);
        let wait = room.try_wait(order(1)).expect("a place");
        room.tell(outcome(1));
        room.tell(Outcome { entry: LogPosition { millis: 2, sequence: 0 }, replayed: true, ..outcome(1) });
        assert_eq!(wait.outcome(Duration::from_secs(1)).await.as_deref(), Some(&outcome(1)));
    }

    #[tokio::test]
    async fn an_outcome_told_before_the_waiting_starts_is_not_missed() {
        let room = WaitingRoom::new(1, 10);
        let wait = room.try_wait(order(1)).expect("a place");
        room.tell(outcome(1));
        assert!(wait.outcome(Duration::ZERO).await.is_some());
    }

    #[test]
    fn a_full_room_takes_nobody_until_somebody_leaves() {
        let room = WaitingRoom::new(1, 1);
        let first = room.try_wait(order(1)).expect("a place");
        assert!(room.try_wait(order(2)).is_none());
        drop(first);
        assert!(room.try_wait(order(2)).is_some());
        assert!(room.0.seats().bells.is_empty(), "whoever leaves takes the bell along");
    }

    #[test]
    fn the_oldest_outcomes_are_forgotten_first() {
        let room = WaitingRoom::new(1, 2);
        for number in [1, 2, 2, 3] {
            room.tell(outcome(number));
        }
        assert!(room.recall(order(1)).is_none());
        assert!(room.recall(order(2)).is_some() && room.recall(order(3)).is_some());
    }
}
