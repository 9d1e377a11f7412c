//! Cheap random numbers, one source for each worker: for names of requests and for drawing samples, never for secrets.

use std::cell::Cell;

use uuid::Uuid;

/// A source that is seeded by the system once.
pub(crate) struct Chance {
    prefix: u64,
    state: Cell<u64>,
}

impl Chance {
    pub(crate) fn new() -> Self {
        let (prefix, state) = Uuid::new_v4().as_u64_pair();
        Self { prefix, state: Cell::new(state) }
    }

    /// The next number (SplitMix64: every number comes once before any comes twice).
    fn next(&self) -> u64 {
        let state = self.state.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.state.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Whether something happens that happens in this share of all cases.
    pub(crate) fn draw(&self, share: Share) -> bool {
        share.0 > 0 && self.next() >> 32 < share.0
    }

    /// A number from 0 up to 1, for drawing lots.
    pub(crate) fn lot(&self) -> f64 {
        // Each number of 53 bits has a place of its own in a float.
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A name that this source gives once, and no other is likely to give: 32 hexadecimal digits.
    pub(crate) fn name(&self) -> [u8; 32] {
        let number = u128::from(self.prefix) << 64 | u128::from(self.next());
        let mut name = [0; 32];
        for (place, digit) in name.iter_mut().enumerate() {
            let nibble = number >> (124 - 4 * place) & 0xf;
            *digit = b"0123456789abcdef"[nibble as usize];
        }
        name
    }
}

/// A share of all cases.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Share(u64);

impl Share {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies between 0 and 2^32")]
    pub(crate) fn new(share: f64) -> Self {
        Self((share.clamp(0.0, 1.0) * (1_u64 << 32) as f64) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_kept() {
        let chance = Chance::new();
        let drawn = |share| (0..10_000).filter(|_| chance.draw(Share::new(share))).count();
        assert_eq!(drawn(0.0), 0);
        assert_eq!(drawn(1.0), 10_000);
        assert!((800..1_200).contains(&drawn(0.1)), "a tenth of 10,000, give or take");
    }

    #[test]
    fn names_differ_and_are_hexadecimal() {
        let chance = Chance::new();
        let (one, other) = (chance.name(), chance.name());
        assert_ne!(one, other);
        assert!(one.iter().all(u8::is_ascii_hexdigit));
    }
}
