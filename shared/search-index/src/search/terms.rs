//! Where the words of a query may be found, and what they are worth there.
//!
//! A word may be found in any field of either language; the best field counts, the others add a little, so that a word
//! repeated in title, attributes and description does not win over two different words. A word in the title is worth
//! most. What the index does not hold is not looked for.

use halles_domain::Language;
use tantivy::query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, EmptyQuery, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Score, Searcher, Term};

use super::SearchText;
use super::asked::Unit;
use super::statistics::Frequencies;
use crate::analysis::{AnalysedWord, ENGLISH, FRENCH, PLAIN, analyse_word, kind_of_query};
use crate::schema::Fields;

/// What a word is worth, by the field that it is found in.
const TITLE: Score = 4.0;
const CATEGORY_NAMES: Score = 2.0;
const SHOP: Score = 1.5;
const DESCRIPTION: Score = 1.0;
/// Attributes of technical goods mention everything that they can be used with.
const ATTRIBUTES: Score = 0.5;

/// How much the fields other than the best one add.
const OTHER_FIELDS: Score = 0.2;

/// What it is worth that two words of the query follow each other in the title.
const SIDE_BY_SIDE: Score = 0.75;

/// What it is worth that the title is of the kind that the query names.
const KIND: Score = 1.0;

/// The fields that share one analysis, with what each is worth.
struct AnalysedFields {
    analysis: TextAnalyzer,
    fields: Vec<(Field, Score)>,
}

/// Turns words into queries that find them, wherever they are.
pub(super) struct Terms<'a> {
    fields: &'a Fields,
    searcher: &'a Searcher,
    groups: Vec<AnalysedFields>,
    /// How often the terms count as occurring.
    pub frequencies: Frequencies,
}

impl<'a> Terms<'a> {
    pub fn new(fields: &'a Fields, searcher: &'a Searcher) -> Self {
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
        let analyses = searcher.index().tokenizers();
        let known = groups.into_iter().filter_map(|(name, fields)| {
            let analysis = analyses.get(name)?;
            Some(AnalysedFields { analysis, fields })
        });
        Self { fields, searcher, groups: known.collect(), frequencies: Frequencies::default() }
    }

    /// Any of the ways to meet a unit. Nothing when it is only punctuation.
    pub fn unit(&mut self, unit: &Unit) -> tantivy::Result<Option<Box<dyn Query>>> {
        let Some(exact) = self.all_of(&unit.exact, 0)? else { return Ok(None) };
        let mut ways = vec![exact];
        for other in &unit.others {
            let Some(query) = self.all_of(&other.words, other.frequency)? else { continue };
            // Two words score twice as much as the one that they stand for, and the other way round.
            let worth = other.worth * count(unit.exact.len()) / count(other.words.len());
            ways.push(Box::new(BoostQuery::new(query, worth)));
        }
        Ok(match ways.len() {
            1 => ways.pop(),
            _ => Some(Box::new(DisjunctionMaxQuery::new(ways))),
        })
    }

    fn all_of(&mut self, words: &[String], frequency: u64) -> tantivy::Result<Option<Box<dyn Query>>> {
        let mut found = Vec::with_capacity(words.len());
        for word in words {
            found.extend(self.word(word, frequency)?);
        }
        Ok(match found.len() {
            0 | 1 => found.pop(),
            _ => Some(Box::new(BooleanQuery::intersection(found))),
        })
    }

    /// The word as one term in any field, or all its parts in any fields. Nothing when it is only punctuation.
    fn word(&mut self, word: &str, frequency: u64) -> tantivy::Result<Option<Box<dyn Query>>> {
        let mut analysed: Vec<AnalysedWord> = Vec::with_capacity(self.groups.len());
        for group in &mut self.groups {
            let Some(word) = analyse_word(&mut group.analysis, word) else { return Ok(None) };
            analysed.push(word);
        }
        // Every analysis cuts words in the same places, so the parts of one are the parts of all.
        let part_count = analysed.iter().map(|word| word.parts.len()).min().unwrap_or_default();
        let mut parts = Vec::with_capacity(part_count);
        for part in 0..part_count {
            let terms: Vec<Option<&String>> = analysed.iter().map(|word| word.parts.get(part)).collect();
            parts.push(self.best_field(&terms, frequency)?);
        }
        let joined: Vec<Option<&String>> = analysed.iter().map(|word| word.joined.as_ref()).collect();
        let all_parts: Box<dyn Query> = match (parts.len(), parts.pop()) {
            (1, Some(part)) => part,
            (_, last) => Box::new(BooleanQuery::intersection(parts.into_iter().chain(last).collect())),
        };
        if joined.iter().all(Option::is_none) {
            return Ok(Some(all_parts));
        }
        let whole = BoostQuery::new(self.best_field(&joined, frequency)?, count(part_count));
        Ok(Some(Box::new(DisjunctionMaxQuery::new(vec![Box::new(whole), all_parts]))))
    }

