//! The mails that are there.

use std::collections::{HashMap, VecDeque};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
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
    /// The latest first, their numbers without a gap.
    letters: VecDeque<Letter>,
    /// The numbers of those that have a name.
    by_name: HashMap<String, u64>,
    count: u64,
    /// Where the name of every mail is written, if anywhere.
    register: Option<File>,
}

impl Letters {
    /// None yet, and no register.
    pub(crate) fn new(most: usize) -> Self {
        Self { kept: Arc::default(), most }
    }

    /// The same, and from now on the name of every mail is written to the file at `path`, a line each, repeats included.
    pub(crate) fn registered_in(self, path: &Path) -> io::Result<Self> {
        self.lock().register = Some(OpenOptions::new().create(true).append(true).open(path)?);
        Ok(self)
    }

    /// Takes a mail. One with the name of a mail that is there is that mail once more. One that should be registered and
    /// cannot be is not taken.
    pub(crate) fn take(&self, to: Vec<String>, raw: &str, now: Timestamp) -> io::Result<()> {
        let reading = read(raw);
        let mut kept = self.lock();
        if let Some(register) = &mut kept.register {
            register.write_all(format!("{}\n", reading.message_id).as_bytes())?;
        }
        let known = kept.by_name.get(&reading.message_id).copied();
        if let Some(number) = known
            && let Some(known) = kept.find_mut(number)
        {
            known.times += 1;
            return Ok(());
        }
        kept.count += 1;
        let number = kept.count;
        if !reading.message_id.is_empty() {
            kept.by_name.insert(reading.message_id.clone(), number);
        }
        kept.letters.push_front(Letter { number, came_at: now, to, reading, times: 1, raw: raw.into() });
        while kept.letters.len() > self.most
            && let Some(oldest) = kept.letters.pop_back()
        {
            kept.by_name.remove(&oldest.reading.message_id);
        }
        Ok(())
    }

    /// The mails to an address that contains `to`, the latest first.
    pub(crate) fn list(&self, to: &str) -> Vec<Letter> {
        let is_wanted = |letter: &&Letter| letter.to.iter().any(|address| address.contains(to));
        self.lock().letters.iter().filter(is_wanted).cloned().collect()
    }

    pub(crate) fn find(&self, number: u64) -> Option<Letter> {
        self.lock().find_mut(number).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn find_mut(&mut self, number: u64) -> Option<&mut Letter> {
        let place = usize::try_from(self.count.checked_sub(number)?).ok()?;
        self.letters.get_mut(place)
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
            letters.take(vec!["zoe@example.org".into()], &raw, Timestamp::UNIX_EPOCH).expect("taken");
        }
        let there: Vec<(String, u32)> =
            letters.list("zoe@").into_iter().map(|letter| (letter.reading.subject, letter.times)).collect();
        assert_eq!(there, [("c".to_owned(), 1), ("b".to_owned(), 2)]);
        assert!(letters.list("camille@").is_empty());
        assert!(letters.find(1).is_none() && letters.find(3).is_some());
    }

    #[test]
    fn the_register_has_the_names_of_all_that_ever_came() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("register");
        let letters = Letters::new(1).registered_in(&path).expect("writable");
        for name in ["a", "b", "b"] {
            let raw = format!("Message-ID: <{name}@halles>\r\n\r\nHello\r\n");
            letters.take(vec!["zoe@example.org".into()], &raw, Timestamp::UNIX_EPOCH).expect("taken");
        }
        assert_eq!(std::fs::read_to_string(&path).expect("written"), "<a@halles>\n<b@halles>\n<b@halles>\n");
        assert!(letters.find(1).is_none());
        assert_eq!(letters.find(2).map(|letter| letter.times), Some(2));
    }
}
