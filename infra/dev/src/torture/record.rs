//! What the shoppers were told, written down by themselves.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Everything that was told; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Record(Arc<Mutex<Told>>);

#[derive(Debug, Default)]
struct Told {
    intents: BTreeMap<String, Intent>,
    payments: Vec<String>,
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

/// One intent, by its key.
#[derive(Debug, Clone, Default)]
pub struct Intent {
    /// The order's name, from the first answer that had one.
    pub id: Option<String>,
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
    pub fn begin(&self, key: &str) {
        self.lock().intents.insert(key.to_owned(), Intent::default());
    }

    /// Writes down an answer that promises something.
    pub fn promised(&self, key: &str, id: &str, promise: Promise) {
        let mut told = self.lock();
        let intent = told.intents.entry(key.to_owned()).or_default();
        let contradiction = match &intent.id {
            Some(known) if known != id => Some(format!("{key} was told to be order {known} and then order {id}")),
            _ => None,
        };
        intent.id.get_or_insert_with(|| id.to_owned());
        intent.is_promised = true;
        intent.is_placed |= promise != Promise::Noted;
        intent.is_refused |= promise == Promise::Refused;
        told.contradictions.extend(contradiction);
    }

    /// Writes down that a cancellation was asked for, and whether it was confirmed.
    pub fn cancelled(&self, key: &str, is_confirmed: bool) {
        let mut told = self.lock();
        let intent = told.intents.entry(key.to_owned()).or_default();
        intent.is_cancelled |= is_confirmed;
        intent.may_be_cancelled = true;
    }

    /// Writes down that somebody was led to the provider, to pay this.
    pub fn paying(&self, payment: &str) {
        self.lock().payments.push(payment.to_owned());
    }

    /// The payments that somebody was led to.
    pub fn payments(&self) -> Vec<String> {
        self.lock().payments.clone()
    }

    /// Answers that contradict each other.
    pub fn contradictions(&self) -> Vec<String> {
        self.lock().contradictions.clone()
    }

    /// Every intent.
    pub fn intents(&self) -> BTreeMap<String, Intent> {
        self.lock().intents.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_names_for_one_intent_are_a_contradiction() {
        let record = Record::default();
        record.begin("a-key");
        record.promised("a-key", "1", Promise::Noted);
        record.promised("a-key", "1", Promise::Noted);
        assert_eq!(record.contradictions().len(), 0);
        record.promised("a-key", "2", Promise::Placed);
        assert_eq!(record.contradictions(), ["a-key was told to be order 1 and then order 2"]);
    }
}
