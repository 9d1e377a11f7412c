//! The mails that are there.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::reading::{Reading, read};

/// A mail that came in.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    /// Counts from 1 as they come.
    pub(crate) number: u64,
    pub(crate) came_at: Timestamp,
    /// Whom the envelope names.
    pub(crate) to: Vec<String>,
    pub(crate) reading: Reading,
    /// How often a mail with this name came.
    pub(crate) times: u32,
    pub(crate) raw: Arc<str>,
}

/// The latest mails. Clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Letters {
    kept: Arc<Mutex<Kept>>,
    most: usize,
}

#[derive(Debug, Default)]
struct Kept {
    letters: VecDeque<Letter>,
    count: u64,
}

impl Letters {
    pub(crate) fn new(most: usize) -> Self {
        Self { kept: Arc::default(), most }
    }

    /// Takes a mail. One with the name of a mail that is there is that mail once more.
    pub(crate) fn take(&self, to: Vec<String>, raw: &str, now: Timestamp) {
        let reading = read(raw);
        let mut kept = self.lock();
        let name = reading.message_id.clone();
        let known = kept.letters.iter_mut().find(|letter| !name.is_empty() && letter.reading.message_id == name);
        if let Some(known) = known {
            known.times += 1;
            return;
        }
        kept.count += 1;
        let letter = Letter { number: kept.count, came_at: now, to, reading, times: 1, raw: raw.into() };
        kept.letters.push_front(letter);
        kept.letters.truncate(self.most);
    }

    /// The mails to an address that contains `to`, the latest first.
    pub(crate) fn list(&self, to: &str) -> Vec<Letter> {
        let is_wanted = |letter: &&Letter| letter.to.iter().any(|address| address.contains(to));
        self.lock().letters.iter().filter(is_wanted).cloned().collect()
    }

    pub(crate) fn find(&self, number: u64) -> Option<Letter> {
        self.lock().letters.iter().find(|letter| letter.number == number).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_kept_and_a_repeat_is_counted() {
        let letters = Letters::new(2);
        for name in ["a", "b", "b", "c"] {
            let raw = format!("Message-ID: <{name}@halles>\r\nSubject: {name}\r\n\r\nHello\r\n");
            letters.take(vec!["zoe@example.org".into()], &raw, Timestamp::UNIX_EPOCH);
        }
        let there: Vec<(String, u32)> =
            letters.list("zoe@").into_iter().map(|letter| (letter.reading.subject, letter.times)).collect();
        assert_eq!(there, [("c".to_owned(), 1), ("b".to_owned(), 2)]);
        assert!(letters.list("camille@").is_empty());
        assert!(letters.find(1).is_none() && letters.find(3).is_some());
    }
}
