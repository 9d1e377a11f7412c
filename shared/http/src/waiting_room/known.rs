//! What an instance knows of the fleet's book, and how fast turns come.

use std::time::Duration;

use halles_resilience::{RoomBeat, RoomBook};
use tokio::time::Instant;

/// The shortest time from which a rate can be told.
const SHORTEST_MEASURE: Duration = Duration::from_secs(10);

/// The longest time that counts for it.
const LONGEST_MEASURE: Duration = Duration::from_secs(60);

#[derive(Default)]
pub(super) struct Known {
    pub(super) book: RoomBook,
    /// How many were in at some moments of the last minute, oldest first.
    measured: Vec<(Instant, u64)>,
}

impl Known {
    /// Nobody can be asked: turns go on, and an open room stays open for as long as this instance wants it to. It opens none
    /// on its own word, since it cannot know how the others are.
    pub(super) fn go_on_by_the_clock(&mut self, now_ms: u64, beat: RoomBeat) {
        let wants_open = beat.wants_open && (beat.is_by_hand || self.book.is_open(now_ms));
        self.book.advance(now_ms, RoomBeat { wants_open, ..beat });
    }

    /// Notes how far the book has come.
    pub(super) fn measure(&mut self) {
        let (now, serving) = (Instant::now(), self.book.serving());
        // Another book has other numbers.
        self.measured.retain(|(at, before)| now - *at <= LONGEST_MEASURE && *before <= serving);
        self.measured.push((now, serving));
    }

    /// How long so many turns take: at the rate of the last minute, and before that is known, at the one that is set. None
    /// while nobody comes in at all.
    pub(super) fn expected(&self, ahead: u64, set_per_second: f64) -> Option<Duration> {
        let per_second = match (self.measured.first(), self.measured.last()) {
            (Some((since, before)), Some((now, serving))) if *now - *since >= SHORTEST_MEASURE => {
                (serving - before) as f64 / (*now - *since).as_secs_f64()
            }
            _ => set_per_second,
        };
        Duration::try_from_secs_f64(ahead as f64 / per_second).ok()
    }
}
