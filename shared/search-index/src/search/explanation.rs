//! Why a listing is among the hits: which word was found where, and as what.
//!
//! Asked for on request only, for a few listings at a time: it looks each word up in the listing's fields once more. What
//! it says in words is in `explanation/sentences.rs`.

mod sentences;

use halles_domain::ListingId;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet as _, Searcher, TERMINATED, Term};

use super::asked::{MetBy, Unit};
use super::relevance::Demand;
use super::terms::{FoundIn, Terms};
use super::{SearchIndex, SearchQuery};
use crate::SearchError;
use crate::document::as_number;

/// Why a listing is where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitExplanation {
    /// The listing.
    pub id: ListingId,
    /// Everything that was asked for, in its order.
    pub words: Vec<ExplainedWord>,
    /// Whether a rule of the shop's people puts it first.
    pub is_pinned: bool,
    /// Whether a rule of theirs moves it up or down.
    pub is_moved: bool,
}

/// One thing asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedWord {
    /// As it was typed.
    pub asked: String,
    /// How the listing meets it; nothing when it does not.
    pub met: Option<Met>,
}

/// How something asked for is met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    /// The words that meet it.
    pub words: String,
    /// In which way they stand for what was typed; nothing when they are what was typed.
    pub how: Option<MetBy>,
    /// Where they are.
    pub places: Vec<FoundIn>,
}

impl SearchIndex {
    /// Why each of `ids` is found by `query`. Those that are not in this generation are left out.
    pub fn explain(&self, query: &SearchQuery, ids: &[ListingId]) -> Result<Vec<HitExplanation>, SearchError> {
        let wanted = self.understand(query, Demand::All)?;
        let guessed = self.understand(query, Demand::Anything)?;
        let mut terms = Terms::new(wanted.index);
        let mut explained = Vec::with_capacity(ids.len());
        for id in ids {
            let number = Term::from_field_u64(wanted.index.fields.id, as_number(id.get()));
            let Some(address) = address_of(self.searcher(), &number)? else { continue };
            let mut listing = Listing { searcher: self.searcher(), address, terms: &mut terms };
            let mut words = listing.meets_each(&wanted.asked.units)?;
            if words.iter().all(|word| word.met.is_none()) {
                words = listing.meets_each(&guessed.asked.units)?;
            }
            let is_pinned = wanted.ruled.pinned.contains(id);
            let is_moved = wanted.ruled.favour(wanted.index.columns, address).abs() > 0.0;
            explained.push(HitExplanation { id: *id, words, is_pinned, is_moved });
        }
        Ok(explained)
    }
}

/// A listing that is looked at.
struct Listing<'a, 'b> {
    searcher: &'a Searcher,
    address: DocAddress,
    terms: &'a mut Terms<'b>,
}

impl Listing<'_, '_> {
    fn meets_each(&mut self, units: &[Unit]) -> tantivy::Result<Vec<ExplainedWord>> {
        units.iter().map(|unit| Ok(ExplainedWord { asked: unit.exact.join(" "), met: self.meets(unit)? })).collect()
    }

    /// The best of the ways in which the listing meets a unit.
    fn meets(&mut self, unit: &Unit) -> tantivy::Result<Option<Met>> {
        let mut others: Vec<_> = unit.others.iter().collect();
        others.sort_by(|one, other| other.worth().total_cmp(&one.worth()));
        let ways =
            std::iter::once((&unit.exact, None)).chain(others.into_iter().map(|way| (&way.words, Some(way.how))));
        for (words, how) in ways {
            if let Some(places) = self.places_of_all(words)? {
                return Ok(Some(Met { words: words.join(" "), how, places }));
            }
        }
        Ok(None)
    }

    fn places_of_all(&mut self, words: &[String]) -> tantivy::Result<Option<Vec<FoundIn>>> {
        let mut places = Vec::new();
        for word in words {
            let Some(of_word) = self.places_of(word)? else { return Ok(None) };
            places.extend(of_word);
        }
        places.sort_unstable();
        places.dedup();
        Ok(Some(places))
    }

    /// Where the word is, in one of its spellings.
    fn places_of(&mut self, word: &str) -> tantivy::Result<Option<Vec<FoundIn>>> {
        for parts in self.terms.spellings(word) {
            let mut places = Vec::new();
            let mut has_all_parts = !parts.is_empty();
            for part in &parts {
                let before = places.len();
                for (place, term) in part {
                    if self.has(term)? {
                        places.push(*place);
                    }
                }
                has_all_parts &= places.len() > before;
            }
            if has_all_parts {
                return Ok(Some(places));
            }
        }
        Ok(None)
    }

    fn has(&self, term: &Term) -> tantivy::Result<bool> {
        let index = self.searcher.segment_reader(self.address.segment_ord).inverted_index(term.field())?;
        let Some(mut postings) = index.read_postings(term, IndexRecordOption::Basic)? else { return Ok(false) };
        let listing = self.address.doc_id;
        Ok(postings.doc() <= listing && postings.seek(listing) == listing)
    }
}

/// The document of this number; nothing when it has been deleted.
fn address_of(searcher: &Searcher, number: &Term) -> tantivy::Result<Option<DocAddress>> {
    for (ordinal, segment) in (0..).zip(searcher.segment_readers()) {
        let index = segment.inverted_index(number.field())?;
        let Some(mut postings) = index.read_postings(number, IndexRecordOption::Basic)? else { continue };
        while postings.doc() != TERMINATED {
            if !segment.is_deleted(postings.doc()) {
                return Ok(Some(DocAddress::new(ordinal, postings.doc())));
            }
            postings.advance();
        }
    }
    Ok(None)
}
