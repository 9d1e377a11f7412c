//! Counting by number: an array for small numbers, a map for whatever else there is.

use std::collections::HashMap;

/// How often each number was seen.
#[derive(Debug, Default)]
pub(super) struct Tally {
    small: Vec<u32>,
    large: HashMap<u64, u32>,
}

impl Tally {
    /// Half a megabyte at most for each array. Categories, shops and values of properties are numbered from one.
    const SMALL: usize = 1 << 17;

    #[inline]
    pub fn add(&mut self, number: u64) {
        self.add_many(number, 1);
    }

    #[inline]
    pub fn add_many(&mut self, number: u64, count: u32) {
        let index = usize::try_from(number).unwrap_or(usize::MAX);
        if index >= Self::SMALL {
            *self.large.entry(number).or_default() += count;
            return;
        }
        if index >= self.small.len() {
            // Room for the neighbours too, since they are bound to follow.
            self.small.resize((index + 1).next_power_of_two().clamp(64, Self::SMALL), 0);
        }
        self.small[index] += count;
    }

    /// The numbers that were seen, each with how often.
    pub fn counted(&self) -> impl Iterator<Item = (u64, u32)> + '_ {
        let small = self.small.iter().enumerate().map(|(index, count)| (index as u64, *count));
        small.filter(|(_, count)| *count > 0).chain(self.large.iter().map(|(number, count)| (*number, *count)))
    }

    /// Adds what another one has counted.
    pub fn merge(&mut self, other: &Self) {
        for (number, count) in other.counted() {
            self.add_many(number, count);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn counts_like_a_map(numbers in prop::collection::vec(prop_oneof![0_u64..300, 131_000_u64..131_200, any::<u64>()], 0..200)) {
            let mut expected: BTreeMap<u64, u32> = BTreeMap::new();
            let (mut front, mut back) = (Tally::default(), Tally::default());
            for (place, number) in numbers.iter().enumerate() {
                *expected.entry(*number).or_default() += 1;
                if place % 2 == 0 { front.add(*number) } else { back.add(*number) }
            }
            front.merge(&back);
            prop_assert_eq!(front.counted().collect::<BTreeMap<_, _>>(), expected);
        }
    }
}
