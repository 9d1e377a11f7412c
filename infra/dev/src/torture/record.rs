//! What the shoppers were told, written down by themselves.
//!
//! An ordeal of an hour is a million intents, so each takes a few dozen bytes, and whoever looks on meanwhile is given
//! only what is new.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand::RngExt;
use rand::rngs::StdRng;
use uuid::Uuid;

/// What every key begins with.
const PREFIX: &str = "torture";

/// The key of an intent: in which ordeal, whose, and the how manyeth of theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// The seed of the ordeal.
    pub seed: u64,
    /// The shopper.
    pub shopper: u32,
    /// Which of their intents.
    pub intent: u32,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}-{}-{}-{}", self.seed, self.shopper, self.intent)
    }
}

impl Key {
    /// Reads a key as it was sent; none for a key of somebody else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix(PREFIX)?.strip_prefix('-')?.split('-');
        let key = Self {
            seed: parts.next()?.parse().ok()?,
            shopper: parts.next()?.parse().ok()?,
            intent: parts.next()?.parse().ok()?,
        };
        parts.next().is_none().then_some(key)
    }
}

/// Everything that was told; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Record(Arc<Mutex<Told>>);

#[derive(Debug, Default)]
struct Told {
    intents: HashMap<Key, Intent>,
    /// Those that were promised something and that nobody has found in the database yet.
    unseen: HashSet<Key>,
    payments: Vec<Uuid>,
    contradictions: Vec<String>,
}

/// What an answer promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    /// 202: it will come to an outcome.
    Noted,
    /// 200 or 201: it has come to one.
    Placed,
    /// 409, or 200 for a repeat: it was decided, and it is no.
    Refused,
}

/// One intent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Intent {
    /// The order's name, from the first answer that had one.
    pub id: Option<Uuid>,
    /// Whether an answer promised that it is durable: 200, 201, 202 or 409.
    pub is_promised: bool,
    /// Whether an answer said that it is placed, and no more only noted: 200, 201 or 409.
    pub is_placed: bool,
    /// Whether it was refused.
    pub is_refused: bool,
    /// Whether a cancellation was confirmed.
    pub is_cancelled: bool,
    /// Whether a cancellation was asked for, and the answer lost.
    pub may_be_cancelled: bool,
}

impl Record {
    /// Writes down that somebody is about to ask, before anything is sent.
    pub fn begin(&self, key: Key) {
        self.lock().intents.insert(key, Intent::default());
    }

    /// Writes down an answer that promises something.
    pub fn promised(&self, key: Key, id: Uuid, promise: Promise) {
        let mut told = self.lock();
        let intent = told.intents.entry(key).or_default();
        let contradiction = match intent.id {
            Some(known) if known != id => Some(format!("{key} was told to be order {known} and then order {id}")),
            _ => None,
        };
        intent.id.get_or_insert(id);
        let is_new = !intent.is_promised;
        intent.is_promised = true;
        intent.is_placed |= promise != Promise::Noted;
        intent.is_refused |= promise == Promise::Refused;
        if is_new {
            told.unseen.insert(key);
        }
        told.contradictions.extend(contradiction);
    }

    /// Writes down that a cancellation was asked for, and whether it was confirmed.
    pub fn cancelled(&self, key: Key, is_confirmed: bool) {
        let mut told = self.lock();
        let intent = told.intents.entry(key).or_default();
        intent.is_cancelled |= is_confirmed;
        intent.may_be_cancelled = true;
    }

    /// Writes down that somebody was led to the provider, to pay this.
    pub fn paying(&self, payment: Uuid) {
        self.lock().payments.push(payment);
    }

    /// Any of the payments that somebody was led to.
    pub fn any_payment(&self, choice: &mut StdRng) -> Option<Uuid> {
        let told = self.lock();
        told.payments.get(choice.random_range(0..told.payments.len().max(1))).copied()
    }

    /// What was promised and has not been found in the database yet.
    pub fn unseen(&self) -> Vec<(Key, Intent)> {
        let told = self.lock();
        told.unseen.iter().filter_map(|key| Some((*key, *told.intents.get(key)?))).collect()
    }

    /// These were found. They are looked at again only in the end.
    pub fn seen<'a>(&self, keys: impl IntoIterator<Item = &'a Key>) {
        let mut told = self.lock();
        for key in keys {
            told.unseen.remove(key);
        }
    }

    /// How many intents there are so far.
    pub fn count(&self) -> usize {
        self.lock().intents.len()
    }

    /// Answers that contradict each other.
    pub fn contradictions(&self) -> Vec<String> {
        self.lock().contradictions.clone()
    }

    /// Every intent, once all shoppers have gone home; the record is empty afterwards.
    pub fn take_intents(&self) -> HashMap<Key, Intent> {
        std::mem::take(&mut self.lock().intents)
    }

    fn lock(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = Key { seed: 7, shopper: 3, intent: 12 };

    #[test]
    fn two_names_for_one_intent_are_a_contradiction() {
        let (record, one, two) = (Record::default(), Uuid::from_u128(1), Uuid::from_u128(2));
        record.begin(KEY);
        record.promised(KEY, one, Promise::Noted);
        record.promised(KEY, one, Promise::Noted);
        assert_eq!(record.contradictions().len(), 0);
        record.promised(KEY, two, Promise::Placed);
        assert_eq!(record.contradictions(), [format!("{KEY} was told to be order {one} and then order {two}")]);
    }

    #[test]
    fn what_was_found_once_is_not_looked_for_again() {
        let record = Record::default();
        record.begin(KEY);
        assert!(record.unseen().is_empty(), "nothing was promised yet");
        record.promised(KEY, Uuid::from_u128(1), Promise::Noted);
        assert_eq!(record.unseen().len(), 1);
        record.seen([&KEY]);
        record.promised(KEY, Uuid::from_u128(1), Promise::Placed);
        assert!(record.unseen().is_empty());
        assert!(record.take_intents()[&KEY].is_placed);
    }

    #[test]
    fn a_key_reads_back_and_one_of_others_does_not() {
        assert_eq!(Key::parse(&KEY.to_string()), Some(KEY));
        for other in ["torture-7-3", "torture-7-3-12-1", "bench-7-3-12", "withdrawn 0190c7a2", "torture-7-3-x"] {
            assert_eq!(Key::parse(other), None, "{other}");
        }
    }
}
