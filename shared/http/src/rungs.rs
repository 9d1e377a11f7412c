//! The ladder's moves, written down: in the log, and the latest of them for people to look at.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use halles_resilience::{Hand, Ladder, Move, Rung, Strain};
use jiff::Timestamp;
use serde::Serialize;
use tokio::time::Instant;

/// How many moves are remembered: enough for an evening.
const REMEMBERED: usize = 50;

/// The ladder of a process and what it did.
pub(crate) struct Rungs {
    ladder: Ladder,
    moves: Mutex<VecDeque<Entry>>,
}

/// A move of the ladder, or an order to it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Entry {
    pub(crate) at: Timestamp,
    pub(crate) what: &'static str,
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
}

/// Where the ladder stands.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Standing {
    pub(crate) number: u8,
    pub(crate) rung: &'static str,
    /// Where it would stand by itself.
    pub(crate) automatic: &'static str,
    /// What somebody has set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) by_hand: Option<ByHand>,
    pub(crate) moves: Vec<Entry>,
}

/// A rung that somebody has set.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ByHand {
    pub(crate) by: String,
    pub(crate) why: String,
    pub(crate) seconds_left: u64,
}

impl Rungs {
    pub(crate) fn new(ladder: Ladder) -> Self {
        Self { ladder, moves: Mutex::default() }
    }

    /// Tells the ladder how the process feels.
    pub(crate) fn feel(&self, strain: Strain) {
        if let Some(Move { from, to, by_hand }) = self.ladder.feel(strain) {
            let what = if by_hand { "expired" } else { "automatic" };
            tracing::warn!(from = from.name(), to = to.name(), what, "the ladder moved");
            self.note(what, from, None);
        }
    }

    /// Somebody sets a rung.
    pub(crate) fn set(&self, rung: Rung, lasts: Duration, by: String, why: String) {
        let from = self.ladder.rung();
        let hand = Hand { rung, until: Instant::now() + lasts, why, by };
        let (by, why, seconds) = (&hand.by, &hand.why, lasts.as_secs());
        tracing::warn!(from = from.name(), to = rung.name(), by, why, seconds, "a rung was set by hand");
        self.ladder.set(hand.clone());
        self.note("set", from, Some(hand));
    }

    /// Somebody lets go of the rung that was set.
    pub(crate) fn let_go(&self, by: String) {
        let from = self.ladder.rung();
        self.ladder.let_go();
        let to = self.ladder.rung();
        tracing::warn!(from = from.name(), to = to.name(), by, "the ladder is automatic again");
        self.note("let go", from, Some(Hand { rung: to, until: Instant::now(), why: String::new(), by }));
    }

    pub(crate) fn standing(&self) -> Standing {
        let (rung, now) = (self.ladder.rung(), Instant::now());
        let by_hand = self.ladder.hand().map(|hand| ByHand {
            by: hand.by,
            why: hand.why,
            seconds_left: hand.until.saturating_duration_since(now).as_secs(),
        });
        Standing {
            number: rung.number(),
            rung: rung.name(),
            automatic: self.ladder.automatic().name(),
            by_hand,
            moves: self.moves().iter().cloned().collect(),
        }
    }

    fn note(&self, what: &'static str, from: Rung, hand: Option<Hand>) {
        let (by, why) = hand.map(|hand| (hand.by, hand.why)).unzip();
        let to = self.ladder.rung().name();
        let entry =
            Entry { at: Timestamp::now(), what, from: from.name(), to, by, why: why.filter(|why| !why.is_empty()) };
        let mut moves = self.moves();
        moves.push_front(entry);
        moves.truncate(REMEMBERED);
    }

    fn moves(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.moves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
