//! Where the words of a query may be found, and what they are worth there.
//!
//! A word may be found in any field of either language (see `word_query.rs`), and is worth most in the title. What the
//! index does not hold is not looked for.

use std::sync::Arc;

use halles_domain::Language;
use tantivy::query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, EmptyQuery, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Score, Searcher, Term};

use super::SearchText;
use super::asked::Unit;
use super::relevance::Opened;
use super::statistics::{Frequencies, Lengths};
use super::title_fit::UnitStems;
use super::word_query::{InField, WordQuery};
use crate::analysis::{AnalysedWord, ENGLISH, FRENCH, PLAIN, analyse_word, kind_of_query};
use crate::schema::Fields;

/// Where in a listing a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FoundIn {
    /// In its title.
    Title,
    /// In the name of its category, or of one above.
    Category,
    /// In the name of its shop.
    Shop,
    /// In its description.
    Description,
    /// In its properties.
    Attributes,
}

impl FoundIn {
    /// What a word is worth there.
    const fn worth(self) -> Score {
        match self {
            Self::Title => 4.0,
            Self::Category | Self::Description => 2.0,
            Self::Shop => 1.5,
            // Those of technical goods mention everything that they can be used with.
            Self::Attributes => 0.3,
        }
    }
}

/// A word in one of its spellings: for each of its parts, the terms that it is in each field.
pub(super) type Spelling = Vec<Vec<(FoundIn, Term)>>;

/// What it is worth that two words of the query follow each other in the title.
const SIDE_BY_SIDE: Score = 0.6;

/// What it is worth that the title is of the kind that the query names.
const KIND: Score = 1.0;

/// The fields that share one analysis.
struct AnalysedFields {
    analysis: TextAnalyzer,
    fields: Vec<(Field, FoundIn)>,
}

/// Turns words into queries that find them, wherever they are.
pub(super) struct Terms<'a> {
    fields: &'a Fields,
    searcher: &'a Searcher,
    groups: Vec<AnalysedFields>,
    lengths: &'a Lengths,
    /// How often the terms count as occurring.
    pub frequencies: Frequencies,
    /// How titles meet the units.
    pub stems: UnitStems,
}

/// What a word stands for.
#[derive(Debug, Clone, Copy)]
struct Meaning {
    /// Which unit, by its place in the query.
    unit: usize,
    /// The word counts as at least this common.
    frequency: u64,
}

impl<'a> Terms<'a> {
    pub fn new(index: Opened<'a>) -> Self {
        let Opened { fields, searcher, lengths, .. } = index;
        let texts_of = |language: Language| {
            let texts = fields.of(language);
            vec![
                (texts.title, FoundIn::Title),
                (texts.category_names, FoundIn::Category),
                (texts.attributes, FoundIn::Attributes),
                (texts.description, FoundIn::Description),
            ]
        };
        let groups = [
            (FRENCH, texts_of(Language::Fr)),
            (ENGLISH, texts_of(Language::En)),
            (PLAIN, vec![(fields.shop, FoundIn::Shop)]),
        ];
        let analyses = searcher.index().tokenizers();
        let known = groups.into_iter().filter_map(|(name, fields)| {
            let analysis = analyses.get(name)?;
            Some(AnalysedFields { analysis, fields })
        });
        let (frequencies, stems) = (Frequencies::default(), UnitStems::default());
        Self { fields, searcher, groups: known.collect(), lengths, frequencies, stems }
    }

    /// Any of the ways to meet the unit at `place`. Nothing when it is only punctuation.
    pub fn unit(&mut self, place: usize, unit: &Unit) -> tantivy::Result<Option<Box<dyn Query>>> {
        let exact = Meaning { unit: place, frequency: 0 };
        let Some(exact) = self.all_of(&unit.exact, exact)? else { return Ok(None) };
        let mut ways = vec![exact];
        for other in &unit.others {
            let meaning = Meaning { unit: place, frequency: other.frequency };
            let Some(query) = self.all_of(&other.words, meaning)? else { continue };
            // Two words score twice as much as the one that they stand for, and the other way round.
            let worth = other.worth() * count(unit.exact.len()) / count(other.words.len());
            ways.push(Box::new(BoostQuery::new(query, worth)));
        }
        Ok(match ways.len() {
            1 => ways.pop(),
            _ => Some(Box::new(DisjunctionMaxQuery::new(ways))),
        })
    }

