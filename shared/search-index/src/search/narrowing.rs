//! What a search is narrowed to, and which listings pass.
//!
//! A search is narrowed in several respects: by price, by shop, by language, by availability, and by each property of
//! which values were chosen. A listing must pass in every respect; within one, any of the chosen values will do. So that
//! each list of choices can show what *another* choice would find, a listing is not just let through or not: its
//! [`Failures`] say in which respects it does not pass.

use std::ops::Range;

use halles_domain::{Facet, Invalid, Language, SellerId};
use tantivy::columnar::Column;
use tantivy::{DocId, SegmentReader};

use super::SearchQuery;
use super::columns::{Prices, Texts};
use super::near::{Distances, Near};
use crate::document::as_number;
use crate::facet_term::{beginning_of_name, beginning_of_value};
use crate::schema::{FACET, LANGUAGE, ORDERABLE, SELLER};

/// What a search is narrowed to; nothing by default.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Narrowing {
    /// Only listings with a price in this range.
    pub price: PriceRange,
    /// Only listings of one of these shops.
    pub shops: Vec<SellerId>,
    /// Only listings written in this language.
    pub language: Option<Language>,
    /// Only listings of which a piece can be put into the basket now.
    pub is_orderable: bool,
    /// Only listings with one of the chosen values of each property that is named.
    pub facets: Vec<Facet>,
}

/// One way in which a search is narrowed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Respect {
    /// By price.
    Price,
    /// By shop.
    Shop,
    /// By language.
    Language,
    /// By whether it can be ordered.
    Availability,
    /// By how far away it is.
    Place,
    /// By the property of this folded name.
    Property(String),
}

impl Narrowing {
    /// The most values that can be chosen, of all properties together.
    pub const MAX_FACETS: usize = 48;
    /// The most shops that can be chosen.
    pub const MAX_SHOPS: usize = 48;
    /// The most properties of which values can be chosen.
    pub const MAX_PROPERTIES: usize = 12;

    /// Whether it lets everything pass.
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it asks for no more than a search may.
    pub fn check(&self) -> Result<(), Invalid> {
        let properties = self.respects(None).iter().filter(|respect| matches!(respect, Respect::Property(_))).count();
        if self.facets.len() > Self::MAX_FACETS || properties > Self::MAX_PROPERTIES {
            let most = format!("must be at most {} values of {} properties", Self::MAX_FACETS, Self::MAX_PROPERTIES);
            return Err(Invalid::new("facet", most));
        }
        if self.shops.len() > Self::MAX_SHOPS {
            return Err(Invalid::new("shop", format!("must be at most {}", Self::MAX_SHOPS)));
        }
        Ok(())
    }

    /// In which respects the search is narrowed. Their order is that of the bits of [`Failures`].
    pub(super) fn respects(&self, near: Option<Near>) -> Vec<Respect> {
        let fixed = [
            (!self.price.is_open(), Respect::Price),
            (!self.shops.is_empty(), Respect::Shop),
            (self.language.is_some(), Respect::Language),
            (self.is_orderable, Respect::Availability),
            (near.is_some_and(|near| near.radius_km.is_some()), Respect::Place),
        ];
        let mut respects: Vec<Respect> =
            fixed.into_iter().filter_map(|(is_narrowed, respect)| is_narrowed.then_some(respect)).collect();
        for facet in &self.facets {
            let respect = Respect::Property(facet.name().to_owned());
            if !respects.contains(&respect) && respects.len() < Failures::MOST {
                respects.push(respect);
            }
        }
        respects
    }
}

/// A range of prices in cents of one currency, both ends included; open where nothing is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct PriceRange {
    /// The lowest price.
    pub min_cents: Option<i64>,
    /// The highest price.
    pub max_cents: Option<i64>,
}

impl PriceRange {
    /// Whether everything is in it, even a listing without a price.
    pub const fn is_open(self) -> bool {
        self.min_cents.is_none() && self.max_cents.is_none()
    }

    fn contains(self, price: Option<u64>) -> bool {
        let Some(price) = price else { return self.is_open() };
        self.min_cents.is_none_or(|min| price >= as_number(min))
            && self.max_cents.is_none_or(|max| price <= as_number(max))
    }
}

/// In which respects a listing does not pass; the place of each is that in [`Narrowing::respects`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Failures(u32);

