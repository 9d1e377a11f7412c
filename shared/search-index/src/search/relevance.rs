//! Which listings match the words of a query, and how well.
//!
//! All units of the query (see `asked.rs`) are looked for first. When few listings have them all, fewer will do (see
//! [`Demand`]). What a unit is worth where it is found says `terms.rs`; words that stand side by side in the title as they
//! do in the query, and a title of the kind that the query names, add to that. The best hits are then looked at once more
//! (see `reranking.rs`). Being orderable decides between equals (see `signals.rs`).

use halles_domain::{CategoryId, ListingId};
use tantivy::query::{AllQuery, BooleanQuery, ConstScoreQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};

use super::SearchText;
use super::asked::{Asked, Leniency, Reading, heavy_words};
use super::coordination::TheMoreTheBetter;
use super::hit_columns::HitColumns;
use super::rules::{Ruled, pinned_scores};
use super::statistics::{Frequencies, Lengths};
use super::synonyms::Synonyms;
use super::terms::Terms;
use super::title_fit::UnitStems;
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
    /// One of them, or anything that looks like it.
    Anything,
}

impl Demand {
    /// What to fall back to, from the strictest to the most lenient.
    pub const LENIENT: [Self; 4] = [Self::All, Self::Half, Self::One, Self::Anything];

    /// What is taken for a unit.
    pub const fn leniency(self) -> Leniency {
        match self {
            Self::AllExact => Leniency::Exact,
            Self::All | Self::Half | Self::One => Leniency::Lenient,
            Self::Anything => Leniency::Guessing,
        }
    }

    fn of(self, units: usize) -> usize {
        match self {
            Self::AllExact | Self::All => units,
            Self::Half => units.div_ceil(2),
            Self::One | Self::Anything => units.min(1),
        }
    }
}

/// One generation, as far as understanding a query needs it.
#[derive(Clone, Copy)]
pub(super) struct Opened<'a> {
    pub fields: &'a Fields,
    pub searcher: &'a Searcher,
    pub lengths: &'a Lengths,
    pub columns: &'a [HitColumns],
}

/// A query in the terms of one generation.
pub(super) struct Wanted<'a> {
    pub index: Opened<'a>,
    pub asked: Asked,
    /// What the shop's people say about it.
    pub ruled: Ruled,
    units: Vec<Box<dyn Query>>,
    bonuses: Vec<Box<dyn Query>>,
    pub frequencies: Frequencies,
    /// How titles meet the units.
    pub stems: UnitStems,
}

impl<'a> Wanted<'a> {
    /// Reads `text` in the vocabulary of the index, and analyses it as the index was.
    pub fn new(
        text: &SearchText,
        leniency: Leniency,
        synonyms: &Synonyms,
        ruled: Ruled,
        index: Opened<'a>,
    ) -> tantivy::Result<Self> {
        let words = heavy_words(text);
        let vocabulary = Vocabulary::new(index.searcher, index.fields.words);
        let asked = Reading::new(vocabulary, synonyms, leniency).read(&words)?;
        let mut terms = Terms::new(index);
        let mut units = Vec::with_capacity(asked.units.len());
        for (place, unit) in asked.units.iter().enumerate() {
            units.extend(terms.unit(place, unit)?);
        }
        let mut bonuses = terms.side_by_side(&words);
        bonuses.extend(terms.kind(text, &asked.units));
        let Terms { frequencies, stems, .. } = terms;
        Ok(Self { index, asked, ruled, units, bonuses, frequencies, stems })
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

    /// Every word that a listing may have been found by.
    pub fn words(&self) -> Vec<String> {
        self.asked.words()
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
        query = self.with_rules(query);
        if let Some(category) = category {
            let id = Term::from_field_u64(self.index.fields.category, as_number(i64::from(category.get())));
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

impl Wanted<'_> {
    /// The same without what is hidden, and with what is pinned.
    fn with_rules(&self, query: Box<dyn Query>) -> Box<dyn Query> {
        let number = |id: &ListingId| -> Box<dyn Query> {
            let term = Term::from_field_u64(self.index.fields.id, as_number(id.get()));
            Box::new(TermQuery::new(term, IndexRecordOption::Basic))
        };
        let mut clauses = vec![(Occur::Should, query)];
        for (id, score) in self.ruled.pinned.iter().zip(pinned_scores()) {
            clauses.push((Occur::Should, Box::new(ConstScoreQuery::new(number(id), score))));
        }
        clauses.extend(self.ruled.hidden.iter().map(|id| (Occur::MustNot, number(id))));
        match (clauses.len(), clauses.pop()) {
            (1, Some((_, query))) => query,
            (_, last) => Box::new(BooleanQuery::new(clauses.into_iter().chain(last).collect())),
        }
    }
}

fn match_at_least(wanted: Vec<Box<dyn Query>>, demanded: usize) -> Box<dyn Query> {
    if demanded >= wanted.len() {
        Box::new(BooleanQuery::intersection(wanted))
    } else {
        Box::new(TheMoreTheBetter { wanted, demanded })
    }
}
