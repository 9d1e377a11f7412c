//! A look at a run while it goes on.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::driver::Desk;
use super::{Ending, OrdersTold, Slot};

/// What the workers have written down so far. Clones look at the same run.
#[derive(Debug, Clone, Default)]
pub struct Live {
    run: Arc<Mutex<Option<UnderWay>>>,
}

#[derive(Debug)]
struct UnderWay {
    began: Instant,
    length: Duration,
    desks: Vec<Arc<Mutex<Desk>>>,
}

/// How far a run has come.
#[derive(Debug, Clone, Default)]
pub struct Glance {
    /// Since its beginning.
    pub elapsed: Duration,
    /// How long its schedule is.
    pub length: Duration,
    /// How many ended in each way, in the order of [`Ending`].
    pub endings: [u64; Ending::ALL.len()],
    /// How many were not sent.
    pub dropped: u64,
    /// The last slot that is over.
    pub slot: Option<Slot>,
    /// How long a slot is.
    pub slot_length: Duration,
    /// What shoppers were told who ordered; without the names of their orders.
    pub orders: OrdersTold,
}

impl Live {
    pub(super) fn begin(&self, began: Instant, length: Duration, desks: Vec<Arc<Mutex<Desk>>>) {
        *lock(&self.run) = Some(UnderWay { began, length, desks });
    }

    pub(super) fn end(&self) {
        *lock(&self.run) = None;
    }

    /// How far it has come; none before it began and after it ended.
    pub fn glance(&self) -> Option<Glance> {
        let run = lock(&self.run);
        let UnderWay { began, length, desks } = run.as_ref()?;
        let mut glance = Glance { elapsed: began.elapsed(), length: *length, ..Glance::default() };
        for desk in desks {
            let desk = lock(desk);
            let measured = &desk.measured;
            for ending in Ending::ALL {
                glance.endings[ending as usize] +=
                    measured.tallies.iter().map(|tally| tally.count(ending)).sum::<u64>();
            }
            glance.dropped += measured.dropped;
            glance.slot_length = measured.timeline.slot();
            let OrdersTold { placed, noted, refused, .. } = &measured.orders;
            let (placed, noted, refused) = (placed.clone(), *noted, refused.clone());
            glance.orders += OrdersTold { placed, noted, refused, ..OrdersTold::default() };
            let place = glance.elapsed.as_micros() / glance.slot_length.as_micros().max(1);
            let last =
                usize::try_from(place).ok().and_then(|place| measured.timeline.slots().get(place.checked_sub(1)?));
            match (&mut glance.slot, last) {
                (Some(slot), Some(last)) => *slot += last,
                (slot, last) => *slot = slot.take().or_else(|| last.cloned()),
            }
        }
        Some(glance)
    }
}

/// Counts are whole even where a panic left the lock.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
