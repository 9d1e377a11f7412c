//! Suggestions while somebody types: searches to go on with, categories, and a few listings.
//!
//! Searches come, in this order, from what many people searched for, from phrases of titles that begin with what was
//! typed, from phrases that begin with its last words only, and, when these are few, from phrases that begin with what
//! was typed but for one letter. Each of them finds something in the generation that answers: that is looked up, not
//! assumed. The listings shown are taken from what the searches find, so one that has left the index is not shown either.
//!
//! The phrases are kept in memory, one table for each segment of the index (`phrase_table.rs`). A table is made beside
//! the answering, by [`Suggester::prepare`]; until then its segment has no part in the phrases.

mod evidence;
mod guesses;
mod phrase_table;
mod phrases;
mod typed;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use halles_domain::{Category, CategoryId, CategoryTree, Language, ListingId};
use tantivy::index::SegmentId;
use tantivy::{Searcher, SegmentReader};

use super::SearchIndex;
use super::synonyms::Keys;
use crate::SearchError;
use crate::schema::Fields;
use evidence::{Witness, is_filled, listings_with};
use phrase_table::PhraseTable;
pub(crate) use phrases::phrases_of;
pub use typed::TypedText;

/// How many phrases are read for one beginning: more than are shown, because some say the same in another number.
const PHRASES_READ: usize = 16;

/// How many searches are tried; each is a look into the index.
const MAX_TRIED: usize = 24;

/// With fewer searches than these, what was typed is taken for a mistake.
const FEW: usize = 3;

/// What to suggest something for.
#[derive(Debug, Clone, Copy)]
pub struct SuggestQuery<'a> {
    /// What has been typed.
    pub typed: &'a TypedText,
    /// What many people searched for that begins like this, the most wanted first.
    pub asked_often: &'a [String],
    /// The categories there are.
    pub tree: &'a CategoryTree,
    /// How many of each kind.
    pub limits: SuggestLimits,
}

/// How many suggestions of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SuggestLimits {
    /// Searches.
    pub searches: usize,
    /// Categories.
    pub categories: usize,
    /// Listings.
    pub listings: usize,
}

/// What somebody may want.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Suggestions {
    /// Searches that find something.
    pub searches: Vec<String>,
    /// Categories in which there is something.
    pub categories: Vec<CategoryId>,
    /// Listings of these searches.
    pub listings: Vec<ListingId>,
}

/// Suggests, for any generation. Works on the calling thread.
#[derive(Debug, Default)]
pub struct Suggester {
    tables: Mutex<HashMap<SegmentId, Arc<PhraseTable>>>,
}

impl Suggester {
    /// Reads the phrases of the segments that are new in a generation, and forgets those of segments that are not in it.
    pub fn prepare(&self, index: &SearchIndex) -> Result<(), SearchError> {
        let (searcher, fields) = index.parts();
        let known = self.tables.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut tables = HashMap::new();
        for segment in searcher.segment_readers() {
            let table = match known.get(&segment.segment_id()) {
                Some(table) => Arc::clone(table),
                None => Arc::new(read_table(segment, fields)?),
            };
            tables.insert(segment.segment_id(), table);
        }
        *self.tables.lock().unwrap_or_else(PoisonError::into_inner) = tables;
        Ok(())
    }

    /// Suggests something from a generation.
    pub fn suggest(&self, query: &SuggestQuery<'_>, index: &SearchIndex) -> Result<Suggestions, SearchError> {
        let (searcher, fields) = index.parts();
        if query.typed.is_empty() {
            return Ok(Suggestions::default());
        }
        let mut gathering = Gathering::new(query.limits, query.typed, fields, searcher);
        gathering.look(query.typed)?;
        for text in query.asked_often {
            gathering.offer(text)?;
        }
        self.complete(query.typed, &mut gathering)?;
        let mut categories = categories(query.typed, query, fields, searcher)?;
        if gathering.searches.len() < FEW {
            for guess in guesses::guesses(query.typed, fields, searcher)? {
                self.complete(&guess, &mut gathering)?;
                if categories.is_empty() {
                    categories = self::categories(&guess, query, fields, searcher)?;
                }
            }
        }
        Ok(Suggestions { categories, ..gathering.finish() })
    }

    /// Offers phrases that begin with all words of `typed`, then with all but the first, and so on.
    fn complete(&self, typed: &TypedText, gathering: &mut Gathering<'_>) -> tantivy::Result<()> {
        for first in 0..typed.words().len() {
            for phrase in self.phrases(&typed.beginning(first)) {
                if gathering.is_full() {
                    return Ok(());
                }
                gathering.offer(&typed.completed(first, &phrase))?;
            }
        }
        Ok(())
    }

