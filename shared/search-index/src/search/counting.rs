//! What is counted beside the hits: in which categories they are, at which prices, in which shops, with which properties.
//!
//! A list of choices does not narrow itself: whatever colours were chosen, each colour is counted with the listings that
//! would be found if it alone were chosen. So listings that fail in one respect only still count for the choices of that
//! respect, and for no others.

use std::ops::Range;

use tantivy::columnar::Column;
use tantivy::{DocId, SegmentOrdinal, SegmentReader};

use super::SearchQuery;
use super::columns::{BlockReader, Prices, Texts};
use super::facets::FacetsWanted;
use super::narrowing::{Respect, places_of_property};
use super::tally::Tally;
use crate::document::as_number;
use crate::schema::{CATEGORY, CURRENCY, FACET, LANGUAGE, ORDERABLE, SELLER};

/// The counts of one segment. Texts are counted by their place in it.
#[derive(Debug, Default)]
pub(super) struct Tallies {
    pub segment: SegmentOrdinal,
    pub categories: Tally,
    /// By price band, from the cheapest.
    pub prices: Vec<u64>,
    pub shops: Tally,
    pub languages: Tally,
    pub currencies: Tally,
    /// Those that can be ordered now.
    pub orderable: u64,
    pub facets: Tally,
}

/// Counts the listings of one segment.
pub(super) struct SegmentCounting {
    tallies: Tallies,
    categories: Column<u64>,
    prices: Prices,
    price_edges: Vec<u64>,
    shops: Column<u64>,
    languages: Option<Column<u64>>,
    currencies: Option<Column<u64>>,
    orderable: Column<u64>,
    facets: Option<Column<u64>>,
    /// The choices of each respect in which the search is narrowed.
    choices: Vec<Choices>,
    block: BlockReader,
}

/// What a listing still counts for that fails in one respect only.
enum Choices {
    Prices,
    Shops,
    Languages,
    /// What is no list: who cannot be ordered is counted nowhere as orderable, and nobody counts by distance.
    None,
    /// The values of a property, by their places in the segment.
    Property(Range<u64>),
}

impl SegmentCounting {
    pub fn open(wanted: &FacetsWanted, query: &SearchQuery, segment: &SegmentReader) -> tantivy::Result<Self> {
        let numbers = segment.fast_fields();
        let places =
            |name| Ok::<_, tantivy::TantivyError>(Texts::open(segment, name)?.map(|texts| texts.places().clone()));
        let price_edges: Vec<u64> = wanted.price_edges_cents.iter().map(|edge| as_number(*edge)).collect();
        let bands = if price_edges.is_empty() { 0 } else { price_edges.len() + 1 };
        let choices = query.respects().into_iter().map(|respect| Choices::of(&respect, segment));
        Ok(Self {
            tallies: Tallies { prices: vec![0; bands], ..Tallies::default() },
            categories: numbers.u64(CATEGORY)?,
            prices: Prices::open(segment, query.currency)?,
            price_edges,
            shops: numbers.u64(SELLER)?,
            languages: places(LANGUAGE)?,
            currencies: places(CURRENCY)?,
            orderable: numbers.u64(ORDERABLE)?,
            facets: if wanted.properties > 0 { places(FACET)? } else { None },
            choices: choices.collect::<tantivy::Result<_>>()?,
            block: BlockReader::default(),
        })
    }

    /// Counts listings that pass, and rise.
    pub fn add(&mut self, listings: &[DocId]) {
        let Self { tallies, block, .. } = self;
        let always = [(&self.categories, &mut tallies.categories), (&self.shops, &mut tallies.shops)];
        let texts = [
            (&self.languages, &mut tallies.languages),
            (&self.currencies, &mut tallies.currencies),
            (&self.facets, &mut tallies.facets),
        ];
        let texts = texts.into_iter().filter_map(|(column, tally)| Some((column.as_ref()?, tally)));
        for (column, tally) in always.into_iter().chain(texts) {
            block.read(column, listings).iter().for_each(|number| tally.add(*number));
        }
        let orderable = block.read(&self.orderable, listings);
        tallies.orderable += orderable.iter().filter(|orderable| **orderable == 1).count() as u64;
        for listing in listings {
            self.add_price(*listing);
        }
    }

    /// Counts a listing that fails in nothing but this respect.
    pub fn add_missed(&mut self, listing: DocId, respect: usize) {
        let tallies = &mut self.tallies;
        let count = |column: &Column<u64>, tally: &mut Tally| {
            column.values_for_doc(listing).for_each(|number| tally.add(number));
        };
        match &self.choices[respect] {
            Choices::Prices => {
                if let Some(currencies) = &self.currencies {
                    count(currencies, &mut tallies.currencies);
                }
                self.add_price(listing);
            }
            Choices::Shops => count(&self.shops, &mut tallies.shops),
            Choices::Languages => {
                if let Some(languages) = &self.languages {
                    count(languages, &mut tallies.languages);
                }
            }
            Choices::Property(places) => {
                if let Some(facets) = &self.facets {
                    let values = facets.values_for_doc(listing).filter(|place| places.contains(place));
                    values.for_each(|place| tallies.facets.add(place));
                }
            }
            Choices::None => {}
        }
    }

    #[inline]
    fn add_price(&mut self, listing: DocId) {
        if self.price_edges.is_empty() {
            return;
        }
        if let Some(price) = self.prices.of(listing) {
            self.tallies.prices[self.price_edges.partition_point(|edge| *edge <= price)] += 1;
        }
    }

    pub fn harvest(self, segment: SegmentOrdinal) -> Tallies {
        Tallies { segment, ..self.tallies }
    }
}

impl Choices {
    fn of(respect: &Respect, segment: &SegmentReader) -> tantivy::Result<Self> {
        Ok(match respect {
            Respect::Price => Self::Prices,
            Respect::Shop => Self::Shops,
            Respect::Language => Self::Languages,
            Respect::Availability | Respect::Place => Self::None,
            Respect::Property(name) => Self::Property(places_of_property(name, segment)?),
        })
    }
}