    /// Finds a term, spelled as each analysis has it, in whichever field it counts most.
    fn best_field(&mut self, terms: &[Option<&String>], frequency: u64) -> tantivy::Result<Box<dyn Query>> {
        let mut in_fields: Vec<Box<dyn Query>> = Vec::new();
        for (group, term) in self.groups.iter().zip(terms) {
            let Some(text) = term else { continue };
            let mut known = Vec::with_capacity(group.fields.len());
            let mut commonest = frequency;
            for (field, worth) in &group.fields {
                let term = Term::from_field_text(*field, text);
                let found = self.searcher.doc_freq(&term)?;
                if found > 0 {
                    commonest = commonest.max(found);
                    known.push((term, *worth));
                }
            }
            for (term, worth) in known {
                self.frequencies.note(&term, commonest);
                let found = TermQuery::new(term, IndexRecordOption::WithFreqs);
                in_fields.push(Box::new(BoostQuery::new(Box::new(found), worth)));
            }
        }
        Ok(match in_fields.len() {
            0 => Box::new(EmptyQuery),
            _ => Box::new(DisjunctionMaxQuery::with_tie_breaker(in_fields, OTHER_FIELDS)),
        })
    }

    /// Neighbours in the query that are neighbours in a title.
    pub fn side_by_side(&mut self, words: &[String]) -> Vec<Box<dyn Query>> {
        let mut found: Vec<Box<dyn Query>> = Vec::new();
        let titles = [self.fields.french.title, self.fields.english.title];
        for (group, title) in self.groups.iter_mut().zip(titles) {
            let parts = words.iter().filter_map(|word| analyse_word(&mut group.analysis, word));
            let terms: Vec<Term> =
                parts.flat_map(|word| word.parts).map(|part| Term::from_field_text(title, &part)).collect();
            let frequencies = &self.frequencies;
            let is_known =
                |pair: &&[Term]| pair[0] != pair[1] && pair.iter().all(|term| frequencies.get(term).is_some());
            // A compound may have any number of parts, and each pair costs a pass over its terms.
            for pair in terms.windows(2).filter(is_known).take(SearchText::MAX_WORDS) {
                let phrase = PhraseQuery::new(pair.to_vec());
                found.push(Box::new(BoostQuery::new(Box::new(phrase), SIDE_BY_SIDE)));
            }
        }
        found
    }

    /// Titles of the kind that the query names, in any of the ways to name it.
    pub fn kind(&mut self, text: &SearchText, units: &[Unit]) -> Vec<Box<dyn Query>> {
        let words: Vec<&str> = text.words().iter().map(String::as_str).collect();
        let mut found: Vec<Box<dyn Query>> = Vec::new();
        for (group, language) in self.groups.iter_mut().zip([Language::Fr, Language::En]) {
            let Some(kind) = kind_of_query(&words, language).map(|place| words[place]) else { continue };
            let Some(unit) = units.iter().find(|unit| unit.exact.iter().any(|word| word == kind)) else { continue };
            // A French name begins with what it names, an English one ends with it.
            let name = |words: &'_ [String]| match language {
                Language::Fr => words.first().cloned(),
                Language::En => words.last().cloned(),
            };
            let others = unit.others.iter().filter_map(|way| Some((name(&way.words)?, way.worth)));
            let texts = self.fields.of(language);
            let mut ways: Vec<Box<dyn Query>> = Vec::new();
            for (name, worth) in std::iter::once((kind.to_owned(), 1.0)).chain(others) {
                let last = analyse_word(&mut group.analysis, &name).and_then(|word| word.parts.last().cloned());
                let Some(last) = last else { continue };
                let in_title = self.frequencies.get(&Term::from_field_text(texts.title, &last));
                let Some(frequency) = in_title else { continue };
                let term = Term::from_field_text(texts.kind, &last);
                self.frequencies.note(&term, frequency);
                let named = TermQuery::new(term, IndexRecordOption::WithFreqs);
                ways.push(Box::new(BoostQuery::new(Box::new(named), KIND * worth)));
            }
            if !ways.is_empty() {
                found.push(Box::new(DisjunctionMaxQuery::new(ways)));
            }
        }
        found
    }
}

#[expect(clippy::cast_precision_loss, reason = "a handful of words")]
const fn count(words: usize) -> Score {
    words as Score
}
