//! Which rung a process stands on, and why.
//!
//! ```text
//!            strained for `climb_after`, for the sake of a class that this rung is for
//!          ┌───────────────────────────────────────────────────────────────────────────►┐
//!   Open  NoExtras  StaleLonger  LongerOrderWait  RefuseLow  OnlyCheckout
//!          └◄───────────────────────────────────────────────────────────────────────────┘
//!            at ease for `ease_after`: one rung down, and again
//!
//!   with a room to wait in, WaitingRoom takes the place of OnlyCheckout, after a longer strain: those who are in go on,
//!   and whether the others have to wait is for the fleet to say (`waiting_room`)
//!
//!   by hand: any rung, until a time; it hides the automatic one, which goes on underneath
//! ```
//!
//! Between strained and at ease lies a wide middle where nothing moves. Climbing takes a second or so and coming down
//! several, so a rung that helps is not left at once for having helped.
//!
//! Clones share the ladder; looking at the rung costs one atomic load.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::{Class, Rung};

/// How quickly the ladder is climbed and descended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LadderTimes {
    /// How long the strain must last for one rung up.
    pub climb_after: Duration,
    /// How long things must be easy for one rung down.
    pub ease_after: Duration,
}

/// How a process feels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strain {
    /// Requests were refused for load; this is the highest class among them.
    Refusing(Class),
    /// Nobody was refused, but there is not much room.
    Tight,
    /// There is room.
    AtEase,
}

/// A rung that somebody has set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hand {
    /// Which one.
    pub rung: Rung,
    /// Until when.
    pub until: Instant,
    /// What for.
    pub why: String,
    /// Who did it, as far as they say.
    pub by: String,
}

/// The ladder stands on another rung now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// Before.
    pub from: Rung,
    /// Now.
    pub to: Rung,
    /// Whether somebody has set it, or let go of it.
    pub by_hand: bool,
}

/// The ladder of one process.
#[derive(Debug, Clone)]
pub struct Ladder {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    times: LadderTimes,
    /// After how much strain the waiting room opens, where there is one that opens by itself.
    room_after: Option<Duration>,
    /// The number of the rung that is obeyed.
    obeyed: AtomicU8,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    automatic: Rung,
    /// Since when it has been strained enough to climb.
    strained_since: Option<Instant>,
    /// Since when it has been easy.
    easy_since: Option<Instant>,
    hand: Option<Hand>,
}

impl Ladder {
    /// A ladder that stands on the ground.
    pub fn new(times: LadderTimes) -> Self {
        Self::with_room(times, None)
    }

    /// The same in front of a room to wait in, which opens by itself after so much strain, if at all.
    pub fn with_room(times: LadderTimes, room_after: Option<Duration>) -> Self {
        let state = State { automatic: Rung::Open, strained_since: None, easy_since: None, hand: None };
        Self { shared: Arc::new(Shared { times, room_after, obeyed: AtomicU8::new(0), state: Mutex::new(state) }) }
    }

    /// The rung to obey right now.
    pub fn rung(&self) -> Rung {
        Rung::from_number(self.shared.obeyed.load(Ordering::Acquire)).unwrap_or_default()
    }

    /// Whether what this rung gives up is given up.
    pub fn gives_up(&self, rung: Rung) -> bool {
        self.rung() >= rung
    }

    /// The rung that it would stand on if nobody had set one.
    pub fn automatic(&self) -> Rung {
        self.lock().automatic
    }

    /// What somebody has set, as long as it holds.
    pub fn hand(&self) -> Option<Hand> {
        self.lock().hand.clone().filter(|hand| hand.until > Instant::now())
    }

    /// Tells the ladder how the process feels; to be called several times in a second. Says whether the rung is another
    /// one now.
    pub fn feel(&self, strain: Strain) -> Option<Move> {
        let now = Instant::now();
        let mut state = self.lock();
        state.feel(strain, now, &self.shared);
        let was_let_go = state.hand.take_if(|hand| hand.until <= now).is_some();
        self.obey(&state, was_let_go)
    }

    /// Sets a rung by hand.
    pub fn set(&self, hand: Hand) -> Option<Move> {
        let mut state = self.lock();
        state.hand = Some(hand);
        self.obey(&state, true)
    }

    /// Lets go of the rung that was set: the ladder is automatic again.
    pub fn let_go(&self) -> Option<Move> {
        let mut state = self.lock();
        state.hand = None;
        self.obey(&state, true)
    }

    fn obey(&self, state: &State, by_hand: bool) -> Option<Move> {
        let to = state.hand.as_ref().map_or(state.automatic, |hand| hand.rung);
        let from = Rung::from_number(self.shared.obeyed.swap(to.number(), Ordering::AcqRel)).unwrap_or_default();
        (from != to).then_some(Move { from, to, by_hand })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// The rung that comes next under strain.
    fn above(&self, rung: Rung) -> Option<Rung> {
        match rung {
            Rung::RefuseLow if self.room_after.is_some() => Some(Rung::WaitingRoom),
            Rung::OnlyCheckout => None,
            _ => rung.above(),
        }
    }

    /// The rung that comes next when things are easy.
    fn below(&self, rung: Rung) -> Rung {
        match rung {
            Rung::WaitingRoom => Rung::RefuseLow,
            _ => rung.below().unwrap_or_default(),
        }
    }
}

impl State {
    fn feel(&mut self, strain: Strain, now: Instant, ladder: &Shared) {
        let times = ladder.times;
        let higher = ladder.above(self.automatic);
        let climb_after = match (higher, ladder.room_after) {
            (Some(Rung::WaitingRoom), Some(room_after)) => room_after,
            _ => times.climb_after,
        };
        let climbs_for = |class: Class| higher.is_some_and(|higher| class >= higher.is_for());
        self.strained_since = match strain {
            Strain::Refusing(class) if climbs_for(class) => self.strained_since.or(Some(now)),
            _ => None,
        };
        self.easy_since = match strain {
            Strain::AtEase => self.easy_since.or(Some(now)),
            _ => None,
        };
        if self.strained_since.is_some_and(|since| now - since >= climb_after) {
            self.automatic = higher.unwrap_or(self.automatic);
            self.strained_since = Some(now);
        }
        if self.easy_since.is_some_and(|since| now - since >= times.ease_after) {
            self.automatic = ladder.below(self.automatic);
            self.easy_since = Some(now);
        }
    }
}

#[cfg(test)]
mod tests;