impl Failures {
    /// In how many respects a search can be narrowed.
    const MOST: usize = 32;

    /// Whether it passes in every respect.
    pub const fn are_none(self) -> bool {
        self.0 == 0
    }

    /// The place of the one respect in which it does not pass, when it is just one.
    pub const fn only(self) -> Option<usize> {
        if self.0.is_power_of_two() { Some(self.0.trailing_zeros() as usize) } else { None }
    }
}

/// A narrowing, ready for the listings of one segment.
pub(super) struct Filters {
    checks: Vec<Check>,
}

enum Check {
    Price(Prices, PriceRange),
    /// So many metres.
    Near(Distances, f64),
    /// One of these numbers, which rise.
    AnyOf(Column<u64>, Vec<u64>),
    /// One of these ranges of numbers.
    Within(Column<u64>, Vec<Range<u64>>),
    /// Nothing in this segment passes.
    Nothing,
}

impl Filters {
    pub fn open(query: &SearchQuery, segment: &SegmentReader) -> tantivy::Result<Self> {
        let open = |respect: &Respect| Check::open(respect, query, segment);
        let checks = query.respects().iter().map(open).collect::<tantivy::Result<_>>()?;
        Ok(Self { checks })
    }

    /// Whether everything passes.
    pub fn are_none(&self) -> bool {
        self.checks.is_empty()
    }

    #[inline]
    pub fn failures(&self, listing: DocId) -> Failures {
        let mut failures = 0;
        for (place, check) in self.checks.iter().enumerate() {
            failures |= u32::from(!check.passes(listing)) << place;
        }
        Failures(failures)
    }
}

impl Check {
    fn open(respect: &Respect, query: &SearchQuery, segment: &SegmentReader) -> tantivy::Result<Self> {
        let narrowing = &query.narrowing;
        let numbers = segment.fast_fields();
        Ok(match respect {
            Respect::Price => Self::Price(Prices::open(segment, query.currency)?, narrowing.price),
            Respect::Shop => {
                let mut shops: Vec<u64> = narrowing.shops.iter().map(|shop| as_number(shop.get())).collect();
                shops.sort_unstable();
                Self::AnyOf(numbers.u64(SELLER)?, shops)
            }
            Respect::Language => {
                let Some(languages) = Texts::open(segment, LANGUAGE)? else { return Ok(Self::Nothing) };
                let code = narrowing.language.map_or("", Language::code);
                let place = languages.place(code)?;
                place.map_or(Self::Nothing, |place| Self::AnyOf(languages.places().clone(), vec![place]))
            }
            Respect::Availability => Self::AnyOf(numbers.u64(ORDERABLE)?, vec![1]),
            Respect::Place => {
                let Some(near) = query.near else { return Ok(Self::Nothing) };
                let metres = near.radius_km.map_or(f64::INFINITY, |km| f64::from(km) * 1_000.0);
                Self::Near(Distances::open(segment, near.coordinates)?, metres)
            }
            Respect::Property(name) => {
                let Some(facets) = Texts::open(segment, FACET)? else { return Ok(Self::Nothing) };
                let chosen = narrowing.facets.iter().filter(|facet| facet.name() == name);
                let places: Vec<Range<u64>> = chosen
                    .map(|facet| facets.beginning_with(&beginning_of_value(facet)))
                    .collect::<tantivy::Result<_>>()?;
                Self::Within(facets.places().clone(), places)
            }
        })
    }

    fn passes(&self, listing: DocId) -> bool {
        match self {
            Self::Price(prices, range) => range.contains(prices.of(listing)),
            Self::Near(distances, most) => distances.metres(listing).is_some_and(|metres| metres <= *most),
            Self::AnyOf(column, numbers) => {
                column.first(listing).is_some_and(|number| numbers.binary_search(&number).is_ok())
            }
            Self::Within(column, ranges) => {
                column.values_for_doc(listing).any(|place| ranges.iter().any(|range| range.contains(&place)))
            }
            Self::Nothing => false,
        }
    }
}

/// The places of all values of a property in a segment, chosen or not.
pub(super) fn places_of_property(name: &str, segment: &SegmentReader) -> tantivy::Result<Range<u64>> {
    match Texts::open(segment, FACET)? {
        Some(facets) => facets.beginning_with(&beginning_of_name(name)),
        None => Ok(0..0),
    }
}