    /// The commonest phrases with this beginning, in their commonest spelling.
    fn phrases(&self, beginning: &str) -> Vec<String> {
        let tables: Vec<Arc<PhraseTable>> =
            self.tables.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        let mut terms: Vec<&str> =
            tables.iter().flat_map(|table| table.commonest(beginning, PHRASES_READ)).map(|(term, _)| term).collect();
        terms.sort_unstable();
        terms.dedup();
        let mut phrases: HashMap<&str, (u32, u32, &str)> = HashMap::new();
        for term in terms {
            let Some((folded, shown)) = phrases::parts_of(term) else { continue };
            let count: u32 = tables.iter().map(|table| table.count(term)).sum();
            let (total, commonest, spelling) = phrases.entry(folded).or_default();
            *total += count;
            if count > *commonest {
                (*commonest, *spelling) = (count, shown);
            }
        }
        let mut phrases: Vec<(u32, &str)> =
            phrases.into_values().map(|(total, _, spelling)| (total, spelling)).collect();
        phrases.sort_unstable_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(other.1)));
        phrases.into_iter().take(PHRASES_READ).map(|(_, spelling)| spelling.to_owned()).collect()
    }
}

fn read_table(segment: &SegmentReader, fields: &Fields) -> tantivy::Result<PhraseTable> {
    PhraseTable::read(segment.inverted_index(fields.phrases)?.terms())
}

/// Categories with a name in either language that begins with what was typed, those at the top of the tree first.
fn categories(
    typed: &TypedText,
    query: &SuggestQuery<'_>,
    fields: &Fields,
    searcher: &Searcher,
) -> Result<Vec<CategoryId>, SearchError> {
    let begins = |name: &str| TypedText::new(name).is_ok_and(|name| typed.begins(&name));
    let is_meant = |category: &&Category| Language::ALL.into_iter().any(|language| begins(category.name(language)));
    let mut meant: Vec<&Category> = query.tree.iter().filter(is_meant).collect();
    meant.sort_by_cached_key(|category| (query.tree.path(category.id).len(), category.position, category.id));
    let mut found = Vec::new();
    for category in meant {
        if found.len() < query.limits.categories && is_filled(category.id, fields, searcher)? {
            found.push(category.id);
        }
    }
    Ok(found)
}

/// Suggestions while they are gathered.
struct Gathering<'a> {
    limits: SuggestLimits,
    fields: &'a Fields,
    searcher: &'a Searcher,
    keys: Keys,
    /// What was typed or suggested already, whatever the number and the accents of its words.
    seen: Vec<String>,
    searches: Vec<String>,
    /// For each search that finds something, some of what it finds.
    witnesses: Vec<Vec<Witness>>,
    tried: usize,
}

impl<'a> Gathering<'a> {
    fn new(limits: SuggestLimits, typed: &TypedText, fields: &'a Fields, searcher: &'a Searcher) -> Self {
        let mut keys = Keys::new(searcher.index().tokenizers());
        // What stands in the field needs no suggestion.
        let seen = vec![keys.of(&as_words(typed))];
        Self { limits, fields, searcher, keys, seen, searches: Vec::new(), witnesses: Vec::new(), tried: 0 }
    }

    fn is_full(&self) -> bool {
        self.searches.len() >= self.limits.searches || self.tried >= MAX_TRIED
    }

    /// Listings that have what was typed as it is.
    fn look(&mut self, typed: &TypedText) -> tantivy::Result<bool> {
        let words: Vec<&str> = typed.folded(0).collect();
        let witnesses = listings_with(&words, self.fields, self.searcher)?;
        let is_found = !witnesses.is_empty();
        self.witnesses.extend(Some(witnesses).filter(|_| is_found));
        Ok(is_found)
    }

    /// Takes a search in if it is new and finds something.
    fn offer(&mut self, text: &str) -> tantivy::Result<()> {
        let Ok(search) = TypedText::new(text) else { return Ok(()) };
        let key = self.keys.of(&as_words(&search));
        if self.is_full() || search.is_empty() || repeats_itself(&key) || self.seen.contains(&key) {
            return Ok(());
        }
        self.tried += 1;
        self.seen.push(key);
        if self.look(&search)? {
            self.searches.push(text.to_owned());
        }
        Ok(())
    }

    /// The best listing of each search in turn, then the second best.
    fn finish(self) -> Suggestions {
        let mut listings: Vec<ListingId> = Vec::new();
        let most = self.witnesses.iter().map(Vec::len).max().unwrap_or_default();
        for rank in 0..most {
            for id in self.witnesses.iter().filter_map(|found| found.get(rank)?.id()) {
                if listings.len() < self.limits.listings && !listings.contains(&id) {
                    listings.push(id);
                }
            }
        }
        Suggestions { searches: self.searches, categories: Vec::new(), listings }
    }
}

/// Whether a word comes twice, be it in another number: as in "bol" completed by "bols bleus".
fn repeats_itself(key: &str) -> bool {
    let words: Vec<&str> = key.split(' ').filter(|word| !word.is_empty()).collect();
    words.iter().enumerate().any(|(place, word)| words[..place].contains(word))
}

fn as_words(text: &TypedText) -> Vec<String> {
    text.words().iter().map(|word| word.shown.clone()).collect()
}
