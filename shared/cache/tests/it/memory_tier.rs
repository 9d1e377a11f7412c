//! The second tier in memory: it answers as the scripts in Redis do, which `tier_suite` holds both to.

use std::collections::HashMap;
use std::future::ready;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use halles_cache::{Answer, Answers, Asker, Lease, Owner, Put, Question, Seen, SharedEntries, Sighting, StoredEntry};
use tokio::time::Instant;

/// Entries and leases, each with the moment of its end.
#[derive(Default)]
pub struct MemoryTier(Mutex<Shelves>);

#[derive(Default)]
struct Shelves {
    /// None for something that nobody can read.
    entries: HashMap<String, (Option<StoredEntry>, Instant)>,
    leases: HashMap<String, (Owner, Instant)>,
    mark_ms: u64,
}

impl MemoryTier {
    pub fn look_up_now(&self, asker: Asker, questions: &[Question]) -> Vec<Sighting> {
        let mut shelves = self.open();
        questions.iter().map(|question| shelves.look_up(asker, question)).collect()
    }

    pub fn put_now(&self, owner: Owner, puts: &[Put]) {
        let mut shelves = self.open();
        for put in puts {
            shelves.write(put, |there| there.version > put.entry.version);
            shelves.release(owner, &put.name);
        }
    }

    pub fn bury_now(&self, tombstones: &[Put]) {
        let mut shelves = self.open();
        for tombstone in tombstones {
            if shelves.write(tombstone, |there| there.version >= tombstone.entry.version) {
                shelves.leases.remove(&tombstone.name);
            }
        }
    }

    pub fn release_now(&self, owner: Owner, names: &[String]) {
        let mut shelves = self.open();
        names.iter().for_each(|name| shelves.release(owner, name));
    }

    pub fn distrust_now(&self, up_to_ms: u64) -> u64 {
        let mark_ms = &mut self.open().mark_ms;
        *mark_ms = up_to_ms.max(*mark_ms);
        *mark_ms
    }

    /// Forgets everything.
    pub fn flush(&self) {
        *self.open() = Shelves::default();
    }

    /// Puts what nobody can read in the place of an entry.
    pub fn garble(&self, name: &str) {
        self.open().entries.insert(name.to_owned(), (None, Instant::now() + Duration::from_secs(3_600)));
    }

    fn open(&self) -> MutexGuard<'_, Shelves> {
        self.0.lock().expect("nobody panics over the shelves")
    }
}

impl Shelves {
    fn look_up(&mut self, asker: Asker, question: &Question) -> Sighting {
        let seen = match self.entry(&question.name) {
            None => Seen::Nothing,
            Some(Some(entry)) if entry.format == asker.format => Seen::Entry(entry.clone()),
            Some(_) => Seen::Garbage,
        };
        if matches!(&seen, Seen::Entry(entry) if entry.will_do(asker.format, question)) {
            return Sighting { seen, lease: Lease::NotNeeded };
        }
        let now = Instant::now();
        let is_free = self.leases.get(&question.name).is_none_or(|(_, end)| *end <= now);
        if is_free {
            self.leases.insert(question.name.clone(), (asker.owner, now + asker.lease_life));
        }
        let lease = if self.leases[&question.name].0 == asker.owner { Lease::Granted } else { Lease::Held };
        Sighting { seen, lease }
    }

    /// Writes an entry unless the one that is there, in the same format, is to be kept; whether it was written.
    fn write(&mut self, put: &Put, is_kept: impl Fn(&StoredEntry) -> bool) -> bool {
        let there = self.entry(&put.name).and_then(Option::as_ref);
        if there.is_some_and(|there| there.format == put.entry.format && is_kept(there)) {
            return false;
        }
        let life = put.life.max(Duration::from_millis(1));
        self.entries.insert(put.name.clone(), (Some(put.entry.clone()), Instant::now() + life));
        true
    }

    fn release(&mut self, owner: Owner, name: &str) {
        if self.leases.get(name).is_some_and(|(holder, _)| *holder == owner) {
            self.leases.remove(name);
        }
    }

    fn entry(&self, name: &str) -> Option<&Option<StoredEntry>> {
        self.entries.get(name).filter(|(_, end)| *end > Instant::now()).map(|(entry, _)| entry)
    }
}

impl SharedEntries for MemoryTier {
    fn is_up(&self) -> bool {
        true
    }

    fn look_up<'a>(&'a self, asker: Asker, questions: &'a [Question]) -> Answers<'a, Sighting> {
        Box::pin(ready(self.look_up_now(asker, questions).into_iter().map(Ok).collect()))
    }

    fn put<'a>(&'a self, owner: Owner, puts: &'a [Put]) -> Answers<'a, ()> {
        self.put_now(owner, puts);
        Box::pin(ready(puts.iter().map(|_| Ok(())).collect()))
    }

    fn bury<'a>(&'a self, tombstones: &'a [Put]) -> Answers<'a, ()> {
        self.bury_now(tombstones);
        Box::pin(ready(tombstones.iter().map(|_| Ok(())).collect()))
    }

    fn release<'a>(&'a self, owner: Owner, names: &'a [String]) -> Answers<'a, ()> {
        self.release_now(owner, names);
        Box::pin(ready(names.iter().map(|_| Ok(())).collect()))
    }

    fn distrust(&self, up_to_ms: u64) -> Answer<'_, u64> {
        Box::pin(ready(Ok(self.distrust_now(up_to_ms))))
    }
}
