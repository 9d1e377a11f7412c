//! Chance that can be repeated: the same seed and number always give the same throws.

/// A small pseudo-random generator (SplitMix64). Ours, because the rows of a seed must stay the same when a library
/// changes its algorithm.
#[derive(Debug, Clone)]
pub struct Dice {
    state: u64,
}

const GOLDEN_GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

impl Dice {
    /// The dice of the `index`-th thing of a kind; kinds keep shops and listings from throwing the same numbers.
    pub const fn of(seed: u64, kind: u64, index: u64) -> Self {
        Self { state: mix(mix(seed ^ mix(kind)).wrapping_add(index.wrapping_mul(GOLDEN_GAMMA))) }
    }

    const fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN_GAMMA);
        mix(self.state)
    }

    /// A number below `bound`, which must not be zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        let product = u128::from(self.next()) * u128::from(bound);
        u64::try_from(product >> 64).expect("the upper half of a product fits")
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        let span = u64::from(high.saturating_sub(low)) + 1;
        low + u32::try_from(self.below(span)).expect("below a span of two u32")
    }

    /// One of `choices`, which must not be empty.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        let index = self.below(choices.len() as u64);
        &choices[usize::try_from(index).expect("below a length")]
    }

    /// One of `choices`, if there are any.
    pub fn pick_any<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        (!choices.is_empty()).then(|| self.pick(choices))
    }

    /// True in `percent` of a hundred throws.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_throws_the_same_numbers_for_ever() {
        let mut dice = Dice::of(1, 2, 3);
        let throws: Vec<u32> = (0..5).map(|_| dice.between(1, 6)).collect();
        let mut again = Dice::of(1, 2, 3);
        assert_eq!(throws, (0..5).map(|_| again.between(1, 6)).collect::<Vec<_>>());
        assert_ne!(Dice::of(1, 2, 3).next(), Dice::of(1, 2, 4).next());
        assert_ne!(Dice::of(1, 2, 3).next(), Dice::of(1, 3, 3).next());
    }

    #[test]
    fn stays_within_its_bounds_and_reaches_them() {
        let mut dice = Dice::of(7, 0, 0);
        let throws: Vec<u32> = (0..1_000).map(|_| dice.between(3, 8)).collect();
        assert_eq!((throws.iter().min(), throws.iter().max()), (Some(&3), Some(&8)));
    }
}
