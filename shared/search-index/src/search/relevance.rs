//! Which listings match the words of a query, and how well.
//!
//! All units of the query (see `asked.rs`) are looked for first. When few listings have them all, fewer will do (see
//! [`Demand`]); those that have all come first in any case. What a unit is worth where it is found says `terms.rs`; words
//! that stand side by side in the title as they do in the query, and a title of the kind that the query names, add to
//! that. Being orderable decides between equals (see `counting.rs`).

use halles_domain::CategoryId;
use tantivy::query::{AllQuery, BooleanQuery, ConstScoreQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};

use super::SearchText;
use super::asked::{Asked, Leniency, Reading, heavy_words};
use super::coordination::TheMoreTheBetter;
use super::statistics::Frequencies;
use super::synonyms::Synonyms;
use super::terms::Terms;
use super::vocabulary::Vocabulary;
use crate::document::as_number;
use crate::schema::Fields;

/// How many of the units a listing must have, and what is taken for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Demand {
    /// Every one, as it was typed.
    AllExact,
    /// Every one, or what may have been meant.
    All,
    /// Half of them, rounded up.
    Half,
    /// One of them.
    One,
}

impl Demand {
    /// What to fall back to, from the strictest to the most lenient.
    pub const LENIENT: [Self; 3] = [Self::All, Self::Half, Self::One];

    /// What is taken for a unit.
    pub const fn leniency(self) -> Leniency {
        match self {
            Self::AllExact => Leniency::Exact,
            _ => Leniency::Lenient,
        }
    }

    fn of(self, units: usize) -> usize {
        match self {
            Self::AllExact | Self::All => units,
            Self::Half => units.div_ceil(2),
            Self::One => units.min(1),
        }
    }
}

/// A query in the terms of one generation.
pub(super) struct Wanted<'a> {
    fields: &'a Fields,
    asked: Asked,
    units: Vec<Box<dyn Query>>,
    bonuses: Vec<Box<dyn Query>>,
    pub frequencies: Frequencies,
}

impl<'a> Wanted<'a> {
    /// Reads `text` in the vocabulary of the index, and analyses it as the index was.
    pub fn new(
        text: &SearchText,
        leniency: Leniency,
        synonyms: &Synonyms,
        fields: &'a Fields,
        searcher: &Searcher,
    ) -> tantivy::Result<Self> {
        let words = heavy_words(text);
        let asked = Reading::new(Vocabulary::new(searcher, fields.words), synonyms, leniency).read(&words)?;
        let mut terms = Terms::new(fields, searcher);
        let mut units = Vec::with_capacity(asked.units.len());
        for unit in &asked.units {
            units.extend(terms.unit(unit)?);
        }
        let mut bonuses = terms.side_by_side(&words);
        bonuses.extend(terms.kind(text, &asked.units));
        Ok(Self { fields, asked, units, bonuses, frequencies: terms.frequencies })
    }

    /// Whether there are words to find; without, everything matches alike.
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// How many units `demand` asks for.
    pub fn demanded(&self, demand: Demand) -> usize {
        demand.of(self.units.len())
    }

    /// Whether this asks for the same as `other`.
    pub fn asks_the_same_as(&self, other: &Self) -> bool {
        self.asked.units == other.asked.units
    }

    /// The query with its probable mistakes put right; nothing when there are none.
    pub fn corrected(&self, text: &SearchText) -> Option<String> {
        self.asked.corrected(text)
    }

    /// Listings in `category` that have at least `demanded` of the units, scored.
    pub fn query(&self, demanded: usize, category: Option<CategoryId>) -> Box<dyn Query> {
        let mut query: Box<dyn Query> = if self.is_empty() {
            Box::new(AllQuery)
        } else {
            match_at_least(self.units.iter().map(|unit| unit.box_clone()).collect(), demanded)
        };
        if let Some(category) = category {
            let id = Term::from_field_u64(self.fields.category, as_number(i64::from(category.get())));
            let in_category = ConstScoreQuery::new(Box::new(TermQuery::new(id, IndexRecordOption::Basic)), 0.0);
            query = Box::new(BooleanQuery::intersection(vec![query, Box::new(in_category)]));
        }
        // One around the other: side by side, the engine would first unite them all, over the whole index.
        for bonus in &self.bonuses {
            query = Box::new(BooleanQuery::new(vec![(Occur::Must, query), (Occur::Should, bonus.box_clone())]));
        }
        query
    }
}

fn match_at_least(wanted: Vec<Box<dyn Query>>, demanded: usize) -> Box<dyn Query> {
    if demanded >= wanted.len() {
        Box::new(BooleanQuery::intersection(wanted))
    } else {
        Box::new(TheMoreTheBetter { wanted, demanded })
    }
}
