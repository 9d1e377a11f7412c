//! The store of the model: a primary, and a replica that is a little behind it.

use std::collections::VecDeque;

use tokio::time::Instant;

use super::steps::KEYS;

/// What was ever committed, and when the replica showed it.
pub struct Store {
    things: Vec<Vec<Commit>>,
    /// Committed, not yet shown by the replica.
    underway: VecDeque<(usize, Instant)>,
}

struct Commit {
    version: i64,
    shown_at: Option<Instant>,
}

impl Store {
    /// All things but the last exist in version 1, and the replica shows them.
    pub fn new() -> Self {
        let now = Instant::now();
        let things = (0..KEYS).map(|key| {
            let exists = key + 1 < KEYS;
            if exists { vec![Commit { version: 1, shown_at: Some(now) }] } else { Vec::new() }
        });
        Self { things: things.collect(), underway: VecDeque::new() }
    }

    /// Commits the next version of a thing.
    pub fn write(&mut self, key: usize) -> i64 {
        let version = self.primary(key) + 1;
        self.things[key].push(Commit { version, shown_at: None });
        self.underway.push_back((key, Instant::now()));
        version
    }

    /// The replica takes in the oldest transaction that it does not show; returns what it changed.
    pub fn replicate_one(&mut self) -> Option<usize> {
        let (key, _) = self.underway.pop_front()?;
        let commit = self.things[key].iter_mut().find(|commit| commit.shown_at.is_none());
        commit.expect("what is under way is not shown yet").shown_at = Some(Instant::now());
        Some(key)
    }

    /// When the oldest transaction that the replica does not show was committed.
    pub fn behind_since(&self) -> Option<Instant> {
        self.underway.front().map(|(_, committed_at)| *committed_at)
    }

    /// The version on the primary; 0 for a thing that does not exist.
    pub fn primary(&self, key: usize) -> i64 {
        self.things[key].last().map_or(0, |commit| commit.version)
    }

    /// The version that the replica shows now.
    pub fn replica(&self, key: usize) -> i64 {
        self.replica_at(key, Instant::now())
    }

    /// The version that the replica showed at this moment.
    pub fn replica_at(&self, key: usize, at: Instant) -> i64 {
        let shown = self.things[key].iter().rev().find(|commit| commit.shown_at.is_some_and(|since| since <= at));
        shown.map_or(0, |commit| commit.version)
    }
}