    fn all_of(&mut self, words: &[String], meaning: Meaning) -> tantivy::Result<Option<Box<dyn Query>>> {
        let mut found = Vec::with_capacity(words.len());
        for word in words {
            found.extend(self.word(word, meaning)?);
        }
        Ok(match found.len() {
            0 | 1 => found.pop(),
            _ => Some(Box::new(BooleanQuery::intersection(found))),
        })
    }

    /// The word as one term in any field, or all its parts in any fields. Nothing when it is only punctuation.
    fn word(&mut self, word: &str, meaning: Meaning) -> tantivy::Result<Option<Box<dyn Query>>> {
        let mut analysed: Vec<AnalysedWord> = Vec::with_capacity(self.groups.len());
        for group in &mut self.groups {
            let Some(word) = analyse_word(&mut group.analysis, word) else { return Ok(None) };
            analysed.push(word);
        }
        for stem in analysed.iter().take(Language::ALL.len()).flat_map(|word| word.parts.iter().chain(&word.joined)) {
            self.stems.note(stem, meaning.unit);
        }
        // Every analysis cuts words in the same places, so the parts of one are the parts of all.
        let part_count = analysed.iter().map(|word| word.parts.len()).min().unwrap_or_default();
        let mut parts = Vec::with_capacity(part_count);
        for part in 0..part_count {
            let terms: Vec<Option<&String>> = analysed.iter().map(|word| word.parts.get(part)).collect();
            parts.push(self.in_any_field(&terms, meaning.frequency)?);
        }
        let joined: Vec<Option<&String>> = analysed.iter().map(|word| word.joined.as_ref()).collect();
        let all_parts: Box<dyn Query> = match (parts.len(), parts.pop()) {
            (1, Some(part)) => part,
            (_, last) => Box::new(BooleanQuery::intersection(parts.into_iter().chain(last).collect())),
        };
        if joined.iter().all(Option::is_none) {
            return Ok(Some(all_parts));
        }
        let whole = BoostQuery::new(self.in_any_field(&joined, meaning.frequency)?, count(part_count));
        Ok(Some(Box::new(DisjunctionMaxQuery::new(vec![Box::new(whole), all_parts]))))
    }

    /// Finds a term, spelled as each analysis has it, in whichever fields have it. It is as common as in the field of
    /// its language that has it most; a word that hardly ever stands in titles would seem rare there.
    fn in_any_field(&mut self, terms: &[Option<&String>], frequency: u64) -> tantivy::Result<Box<dyn Query>> {
        let mut found = Vec::new();
        let mut commonest_of_all = frequency;
        for (group, term) in self.groups.iter().zip(terms) {
            let Some(text) = term else { continue };
            let mut known = Vec::with_capacity(group.fields.len());
            let mut commonest = frequency;
            for (field, place) in &group.fields {
                let term = Term::from_field_text(*field, text);
                let frequency = self.searcher.doc_freq(&term)?;
                let Some(norms) = self.lengths.norms(*field).filter(|_| frequency > 0) else { continue };
                commonest = commonest.max(frequency);
                known.push(InField { term, worth: place.worth(), norms: Arc::clone(norms) });
            }
            known.iter().for_each(|field| self.frequencies.note(&field.term, commonest));
            commonest_of_all = commonest_of_all.max(commonest);
            found.extend(known);
        }
        let rarity = self.lengths.rarity(commonest_of_all);
        Ok(if found.is_empty() { Box::new(EmptyQuery) } else { Box::new(WordQuery { fields: found, rarity }) })
    }

    /// The spellings of a word, whether the index holds them or not: in one piece, and in its parts.
    pub fn spellings(&mut self, word: &str) -> Vec<Spelling> {
        let (mut whole, mut apart): (Spelling, Spelling) = (Vec::new(), Vec::new());
        for group in &mut self.groups {
            let Some(analysed) = analyse_word(&mut group.analysis, word) else { continue };
            let in_fields = |text: &String| -> Vec<(FoundIn, Term)> {
                group.fields.iter().map(|(field, place)| (*place, Term::from_field_text(*field, text))).collect()
            };
            apart.resize_with(apart.len().max(analysed.parts.len()), Vec::new);
            for (known, part) in apart.iter_mut().zip(&analysed.parts) {
                known.extend(in_fields(part));
            }
            if let Some(joined) = &analysed.joined {
                whole.resize_with(1, Vec::new);
                whole.iter_mut().for_each(|known| known.extend(in_fields(joined)));
            }
        }
        vec![whole, apart]
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
            let others = unit.others.iter().filter_map(|way| Some((name(&way.words)?, way.worth())));
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
