//! What many people search for here, to be suggested to others.
//!
//! A search counts as one of many once so many different people have asked for it (by their network addresses, of which
//! no more is kept than a few salted hashes in memory, so nobody can be told from it later). What only few typed, a
//! name or an address perhaps, is never shown to anybody. Each instance knows what it was asked since it started: no
//! more, and that is enough for what is popular.
//!
//! Whether a search finds something is not noted but looked up when it is suggested: see `halles_search_index::Suggester`.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use halles_search_index::{SearchText, TypedText};

/// How many different searches are counted; a quarter of a megabyte for each thousand at most.
const MAX_SEARCHES: usize = 10_000;

/// After so many searches all counts are halved, so that last month's fashion makes room.
const HALVED_AFTER: u32 = 50_000;

/// Longer ones are no suggestions.
const MAX_BYTES: usize = 60;

/// Counts searches.
#[derive(Debug)]
pub(crate) struct AskedOften {
    /// How many different people make a search one of many; 0 for never.
    shared_by: usize,
    salt: RandomState,
    counts: Mutex<Counts>,
}

/// A search that may be worth suggesting to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The same for whoever means the same.
    key: String,
    text: String,
}

impl Asked {
    /// Nothing for a text that is no suggestion.
    pub(crate) fn of(text: &SearchText) -> Option<Self> {
        let key = TypedText::new(text.as_str()).ok()?.key();
        let is_suggestion = !key.is_empty() && text.as_str().len() <= MAX_BYTES;
        is_suggestion.then(|| Self { key, text: text.as_str().to_lowercase() })
    }
}

#[derive(Debug, Default)]
struct Counts {
    searches: BTreeMap<String, Count>,
    noted: u32,
}

#[derive(Debug)]
struct Count {
    /// As it was typed first.
    text: String,
    times: u32,
    /// Salted hashes of those who asked, until there are enough.
    askers: Vec<u64>,
}

impl AskedOften {
    /// Nothing was asked yet.
    pub(crate) fn new(shared_by: usize) -> Self {
        Self { shared_by, salt: RandomState::new(), counts: Mutex::default() }
    }

    /// Somebody searched for this.
    pub(crate) fn count(&self, asked: &Asked, asker: IpAddr) {
        if self.shared_by == 0 {
            return;
        }
        let asker = self.salt.hash_one((network_of(asker), &asked.key));
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.of(asked);
        count.times += 1;
        if count.askers.len() < self.shared_by && !count.askers.contains(&asker) {
            count.askers.push(asker);
        }
    }

    /// What many people searched for that begins like this, the most wanted first.
    pub(crate) fn beginning_with(&self, typed: &TypedText, limit: usize) -> Vec<String> {
        let beginning = typed.beginning(0);
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let searches = counts.searches.range(beginning.clone()..);
        let mut often: Vec<(u32, &str)> = searches
            .take_while(|(key, _)| key.starts_with(&beginning))
            .filter(|(_, count)| self.shared_by > 0 && count.askers.len() >= self.shared_by)
            .map(|(_, count)| (count.times, count.text.as_str()))
            .collect();
        often.sort_unstable_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(other.1)));
        often.into_iter().take(limit).map(|(_, text)| text.to_owned()).collect()
    }
}

impl Counts {
    fn of(&mut self, asked: &Asked) -> &mut Count {
        self.noted += 1;
        if self.noted >= HALVED_AFTER || self.searches.len() >= MAX_SEARCHES {
            self.halve();
        }
        let new = || Count { text: asked.text.clone(), times: 0, askers: Vec::new() };
        self.searches.entry(asked.key.clone()).or_insert_with(new)
    }

    fn halve(&mut self) {
        self.noted = 0;
        self.searches.retain(|_, count| {
            count.times /= 2;
            count.times > 0
        });
    }
}

/// One household or firm counts once, however many addresses it has.
fn network_of(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits() >> 64 << 64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    fn note(asked: &AskedOften, text: &str, asker: IpAddr) {
        let text = SearchText::new(text).expect("a text");
        asked.count(&Asked::of(&text).expect("a search"), asker);
    }

    fn often(asked: &AskedOften, typed: &str) -> Vec<String> {
        asked.beginning_with(&TypedText::new(typed).expect("a text"), 5)
    }

    #[test]
    fn only_what_enough_different_people_asked_for_is_told() {
        let asked = AskedOften::new(3);
        for _ in 0..100 {
            note(&asked, "Bol secret", address(1));
            note(&asked, "Bol secret", address(2));
        }
        for person in 1..=3 {
            note(&asked, "bol BLEU", address(person));
        }
        assert_eq!(often(&asked, "bol"), ["bol bleu"]);
        note(&asked, "böl secret", address(3));
        assert_eq!(often(&asked, "bo"), ["bol secret", "bol bleu"]);
        assert!(often(&asked, "bols").is_empty());
    }

    #[test]
    fn many_addresses_of_one_network_are_one_person() {
        let asked = AskedOften::new(2);
        for last in 0..9 {
            note(&asked, "bol", IpAddr::from([0x2001, 0xdb8, 1, 2, 0, 0, 0, last]));
        }
        assert!(often(&asked, "bo").is_empty());
        note(&asked, "bol", IpAddr::from([0x2001, 0xdb8, 1, 3, 0, 0, 0, 1]));
        assert_eq!(often(&asked, "bo"), ["bol"]);
    }

    #[test]
    fn memory_is_bounded_and_what_nobody_repeats_goes_first() {
        let asked = AskedOften::new(1);
        (0..20).for_each(|_| note(&asked, "bol bleu", address(1)));
        for number in 0..3 * MAX_SEARCHES {
            note(&asked, &format!("mot{number}"), address(1));
        }
        let kept = asked.counts.lock().expect("no panic").searches.len();
        assert!(kept <= MAX_SEARCHES, "{kept}");
        assert_eq!(often(&asked, "bol"), ["bol bleu"]);
    }

    #[test]
    fn it_can_be_switched_off() {
        let asked = AskedOften::new(0);
        note(&asked, "bol", address(1));
        assert!(often(&asked, "b").is_empty());
    }
}
