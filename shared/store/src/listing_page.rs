//! Pages of listings: what is asked for, what comes back, and the place where the next page begins.

use std::fmt;
use std::str::FromStr;

use halles_domain::{CategoryId, Invalid, ListingId};

/// The order of a page of listings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ListingSort {
    /// The newest first.
    #[default]
    Newest,
    /// The cheapest first; what has no price comes last.
    PriceAsc,
    /// The dearest first; what has no price comes last.
    PriceDesc,
}

/// Which published listings of some categories to list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CategoryQuery {
    /// The categories; for a category page the subtree. A page reads about `categories × limit` index rows.
    pub categories: Vec<CategoryId>,
    /// Only those that cost at least this. A price limit leaves out what has no price.
    pub min_cents: Option<i64>,
    /// Only those that cost at most this.
    pub max_cents: Option<i64>,
    /// The order.
    pub sort: ListingSort,
    /// The page after this place; from the start when it is absent or belongs to another order.
    pub after: Option<Keyset>,
    /// The most listings, up to [`ListingPage::MAX_LIMIT`].
    pub limit: usize,
}

impl CategoryQuery {
    /// Whether prices are limited in any way.
    pub const fn has_price_limit(&self) -> bool {
        self.min_cents.is_some() || self.max_cents.is_some()
    }
}

/// A page of listings in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListingPage {
    /// The listings.
    pub ids: Vec<ListingId>,
    /// Where the next page begins; none when this is the last one.
    pub next: Option<Keyset>,
}

impl ListingPage {
    /// The most listings on a page.
    pub const MAX_LIMIT: usize = 200;
}

/// The last listing of a page by what it was sorted by, so that the next page starts right after it, whatever was
/// published or sold in between. Its text is fit for an address and means nothing to anybody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Keyset {
    /// Sorted by age.
    Newest {
        /// The last listing.
        id: ListingId,
    },
    /// Sorted by price, among those that have one.
    Priced {
        /// The last listing's price.
        cents: i64,
        /// The last listing.
        id: ListingId,
    },
    /// Sorted by price, among those that have none.
    Unpriced {
        /// The last listing.
        id: ListingId,
    },
}

impl Keyset {
    /// Whether this place belongs to `sort`.
    pub const fn fits(self, sort: ListingSort) -> bool {
        matches!(self, Self::Newest { .. }) == matches!(sort, ListingSort::Newest)
    }
}

impl fmt::Display for Keyset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newest { id } => write!(f, "n{id}"),
            Self::Priced { cents, id } => write!(f, "p{cents}-{id}"),
            Self::Unpriced { id } => write!(f, "u{id}"),
        }
    }
}

impl FromStr for Keyset {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let invalid = |_| Invalid::new("after", "must be the `next` of an earlier page");
        let id = |text: &str| text.parse::<ListingId>().map_err(invalid);
        match text.split_at_checked(1) {
            Some(("n", rest)) => Ok(Self::Newest { id: id(rest)? }),
            Some(("u", rest)) => Ok(Self::Unpriced { id: id(rest)? }),
            Some(("p", rest)) => {
                let (cents, last) = rest.split_once('-').unwrap_or_default();
                let cents = cents.parse::<u64>().ok().and_then(|cents| i64::try_from(cents).ok());
                let cents = cents.ok_or(Invalid::new("after", "")).map_err(invalid)?;
                Ok(Self::Priced { cents, id: id(last)? })
            }
            _ => Err(invalid(Invalid::new("after", ""))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_an_address() {
        let id = ListingId::new(7);
        for place in [Keyset::Newest { id }, Keyset::Priced { cents: 0, id }, Keyset::Unpriced { id }] {
            assert_eq!(place.to_string().parse(), Ok(place));
            assert!(place.to_string().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
        }
    }

    #[test]
    fn an_invented_place_is_refused() {
        for bad in ["", "n", "n0", "n-1", "x1", "p1", "p-1-1", "p1-", "p99999999999999999999-1", "é1", "u1;DROP"] {
            assert!(bad.parse::<Keyset>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_place_belongs_to_its_order() {
        let newest = Keyset::Newest { id: ListingId::new(1) };
        assert!(newest.fits(ListingSort::Newest) && !newest.fits(ListingSort::PriceAsc));
        assert!(Keyset::Unpriced { id: ListingId::new(1) }.fits(ListingSort::PriceDesc));
    }
}
