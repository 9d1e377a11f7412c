//! Which listings match the words of a query, and how well.
//!
//! Each word may be found in any field of either language; the best field counts, the others only add a little, so that
//! a word repeated in title, attributes and description does not win over two different words. A word in the title is
//! worth most. Then all words must be found; only when no listing has them all, fewer will do (see [`Demand`]).

use halles_domain::{CategoryId, Language};
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, Occur, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::tokenizer::{TextAnalyzer, TokenizerManager};
use tantivy::{Score, Term};

use super::SearchText;
use crate::analysis::{AnalysedWord, ENGLISH, FRENCH, PLAIN, analyse_word};
use crate::document::as_number;
use crate::schema::Fields;

/// What a word is worth, by the field that it is found in.
const TITLE: Score = 4.0;
const CATEGORY_NAMES: Score = 2.0;
const ATTRIBUTES: Score = 1.5;
const SHOP: Score = 1.5;
const DESCRIPTION: Score = 1.0;

/// How much the fields other than the best one add.
const OTHER_FIELDS: Score = 0.1;

/// What being orderable is worth: enough to decide between equals, not enough to bring a worse match forward.
const ORDERABLE: Score = 0.5;

/// Articles and prepositions, folded. They may be missing from a listing when the query has other words; they are kept
/// in the index, and asked for when there is nothing else. No single letter that is a size may ever stand here.
const LIGHT_WORDS: [&str; 33] = [
    "le", "la", "les", "un", "une", "des", "de", "du", "en", "et", "ou", "pour", "avec", "sans", "sur", "par", "dans",
    "a", "au", "aux", "the", "an", "of", "for", "and", "with", "in", "on", "to", "by", "or", "from", "à",
];

/// How many of the words a listing must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Demand {
    /// Every one.
    All,
    /// Half of them, rounded up.
    Half,
    /// One of them.
    One,
}

impl Demand {
    /// From the strictest to the most lenient.
    pub const FALLING: [Self; 3] = [Self::All, Self::Half, Self::One];

    fn of(self, words: usize) -> usize {
        match self {
            Self::All => words,
            Self::Half => words.div_ceil(2),
            Self::One => words.min(1),
        }
    }
}

/// The words of a query, analysed for every field that they can be found in.
pub(super) struct Wanted<'a> {
    fields: &'a Fields,
    words: Vec<Box<dyn Query>>,
}

impl<'a> Wanted<'a> {
    /// Analyses `text` with the analyses that the index was built with.
    pub fn new(text: &SearchText, fields: &'a Fields, analyses: &TokenizerManager) -> Self {
        let mut fields_of_word = WordFields::new(fields, analyses);
        let heavy: Vec<&String> = text.words().iter().filter(|word| !LIGHT_WORDS.contains(&word.as_str())).collect();
        let asked: Vec<&String> = if heavy.is_empty() { text.words().iter().collect() } else { heavy };
        let words = asked.into_iter().filter_map(|word| fields_of_word.query(word)).collect();
        Self { fields, words }
    }

    /// Whether there are words to find; without, everything matches alike.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The number of words that each demand comes down to, without asking the same twice.
    pub fn demands(&self) -> Vec<usize> {
        let mut demands: Vec<usize> = Demand::FALLING.iter().map(|demand| demand.of(self.words.len())).collect();
        demands.dedup();
        demands
    }

    /// Listings in `category` that have at least `demanded` of the words, scored.
    pub fn query(&self, demanded: usize, category: Option<CategoryId>) -> Box<dyn Query> {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        if self.is_empty() {
            clauses.push((Occur::Must, Box::new(AllQuery)));
        } else {
            let words = self.words.iter().map(|word| word.box_clone()).collect();
            clauses.push((Occur::Must, match_at_least(words, demanded)));
            let orderable = number_query(self.fields.orderable, 1);
            clauses.push((Occur::Should, Box::new(ConstScoreQuery::new(orderable, ORDERABLE))));
        }
        if let Some(category) = category {
            let in_category = number_query(self.fields.category, as_number(i64::from(category.get())));
            clauses.push((Occur::Must, Box::new(ConstScoreQuery::new(in_category, 0.0))));
        }
        Box::new(BooleanQuery::new(clauses))
    }
}

fn match_at_least(words: Vec<Box<dyn Query>>, demanded: usize) -> Box<dyn Query> {
    if demanded >= words.len() {
        Box::new(BooleanQuery::intersection(words))
    } else {
        Box::new(BooleanQuery::union_with_minimum_required_clauses(words, demanded))
    }
}

fn number_query(field: Field, number: u64) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_u64(field, number), IndexRecordOption::Basic))
}

/// The fields that share one analysis, with what each is worth.
struct AnalysedFields {
    analysis: TextAnalyzer,
    fields: Vec<(Field, Score)>,
}

/// Turns a word into the query that finds it, wherever it is.
struct WordFields(Vec<AnalysedFields>);

impl WordFields {
    fn new(fields: &Fields, analyses: &TokenizerManager) -> Self {
        let texts_of = |language: Language| {
            let texts = fields.of(language);
            vec![
                (texts.title, TITLE),
                (texts.category_names, CATEGORY_NAMES),
                (texts.attributes, ATTRIBUTES),
                (texts.description, DESCRIPTION),
            ]
        };
        let groups =
            [(FRENCH, texts_of(Language::Fr)), (ENGLISH, texts_of(Language::En)), (PLAIN, vec![(fields.shop, SHOP)])];
        let known = groups.into_iter().filter_map(|(name, fields)| {
            let analysis = analyses.get(name)?;
            Some(AnalysedFields { analysis, fields })
        });
        Self(known.collect())
    }

    /// The word as one term in any field, or all its parts in any fields. Nothing when it is only punctuation.
    fn query(&mut self, word: &str) -> Option<Box<dyn Query>> {
        let analysed: Vec<(AnalysedWord, &[(Field, Score)])> = self
            .0
            .iter_mut()
            .filter_map(|group| Some((analyse_word(&mut group.analysis, word)?, group.fields.as_slice())))
            .collect();
        // Every analysis cuts words in the same places, so the parts of one are the parts of all.
        let part_count = analysed.iter().map(|(word, _)| word.parts.len()).min()?;
        let parts = (0..part_count)
            .map(|part| best_field(&analysed, |word| word.parts.get(part)))
            .collect::<Option<Vec<_>>>()?;
        let all_parts: Box<dyn Query> = Box::new(BooleanQuery::intersection(parts));
        match best_field(&analysed, |word| word.joined.as_ref()) {
            Some(joined) => Some(Box::new(DisjunctionMaxQuery::new(vec![joined, all_parts]))),
            None => Some(all_parts),
        }
    }
}

/// Finds a term in whichever field it counts most.
fn best_field(
    analysed: &[(AnalysedWord, &[(Field, Score)])],
    term: impl Fn(&AnalysedWord) -> Option<&String>,
) -> Option<Box<dyn Query>> {
    let mut in_fields: Vec<Box<dyn Query>> = Vec::new();
    for (word, fields) in analysed {
        let Some(term) = term(word) else { continue };
        for (field, worth) in *fields {
            let found = TermQuery::new(Term::from_field_text(*field, term), IndexRecordOption::WithFreqs);
            in_fields.push(Box::new(BoostQuery::new(Box::new(found), *worth)));
        }
    }
    let is_found = !in_fields.is_empty();
    is_found.then(|| Box::new(DisjunctionMaxQuery::with_tie_breaker(in_fields, OTHER_FIELDS)) as Box<dyn Query>)
}
