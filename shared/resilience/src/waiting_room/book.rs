//! The fleet's book: how many came, how many may be in by now, and what a number in it means to its bearer.
//!
//! `room.lua` in `halles_redis` keeps the same rules for the book that a fleet shares.

use std::time::Duration;

use super::{LONGEST_STEP_MS, REMEMBERED_MS, RoomBeat, STAYS_OPEN_MS};

/// Numbers are counted in thousandths, so that a slow rate loses nothing between two steps.
const WHOLE: u64 = 1_000;

/// What the fleet knows of its room. All times are milliseconds since 1970 on the clock of whoever keeps the book.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RoomBook {
    /// When it was begun: tickets of another book are worth nothing.
    pub epoch: u64,
    /// Until when the room is open, unless somebody says that it should stay so.
    pub open_until_ms: u64,
    /// When the show begins; 0 when there is none to wait for.
    pub air_at_ms: u64,
    /// How many had a number already when the show was announced: they stay in front.
    pub ahead_of_pool: u64,
    /// How many came before the show.
    pub pool: u64,
    /// How many numbers were given out, before it was announced and since it began.
    pub issued: u64,
    /// How many may be in by now, in thousandths.
    pub serving_milli: u64,
    /// When that was last thought about.
    pub advanced_at_ms: u64,
}

/// A place in the room, as its bearer carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ticket {
    /// Given before the show: its number follows from what was drawn.
    Pool {
        /// The book that it belongs to.
        epoch: u64,
        /// What was drawn; every value is as likely as any other.
        draw: u64,
    },
    /// Given since.
    Number {
        /// The book that it belongs to.
        epoch: u64,
        /// How many numbers had been given out then, this one included.
        number: u64,
    },
}

/// What a ticket is given out as: the draw of a pool ticket is made by whoever seals it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// A place in the pool of this book.
    Pool {
        /// The book.
        epoch: u64,
    },
    /// A number of this book.
    Number {
        /// The book.
        epoch: u64,
        /// The number.
        number: u64,
    },
}

/// Where the bearer of a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoomPlace {
    /// The show has not begun: in so long it does.
    BeforeShow {
        /// How long.
        begins_in: Duration,
        /// How many wait for it.
        waiting: u64,
    },
    /// So many turns away.
    Waiting {
        /// How many come in before, this one included.
        ahead: u64,
    },
    /// It is their turn.
    YourTurn,
    /// The ticket belongs to another book.
    Unknown,
}

impl RoomBook {
    /// Takes in what an instance says: opens the room, and lets more in.
    pub fn advance(&mut self, now_ms: u64, beat: RoomBeat) {
        if self.epoch == 0 || now_ms > self.open_until_ms.saturating_add(REMEMBERED_MS) {
            *self = Self { epoch: now_ms, advanced_at_ms: now_ms, ..Self::default() };
        }
        if beat.wants_open {
            self.open_until_ms = now_ms.saturating_add(STAYS_OPEN_MS);
        }
        // Once lots were drawn for one show nobody waits for another: that would draw them anew.
        if let Some(air_at_ms) = beat.air_at_ms
            && (self.pool == 0 || now_ms < self.air_at_ms)
        {
            self.air_at_ms = air_at_ms;
        }
        if self.pool == 0 {
            self.ahead_of_pool = self.issued;
        }
        if now_ms < self.air_at_ms {
            self.advanced_at_ms = now_ms;
        } else if beat.at_ease {
            let step_ms = now_ms.saturating_sub(self.advanced_at_ms).min(LONGEST_STEP_MS);
            // Milliseconds times a rate a second are thousandths.
            let turns_milli = as_count(step_ms as f64 * beat.per_second);
            self.serving_milli = (self.serving_milli + turns_milli).min(self.came() * WHOLE);
            self.advanced_at_ms = self.advanced_at_ms.max(now_ms);
        }
    }

    /// Gives out a place.
    pub fn give(&mut self, now_ms: u64) -> Given {
        if now_ms < self.air_at_ms {
            self.pool += 1;
            return Given::Pool { epoch: self.epoch };
        }
        self.issued += 1;
        Given::Number { epoch: self.epoch, number: self.issued }
    }

    /// Whether whoever comes has to wait.
    pub const fn is_open(&self, now_ms: u64) -> bool {
        now_ms < self.open_until_ms
    }

    /// How many came.
    pub const fn came(&self) -> u64 {
        self.pool + self.issued
    }

    /// How many may be in.
    pub const fn serving(&self) -> u64 {
        self.serving_milli / WHOLE
    }

    /// Where the bearer of this ticket stands.
    pub fn place_of(&self, ticket: Ticket, now_ms: u64) -> RoomPlace {
        let (epoch, number) = match ticket {
            Ticket::Pool { epoch, draw } => (epoch, self.ahead_of_pool + drawn(draw, self.pool)),
            Ticket::Number { epoch, number } if number <= self.ahead_of_pool => (epoch, number),
            Ticket::Number { epoch, number } => (epoch, self.pool.saturating_add(number)),
        };
        if epoch != self.epoch {
            return RoomPlace::Unknown;
        }
        if now_ms < self.air_at_ms {
            let begins_in = Duration::from_millis(self.air_at_ms - now_ms);
            return RoomPlace::BeforeShow { begins_in, waiting: self.pool };
        }
        match number.saturating_sub(self.serving()) {
            0 => RoomPlace::YourTurn,
            ahead => RoomPlace::Waiting { ahead },
        }
    }

    /// Takes note of a place that was given elsewhere, until the book is read again.
    pub fn has_given(&mut self, given: Given) {
        match given {
            Given::Pool { .. } => self.pool += 1,
            Given::Number { number, .. } => self.issued = self.issued.max(number),
        }
    }
}

/// The number, from 1 to `pool`, of whoever has drawn this.
fn drawn(draw: u64, pool: u64) -> u64 {
    let number = (u128::from(draw) * u128::from(pool)) >> 64;
    u64::try_from(number).unwrap_or(pool).saturating_add(1)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "two seconds at any rate that can be set")]
fn as_count(thousandths: f64) -> u64 {
    thousandths.max(0.0) as u64
}
