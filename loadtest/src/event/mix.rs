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
}

impl PageClass {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Home, Self::Category, Self::Listing, Self::Search];

    /// Its name, as in event files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Category => "category",
            Self::Listing => "listing",
            Self::Search => "search",
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
    /// The share of listing pages that are of featured listings.
    pub featured: f64,
}

impl Mix {
    /// Sums differ a little from one where people write thirds.
    const TOLERANCE: f64 = 0.005;

    /// A mix; none unless the shares are shares and their sum is one.
    pub fn new(shares: [f64; PageClass::ALL.len()], featured: f64) -> Option<Self> {
        let is_share = |share: &f64| (0.0..=1.0).contains(share);
        let sum: f64 = shares.iter().sum();
        let is_whole = (sum - 1.0).abs() <= Self::TOLERANCE;
        (is_whole && shares.iter().all(is_share) && is_share(&featured)).then_some(Self { shares, featured })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_make_a_whole() {
        assert!(Mix::new([0.1, 0.2, 0.5, 0.2], 0.9).is_some());
        assert!(Mix::new([0.1, 0.2, 0.5, 0.1], 0.9).is_none());
        assert!(Mix::new([-0.1, 0.4, 0.5, 0.2], 0.9).is_none());
        assert!(Mix::new([0.1, 0.2, 0.5, 0.2], 1.1).is_none());
    }

    #[test]
    fn lots_fall_as_often_as_the_shares_say() {
        let mix = Mix::new([0.1, 0.2, 0.5, 0.2], 0.9).expect("a mix");
        for class in PageClass::ALL {
            let hits = (0..1_000).filter(|lot| mix.pick(f64::from(*lot) / 1_000.0) == class).count();
            assert!((hits as f64 - mix.share(class) * 1_000.0).abs() <= 1.0, "{class}: {hits}");
        }
    }
}
