//! Numbers for the values of properties, so that counts of different segments can be added up without touching a text.
//!
//! Each segment has its own places for its texts. When a generation is opened, the texts of its new segments are read
//! once and get the numbers that they have in the whole process; the segments that an earlier generation shares with it
//! are known already. So a small commit costs the reading of what is new in it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, Weak};

use tantivy::Searcher;
use tantivy::index::SegmentId;

use super::columns::Texts;
use crate::facet_term::FacetTerm;
use crate::schema::FACET;

/// A way of writing a value of a property, by its number.
pub(super) type Spelling = u32;

/// Every spelling that was met, numbered in the order of meeting; and the values and properties that they belong to.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    spellings: Vec<Spelled>,
    known: HashMap<Arc<str>, Spelling>,
    values: HashMap<Box<str>, u32>,
    properties: HashMap<Box<str>, u32>,
}

/// A spelling.
#[derive(Debug)]
pub(super) struct Spelled {
    term: Arc<str>,
    /// The number of the value: all its spellings share it.
    pub value: u32,
    /// The number of the property.
    pub property: u32,
}

impl Spelled {
    /// The term of the index that it comes from.
    pub fn term(&self) -> Option<FacetTerm<'_>> {
        FacetTerm::parse(&self.term)
    }
}

impl Numbers {
    /// How many spellings there are.
    pub fn len(&self) -> usize {
        self.spellings.len()
    }

    /// How many properties there are.
    pub fn properties(&self) -> usize {
        self.properties.len()
    }

    pub fn spelled(&self, number: Spelling) -> Option<&Spelled> {
        self.spellings.get(number as usize)
    }

    fn number(&mut self, text: &str) -> Spelling {
        if let Some(number) = self.known.get(text) {
            return *number;
        }
        let term = FacetTerm::parse(text);
        let value = number_in(&mut self.values, term.map_or("", |term| term.key));
        let property = number_in(&mut self.properties, term.map_or("", |term| term.name));
        let number = Spelling::try_from(self.spellings.len()).unwrap_or(Spelling::MAX);
        let term: Arc<str> = Arc::from(text);
        self.known.insert(Arc::clone(&term), number);
        self.spellings.push(Spelled { term, value, property });
        number
    }
}

fn number_in(known: &mut HashMap<Box<str>, u32>, text: &str) -> u32 {
    if let Some(number) = known.get(text) {
        return *number;
    }
    let number = u32::try_from(known.len()).unwrap_or(u32::MAX);
    known.insert(Box::from(text), number);
    number
}

/// For each place of a segment's texts, the number of the spelling.
type Places = Arc<[Spelling]>;

/// The numbers that a process has given, kept from one generation to the next.
#[derive(Debug, Default)]
pub(crate) struct FacetBook {
    page: Mutex<Page>,
}

#[derive(Debug, Default)]
struct Page {
    numbers: Arc<RwLock<Numbers>>,
    segments: HashMap<SegmentId, Weak<[Spelling]>>,
}

/// The numbers of one generation.
#[derive(Debug)]
pub(super) struct FacetNumbers {
    numbers: Arc<RwLock<Numbers>>,
    segments: Vec<Places>,
}

/// Spellings that no segment has any more are let go of when there are so many times as many as in use.
const WASTE: usize = 4;
/// Fewer are not worth the effort.
const WORTH_CLEANING: usize = 1 << 16;

impl FacetBook {
    /// How many listings of a generation lie in segments that no generation in use had before.
    pub(super) fn news(&self, searcher: &Searcher) -> u64 {
        let page = self.page.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = |id| page.segments.get(&id).is_none_or(|places| places.strong_count() == 0);
        let segments = searcher.segment_readers().iter();
        segments.filter(|segment| is_news(segment.segment_id())).map(|segment| u64::from(segment.num_docs())).sum()
    }

    /// Numbers the values in the segments of a generation.
    pub(super) fn number(&self, searcher: &Searcher) -> tantivy::Result<FacetNumbers> {
        // What a panic may have left behind is numbers that nobody uses.
        let mut page = self.page.lock().unwrap_or_else(PoisonError::into_inner);
        let numbered = page.number(searcher)?;
        let (used, all) = (numbered.segments.iter().map(|places| places.len()).sum::<usize>(), numbered.read().len());
        if all > WORTH_CLEANING && all > used.saturating_mul(WASTE) {
            // Generations still in use keep the old numbers.
            *page = Page::default();
            return page.number(searcher);
        }
        Ok(numbered)
    }
}

impl Page {
    fn number(&mut self, searcher: &Searcher) -> tantivy::Result<FacetNumbers> {
        let mut segments = Vec::with_capacity(searcher.segment_readers().len());
        for segment in searcher.segment_readers() {
            let id = segment.segment_id();
            let known = self.segments.get(&id).and_then(Weak::upgrade);
            let places = match known {
                Some(places) => places,
                None => self.read(Texts::open(segment, FACET)?)?,
            };
            self.segments.insert(id, Arc::downgrade(&places));
            segments.push(places);
        }
        self.segments.retain(|_, places| places.strong_count() > 0);
        Ok(FacetNumbers { numbers: Arc::clone(&self.numbers), segments })
    }

    fn read(&self, texts: Option<Texts>) -> tantivy::Result<Places> {
        // Not the default, which is one for all and lives for ever: these end with the last generation that has them.
        let Some(texts) = texts else { return Ok(Vec::new().into()) };
        let mut places = Vec::with_capacity(texts.len());
        let mut numbers = self.numbers.write().unwrap_or_else(PoisonError::into_inner);
        texts.for_each(|text| places.push(numbers.number(text)))?;
        Ok(places.into())
    }
}

impl FacetNumbers {
    /// The spellings at the places of a segment's texts.
    pub fn of_segment(&self, ordinal: u32) -> &[Spelling] {
        self.segments.get(ordinal as usize).map_or(&[], |places| places)
    }

    /// What the numbers stand for.
    pub fn read(&self) -> RwLockReadGuard<'_, Numbers> {
        self.numbers.read().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tantivy::merge_policy::NoMergePolicy;
    use tantivy::{Index, TantivyDocument};

    use super::*;
    use crate::analysis::analyses;
    use crate::schema::schema;

    #[test]
    fn only_what_no_generation_in_use_had_is_news() {
        let (schema, fields) = schema();
        let mut index = Index::create_in_ram(schema);
        index.set_tokenizers(analyses());
        let mut writer = index.writer_with_num_threads(1, 20_000_000).expect("a writer");
        writer.set_merge_policy(Box::new(NoMergePolicy));
        let reader = index.reader().expect("a reader");
        let mut commit = |ids: std::ops::Range<u64>| {
            for id in ids {
                let mut document = TantivyDocument::new();
                document.add_u64(fields.id, id);
                writer.add_document(document).expect("room");
            }
            writer.commit().expect("a commit");
            reader.reload().expect("a generation");
            reader.searcher()
        };
        let book = FacetBook::default();
        let first = commit(0..3);
        assert_eq!(book.news(&first), 3);
        let numbers = book.number(&first).expect("numbers");
        assert_eq!(book.news(&first), 0);
        let second = commit(3..5);
        assert_eq!(book.news(&second), 2);
        drop(numbers);
        assert_eq!(book.news(&second), 5, "nobody uses the first any more");
    }
}
