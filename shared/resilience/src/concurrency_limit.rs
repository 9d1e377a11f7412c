//! How many requests are worked on at once, found out by trying.
//!
//! The rule (AIMD): in each short window, when more than a tenth of the answers came later than their class should wait,
//! the limit falls by a fifth, from what was really in use; when none of that happens and at least half of the limit was in
//! use, it grows by a sixteenth. So it settles where answers are just about in time, which is where the slowest thing behind
//! us is busy and nobody queues for long. When less was in use, answers in time say nothing about more; but neither is a bad
//! moment of the past a reason to refuse the next burst, so a limit that fell goes back to where it began, by a quarter in
//! each window. The classes share the limit: each may fill it up to a mark of its own, lower ones
//! to a lower mark. Checkout alone looks at nobody but itself: those who buy are refused only when they are too many by
//! themselves, and where both are inside, it is those who look that make room.
//!
//! Promises: never more buyers inside than the limit says, and never more of all where somebody else is let in, so never
//! more than twice the limit; a class is let in whenever a lower one would be; a place is free again when it is dropped,
//! however the work ended.
//!
//! It sees only what waits inside. Work that keeps the thread busy waits in front of the door: that is what
//! [`Shedder`](crate::Shedder) is for.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::Class;

/// How much of the limit each class may fill, in hundredths, by rank. Whatever is inside counts; for checkout, only checkout.
const MARKS: [usize; Class::COUNT] = [40, 55, 70, 85, 95, 100];

/// More late answers than one in this many, and the window was a bad one.
const ONE_LATE_IN: u32 = 10;

/// A window with fewer answers says too little.
const MIN_ANSWERS: u32 = 10;

/// Within what the limit moves, and how fast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitBounds {
    /// It never falls below.
    pub min: usize,
    /// It never rises above.
    pub max: usize,
    /// Where it begins.
    pub initial: usize,
    /// How long answers are collected before it moves.
    pub window: Duration,
}

/// The limit. Clones share it.
#[derive(Debug, Clone)]
pub struct ConcurrencyLimit {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    bounds: LimitBounds,
    limit: AtomicUsize,
    /// How many are inside that buy.
    buying: AtomicUsize,
    /// How many others are.
    looking: AtomicUsize,
    /// The most that were inside in this window.
    most_in_flight: AtomicUsize,
    window: Mutex<Window>,
}

#[derive(Debug)]
struct Window {
    ends_at: Instant,
    answers: u32,
    late: u32,
}

/// A place inside, free again when this is dropped. A place that is dropped without [`Place::answered`] says nothing about
/// how quick answers are.
#[derive(Debug)]
#[must_use = "the place is given back at once when this is not kept"]
pub struct Place {
    shared: Arc<Shared>,
    class: Class,
    entered_at: Instant,
}

impl ConcurrencyLimit {
    /// A limit that begins where the bounds say.
    pub fn new(bounds: LimitBounds) -> Self {
        let initial = bounds.initial.clamp(bounds.min, bounds.max.max(bounds.min));
        let window = Window { ends_at: Instant::now() + bounds.window, answers: 0, late: 0 };
        let shared = Shared {
            bounds,
            limit: AtomicUsize::new(initial),
            buying: AtomicUsize::new(0),
            looking: AtomicUsize::new(0),
            most_in_flight: AtomicUsize::new(0),
            window: Mutex::new(window),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Takes a place, if there is one for this class right now.
    pub fn try_enter(&self, class: Class) -> Option<Place> {
        let room = self.room_for(class);
        let take = |inside: usize| (inside < room).then_some(inside + 1);
        let entered = self.shared.inside(class).fetch_update(Ordering::AcqRel, Ordering::Acquire, take);
        entered.ok()?;
        self.shared.most_in_flight.fetch_max(self.in_flight(), Ordering::AcqRel);
        Some(Place { shared: Arc::clone(&self.shared), class, entered_at: Instant::now() })
    }

    /// How many of those that this class is counted with may be inside for one more of it to be let in.
    fn room_for(&self, class: Class) -> usize {
        let room = (self.limit() * MARKS[class.rank()]).div_ceil(100);
        match class {
            Class::Checkout => room,
            _ => room.saturating_sub(self.shared.buying.load(Ordering::Acquire)),
        }
    }

    /// How many may be inside at once.
    pub fn limit(&self) -> usize {
        self.shared.limit.load(Ordering::Acquire)
    }

    /// How many are inside.
    pub fn in_flight(&self) -> usize {
        self.shared.in_flight()
    }
}

impl Place {
    /// The work has an answer: it was late if it took longer than `goal`.
    pub fn answered(self, goal: Duration) {
        let is_late = self.entered_at.elapsed() > goal;
        self.shared.note(is_late);
    }

    /// The work was given up because something that it needs is overloaded, however quickly that was found out.
    pub fn overloaded(self) {
        self.shared.note(true);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shared.inside(self.class).fetch_sub(1, Ordering::AcqRel);
    }
}

impl Shared {
    /// Where a class is counted.
    fn inside(&self, class: Class) -> &AtomicUsize {
        if class == Class::Checkout { &self.buying } else { &self.looking }
    }

    fn in_flight(&self) -> usize {
        self.buying.load(Ordering::Acquire) + self.looking.load(Ordering::Acquire)
    }

    fn note(&self, is_late: bool) {
        let now = Instant::now();
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        window.answers += 1;
        window.late += u32::from(is_late);
        if now < window.ends_at || window.answers < MIN_ANSWERS {
            return;
        }
        let was_bad = window.late * ONE_LATE_IN > window.answers;
        *window = Window { ends_at: now + self.bounds.window, answers: 0, late: 0 };
        let inside = self.in_flight();
        let used = self.most_in_flight.swap(inside, Ordering::AcqRel);
        let limit = self.limit.load(Ordering::Acquire);
        self.limit.store(self.bounds.next(limit, used, was_bad), Ordering::Release);
    }
}

impl LimitBounds {
    /// The limit after a window in which up to `used` places were taken.
    fn next(&self, limit: usize, used: usize, was_bad: bool) -> usize {
        let next = if was_bad {
            // From what was in use: lowering a limit that nobody comes near changes nothing.
            limit.min(used) * 4 / 5
        } else if used * 2 >= limit {
            limit + (limit / 16).max(1)
        } else if limit < self.initial {
            (limit + (limit / 4).max(1)).min(self.initial)
        } else {
            limit
        };
        next.clamp(self.min, self.max.max(self.min))
    }
}

#[cfg(test)]
mod tests;
