//! Counts changes, so that what was made from cached things can tell whether they have changed since.
//!
//! One table for all kinds of one catalogue, of a fixed size: each thing has a slot by its hash, and a change of it counts
//! that slot up. Two things in one slot only mean that something is made once more without need. Losses of changes are
//! counted apart, for they touch everything.
//!
//! ```text
//! reader   stamp ──► look into the cache ──► make a page ──► keep it with the stamps ──► are they current?
//! change            mark the entries as outdated ──► count up
//! ```
//!
//! The reader takes its stamp *before* it looks and a change counts *after* the entries are marked. So whoever has the
//! new count finds no old entry, and what was made from an old entry carries an old count.

use std::hash::{BuildHasher, Hash};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use foldhash::fast::RandomState;
use smallvec::{SmallVec, smallvec};

/// One mebibyte of counts. Of 100,000 pages, each made from 30 things, a change then touches some ten by chance.
const SLOTS: u32 = 1 << 18;

/// The counts of one catalogue.
#[derive(Debug)]
pub struct ChangeCounters {
    slots: Box<[AtomicU32]>,
    losses: AtomicU64,
    hasher: RandomState,
}

impl ChangeCounters {
    /// Counters at zero.
    #[must_use]
    pub fn new() -> Self {
        let slots = (0..SLOTS).map(|_| AtomicU32::new(0)).collect();
        Self { slots, losses: AtomicU64::new(0), hasher: RandomState::default() }
    }

    /// What is counted for one thing at this moment. To be taken before looking for the thing.
    pub fn stamp(&self, kind: &'static str, key: &impl Hash) -> Stamps {
        let slot = self.slot(kind, key);
        let count = self.count_in(slot).load(Ordering::Acquire);
        Stamps { losses: self.losses.load(Ordering::Acquire), stamps: smallvec![Stamp { slot, count }] }
    }

    /// Whether nothing has changed since these stamps were taken.
    pub fn are_current(&self, stamps: &Stamps) -> bool {
        stamps.losses >= self.losses.load(Ordering::Acquire)
            && stamps.stamps.iter().all(|stamp| self.count_in(stamp.slot).load(Ordering::Acquire) == stamp.count)
    }

    /// Counts a change of one thing.
    pub fn count_change(&self, kind: &'static str, key: &impl Hash) {
        self.count_in(self.slot(kind, key)).fetch_add(1, Ordering::AcqRel);
    }

    /// Counts that changes of anything may have gone by unheard.
    pub fn count_loss(&self) {
        self.losses.fetch_add(1, Ordering::AcqRel);
    }

    fn slot(&self, kind: &'static str, key: &impl Hash) -> u32 {
        #[expect(clippy::cast_possible_truncation, reason = "any bits of a hash are as good as the others")]
        let hash = self.hasher.hash_one((kind, key)) as u32;
        hash % SLOTS
    }

    fn count_in(&self, slot: u32) -> &AtomicU32 {
        &self.slots[slot as usize]
    }
}

impl Default for ChangeCounters {
    fn default() -> Self {
        Self::new()
    }
}

/// What was counted for some things at some moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamps {
    losses: u64,
    stamps: SmallVec<[Stamp; 2]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    slot: u32,
    count: u32,
}

impl Stamps {
    /// The stamps of something that no change can touch.
    #[must_use]
    pub fn none() -> Self {
        Self { losses: u64::MAX, stamps: SmallVec::new() }
    }

    /// These and others: current as long as both are.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.losses = self.losses.min(others.losses);
        self.stamps.extend(others.stamps);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_current_until_something_of_theirs_changes() {
        let counters = ChangeCounters::new();
        let both = counters.stamp("bowl", &7).and(counters.stamp("shop", &1));
        assert!(counters.are_current(&both));
        counters.count_change("shop", &1);
        assert!(!counters.are_current(&both));
        assert!(counters.are_current(&counters.stamp("shop", &1)));
    }

    #[test]
    fn a_loss_touches_everything_from_before_it() {
        let counters = ChangeCounters::new();
        let early = counters.stamp("bowl", &7);
        counters.count_loss();
        let late = counters.stamp("bowl", &7);
        assert!(!counters.are_current(&early) && counters.are_current(&late));
        assert!(!counters.are_current(&late.and(early)));
        assert!(counters.are_current(&Stamps::none()));
    }

    #[test]
    fn changes_of_others_hardly_ever_matter() {
        let counters = ChangeCounters::new();
        let stamps: Vec<Stamps> = (0..100).map(|key| counters.stamp("bowl", &key)).collect();
        (1_000..1_100).for_each(|key| counters.count_change("bowl", &key));
        let touched = stamps.iter().filter(|stamps| !counters.are_current(stamps)).count();
        assert!(touched <= 5, "{touched} of 100 share a slot with one of 100 others");
    }
}
