//! The room in front of the market: who comes waits for a turn, and who was let in stays in.
//!
//! ```text
//!        before the show            the show                        everybody is in
//!  ──────────────────────────┬───────────────────────────┬──────────────────────────────►
//!   pool: nobody is first    │ pool in random order, then │ whoever comes waits for the next
//!                            │ whoever came later         │ moment in which there is room
//! ```
//!
//! The whole fleet shares one small [`RoomBook`]: how many came, and how many of them may be in by now. It grows at a set
//! rate, and only while the fleet has room. A [`Ticket`] is a number that its bearer carries, so nobody has
//! to be remembered: it is a turn when the book has come as far. Before the show tickets have no number; at the show each
//! gets one from a number drawn when it was given and told to nobody, so that coming early is worth as much as
//! coming very early.
//!
//! Whether the room opens, and whether there is room, is for the fleet to say and for no instance alone ([`Poll`]).
//!
//! Promises: turns come in the order of the numbers; nobody's place grows; whoever asks twice with one ticket has one
//! place; a room in which nobody waits saves up no turns for a crowd; one instance that is ill sends nobody out of a market
//! that is well. What carries tickets and the book, and what is done with those who are in, is left to others.

mod book;
mod desk;
mod poll;

pub use book::{Given, RoomBook, RoomPlace, Ticket};
pub use desk::{DeskAnswer, DeskAway, OwnDesk, RoomDesk};
pub use poll::{Poll, SILENT_AFTER_MS, Speaker};

/// How long the room stays open after the last one has said that it should: those who say it do so every second.
pub const STAYS_OPEN_MS: u64 = 10_000;

/// How long the book is kept after the room has closed: whoever comes back in that time has their place still.
pub const REMEMBERED_MS: u64 = 15 * 60 * 1_000;

/// Turns are given for so much time at once at most: after a silence the crowd does not come in all together.
pub const LONGEST_STEP_MS: u64 = 2_000;

/// What an instance says, every second; and, once the others have been heard, what holds for the fleet.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RoomBeat {
    /// The room should be open.
    pub wants_open: bool,
    /// Somebody has said so by hand: nobody else is asked.
    pub is_by_hand: bool,
    /// There is room for more.
    pub at_ease: bool,
    /// How many may come in in a second, over the whole fleet.
    pub per_second: f64,
    /// When the show begins, if somebody has said so.
    pub air_at_ms: Option<u64>,
}

#[cfg(test)]
mod tests;
