//! Reading the columns of a segment: numbers and short texts of its listings.

use std::ops::Range;

use halles_domain::Currency;
use tantivy::columnar::{Cardinality, Column, StrColumn, TermOrdHit};
use tantivy::{DocId, SegmentReader};

use crate::schema::{CURRENCY, PRICE};

/// A text column, in which texts are compared by their place among the segment's texts.
pub(super) struct Texts {
    column: StrColumn,
}

impl Texts {
    /// The column; nothing when no listing of the segment has such a text.
    pub fn open(segment: &SegmentReader, name: &str) -> tantivy::Result<Option<Self>> {
        let column = segment.fast_fields().str(name)?;
        Ok(column.filter(|column| column.num_terms() > 0).map(|column| Self { column }))
    }

    /// The places of each listing's texts.
    pub fn places(&self) -> &Column<u64> {
        self.column.ords()
    }

    /// How many different texts there are.
    pub fn len(&self) -> usize {
        self.column.num_terms()
    }

    /// The place of a text.
    pub fn place(&self, text: &str) -> tantivy::Result<Option<u64>> {
        Ok(self.column.dictionary().term_ord(text)?)
    }

    /// The text at a place.
    pub fn text(&self, place: u64) -> tantivy::Result<String> {
        let mut text = String::new();
        self.column.ord_to_str(place, &mut text)?;
        Ok(text)
    }

    /// The places of the texts that begin with `beginning`, which ends with an ASCII character below the last.
    pub fn beginning_with(&self, beginning: &str) -> tantivy::Result<Range<u64>> {
        let mut past = beginning.as_bytes().to_vec();
        if let Some(last) = past.last_mut() {
            *last += 1;
        }
        Ok(self.place_or_next(beginning.as_bytes())?..self.place_or_next(&past)?)
    }

    fn place_or_next(&self, text: &[u8]) -> tantivy::Result<u64> {
        let (TermOrdHit::Exact(place) | TermOrdHit::Next(place)) = self.column.dictionary().term_ord_or_next(text)?;
        Ok(place.min(self.len() as u64))
    }

    /// Shows every text, in the order of their places.
    pub fn for_each(&self, mut show: impl FnMut(&str)) -> tantivy::Result<()> {
        let mut texts = self.column.dictionary().stream()?;
        while texts.advance() {
            show(std::str::from_utf8(texts.key()).unwrap_or_default());
        }
        Ok(())
    }
}

/// Prices in one currency.
pub(super) struct Prices {
    cents: Column<u64>,
    counts: Counts,
}

/// Which prices are in the currency.
enum Counts {
    All,
    None,
    Those { currencies: Column<u64>, ours: u64 },
}

impl Prices {
    pub fn open(segment: &SegmentReader, currency: Currency) -> tantivy::Result<Self> {
        let cents = segment.fast_fields().u64(PRICE)?;
        let counts = match Texts::open(segment, CURRENCY)? {
            None => Counts::None,
            Some(currencies) => match currencies.place(currency.code())? {
                None => Counts::None,
                Some(_) if currencies.len() == 1 => Counts::All,
                Some(ours) => Counts::Those { currencies: currencies.places().clone(), ours },
            },
        };
        Ok(Self { cents, counts })
    }

    /// The listing's price, when it has one in this currency.
    #[inline]
    pub fn of(&self, listing: DocId) -> Option<u64> {
        match &self.counts {
            Counts::All => self.cents.first(listing),
            Counts::None => None,
            Counts::Those { currencies, ours } => {
                self.cents.first(listing).filter(|_| currencies.first(listing) == Some(*ours))
            }
        }
    }
}

/// Reads the numbers of many listings in one go.
#[derive(Default)]
pub(super) struct BlockReader {
    listings: Vec<DocId>,
    rows: Vec<u32>,
    values: Vec<u64>,
}

impl BlockReader {
    /// The numbers of `listings`, which rise; of all of them together when they have several.
    pub fn read(&mut self, column: &Column<u64>, listings: &[DocId]) -> &[u64] {
        if column.get_cardinality() == Cardinality::Full {
            self.values.resize(listings.len(), 0);
            column.values.get_vals(listings, &mut self.values);
            return &self.values;
        }
        self.listings.clear();
        self.rows.clear();
        column.row_ids_for_docs(listings, &mut self.listings, &mut self.rows);
        self.values.resize(self.rows.len(), 0);
        column.values.get_vals(&self.rows, &mut self.values);
        &self.values
    }
}
