//! What a crowd looks at.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A kind of page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageClass {
    /// The home page.
    Home,
    /// A category.
    Category,
    /// A listing: one of the featured ones first of all.
    Listing,
    /// Search results.
    Search,
    /// An order: no page to look at, but what all the others are for.
    Order,
}

impl PageClass {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Home, Self::Category, Self::Listing, Self::Search, Self::Order];

    /// Its name, as in event files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Category => "category",
            Self::Listing => "listing",
            Self::Search => "search",
            Self::Order => "order",
        }
    }
}

impl fmt::Display for PageClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The share of each kind of page among all page views. Together they are one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mix {
    /// By kind, in the order of [`PageClass::ALL`].
    shares: [f64; PageClass::ALL.len()],
    /// The share of listing pages and orders that are of featured listings.
    pub featured: f64,
    /// The share of page views on phones.
    pub phone: f64,
    /// The share of page views of visitors who have nothing in their basket yet.
    pub anonymous: f64,
}

impl Mix {
    /// Sums differ a little from one where people write thirds.
    const TOLERANCE: f64 = 0.005;

    /// A mix of kinds in the order of [`PageClass::ALL`]; none unless the shares are shares and their sum is one.
    pub fn new(shares: [f64; PageClass::ALL.len()], featured: f64) -> Option<Self> {
        let sum: f64 = shares.iter().sum();
        let is_whole = (sum - 1.0).abs() <= Self::TOLERANCE;
        let are_shares = shares.iter().chain([&featured]).all(|share| is_share(*share));
        (is_whole && are_shares).then_some(Self { shares, featured, phone: 0.8, anonymous: 0.9 })
    }

    /// The same crowd with so many on phones, and so many with nothing in the basket; none unless both are shares.
    pub fn with_visitors(self, phone: f64, anonymous: f64) -> Option<Self> {
        (is_share(phone) && is_share(anonymous)).then_some(Self { phone, anonymous, ..self })
    }

    /// The share of a kind.
    pub const fn share(&self, class: PageClass) -> f64 {
        self.shares[class as usize]
    }

    /// The kind that a lot between 0 and 1 falls on.
    pub fn pick(&self, lot: f64) -> PageClass {
        let mut rest = lot * self.shares.iter().sum::<f64>();
        for class in PageClass::ALL {
            rest -= self.share(class);
            if rest < 0.0 {
                return class;
            }
        }
        PageClass::Listing
    }
}

fn is_share(share: f64) -> bool {
    (0.0..=1.0).contains(&share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_make_a_whole() {
        let mix = Mix::new([0.1, 0.2, 0.5, 0.18, 0.02], 0.9).expect("a mix");
        assert!(mix.with_visitors(1.0, 0.0).is_some());
        assert!(mix.with_visitors(1.1, 0.0).is_none());
        assert!(Mix::new([0.1, 0.2, 0.5, 0.1, 0.0], 0.9).is_none());
        assert!(Mix::new([-0.1, 0.4, 0.5, 0.2, 0.0], 0.9).is_none());
        assert!(Mix::new([0.1, 0.2, 0.5, 0.2, 0.0], 1.1).is_none());
    }

    #[test]
    fn lots_fall_as_often_as_the_shares_say() {
        let mix = Mix::new([0.1, 0.2, 0.5, 0.15, 0.05], 0.9).expect("a mix");
        for class in PageClass::ALL {
            let hits = (0..1_000).filter(|lot| mix.pick(f64::from(*lot) / 1_000.0) == class).count();
            assert!((hits as f64 - mix.share(class) * 1_000.0).abs() <= 1.0, "{class}: {hits}");
        }
    }
}
