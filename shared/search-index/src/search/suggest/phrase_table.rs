//! The phrases of one segment in memory, ready to tell the commonest that begin in some way.
//!
//! The phrases are sorted, so those with one beginning are neighbours; a tree of maxima above their counts gives the
//! commonest of any such neighbourhood in a few steps each, however many there are. Segments never change, so a table is
//! read once. It holds at most [`MAX_PHRASES`]; of more, the rarest are left out.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use tantivy::termdict::TermDictionary;

/// A table of so many phrases takes some 6 MB.
const MAX_PHRASES: usize = 100_000;

/// Phrases in this many listings or more are not told apart when the rarest are left out.
const MANY: usize = 1_024;

/// Phrases, sorted, with the number of listings that have each.
#[derive(Debug, Default)]
pub(super) struct PhraseTable {
    /// One behind the other.
    text: String,
    /// Where each ends.
    ends: Vec<u32>,
    counts: Vec<u32>,
    /// A tree: the commonest phrase below each node; the second half are the phrases themselves.
    commonest: Vec<u32>,
}

impl PhraseTable {
    /// Reads the terms of one segment.
    pub fn read(terms: &TermDictionary) -> tantivy::Result<Self> {
        let mut with_count = vec![0_usize; MANY + 1];
        let mut stream = terms.stream()?;
        while let Some((_, info)) = stream.next() {
            with_count[(info.doc_freq as usize).min(MANY)] += 1;
        }
        let least = least_kept(&with_count);
        let mut table = Self::default();
        let mut stream = terms.stream()?;
        while let Some((term, info)) = stream.next() {
            if let (true, Ok(phrase)) = (info.doc_freq as usize >= least, std::str::from_utf8(term)) {
                table.push(phrase, info.doc_freq);
            }
        }
        table.finish();
        Ok(table)
    }

    /// Phrases must come in order.
    fn push(&mut self, phrase: &str, count: u32) {
        let end = u32::try_from(self.text.len() + phrase.len());
        if let (Ok(end), true) = (end, self.ends.len() < MAX_PHRASES) {
            self.text.push_str(phrase);
            self.ends.push(end);
            self.counts.push(count);
        }
    }

    fn finish(&mut self) {
        let length = self.ends.len();
        self.commonest = vec![0; 2 * length];
        for place in 0..length {
            self.commonest[length + place] = as_place(place);
        }
        for node in (1..length).rev() {
            self.commonest[node] = self.commoner(self.commonest[2 * node], self.commonest[2 * node + 1]);
        }
        self.text.shrink_to_fit();
    }

    /// The commonest phrases with this beginning, at most `limit`, with their counts.
    pub fn commonest(&self, beginning: &str, limit: usize) -> Vec<(&str, u32)> {
        let mut found = Vec::with_capacity(limit);
        let mut ranges = BinaryHeap::new();
        let look_into = |ranges: &mut BinaryHeap<_>, range: Range<usize>| {
            if let Some(place) = self.commonest_in(range.clone()) {
                ranges.push((self.counts[place], Reverse(place), range.start, range.end));
            }
        };
        look_into(&mut ranges, self.with_beginning(beginning));
        while let (Some((count, Reverse(place), start, end)), true) = (ranges.pop(), found.len() < limit) {
            found.push((self.phrase(place), count));
            look_into(&mut ranges, start..place);
            look_into(&mut ranges, place + 1..end);
        }
        found
    }

    /// How many listings have exactly this phrase.
    pub fn count(&self, phrase: &str) -> u32 {
        let place = self.first_place(|known| known >= phrase);
        if place < self.ends.len() && self.phrase(place) == phrase { self.counts[place] } else { 0 }
    }

    fn with_beginning(&self, beginning: &str) -> Range<usize> {
        let start = self.first_place(|phrase| phrase >= beginning);
        start..self.first_place(|phrase| phrase >= beginning && !phrase.starts_with(beginning))
    }

    /// Where the phrases begin of which `is_behind` is true.
    fn first_place(&self, is_behind: impl Fn(&str) -> bool) -> usize {
        let (mut low, mut high) = (0, self.ends.len());
        while low < high {
            let middle = low.midpoint(high);
            if is_behind(self.phrase(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }

    fn commonest_in(&self, range: Range<usize>) -> Option<usize> {
        if range.is_empty() {
            return None;
        }
        let mut best = as_place(range.start);
        let length = self.ends.len();
        let (mut left, mut right) = (range.start + length, range.end + length);
        while left < right {
            if left % 2 == 1 {
                best = self.commoner(best, self.commonest[left]);
                left += 1;
            }
            if right % 2 == 1 {
                right -= 1;
                best = self.commoner(best, self.commonest[right]);
            }
            left /= 2;
            right /= 2;
        }
        Some(best as usize)
    }

    /// Of equals the one that comes first.
    fn commoner(&self, one: u32, other: u32) -> u32 {
        let rank = |place: u32| (self.counts[place as usize], Reverse(place));
        if rank(one) >= rank(other) { one } else { other }
    }

    fn phrase(&self, place: usize) -> &str {
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.text[start..self.ends[place] as usize]
    }
}

/// From which count on phrases are kept, so that they fit in.
fn least_kept(with_count: &[usize]) -> usize {
    let mut kept = 0;
    for count in (1..with_count.len()).rev() {
        kept += with_count[count];
        if kept > MAX_PHRASES {
            return count + 1;
        }
    }
    1
}

fn as_place(place: usize) -> u32 {
    u32::try_from(place).expect("a table has far fewer phrases")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn table(phrases: &std::collections::BTreeMap<String, u32>) -> PhraseTable {
        let mut table = PhraseTable::default();
        for (phrase, count) in phrases {
            table.push(phrase, *count);
        }
        table.finish();
        table
    }

    #[test]
    fn the_rarest_are_left_out_when_there_are_too_many() {
        let mut with_count = vec![0; MANY + 1];
        (with_count[1], with_count[2], with_count[9]) = (MAX_PHRASES * 30, MAX_PHRASES - 1, 1);
        assert_eq!(least_kept(&with_count), 2);
        with_count[9] = 2;
        assert_eq!(least_kept(&with_count), 3);
        with_count[2] = 0;
        with_count[1] = 5;
        assert_eq!(least_kept(&with_count), 1);
    }

    #[test]
    fn an_empty_table_knows_nothing() {
        assert!(PhraseTable::default().commonest("", 3).is_empty());
        assert_eq!(PhraseTable::default().count("bol"), 0);
    }

    proptest! {
        #[test]
        fn finds_what_looking_through_all_would_find(
            phrases in proptest::collection::btree_map("[ab]{0,4}", 1_u32..5, 0..60),
            beginning in "[ab]{0,3}",
            limit in 0_usize..8,
        ) {
            let table = table(&phrases);
            let mut expected: Vec<(&str, u32)> = phrases
                .iter()
                .filter(|(phrase, _)| phrase.starts_with(&beginning))
                .map(|(phrase, count)| (phrase.as_str(), *count))
                .collect();
            expected.sort_by_key(|(phrase, count)| (Reverse(*count), *phrase));
            expected.truncate(limit);
            prop_assert_eq!(table.commonest(&beginning, limit), expected);
            prop_assert_eq!(table.count(&beginning), phrases.get(&beginning).copied().unwrap_or_default());
        }
    }
}
