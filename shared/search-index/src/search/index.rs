//! One generation of the index, opened for searching.

use std::time::{Duration, Instant};

use halles_domain::{Language, ListingId};
use tantivy::query::Query;
use tantivy::{Index, ReloadPolicy, Searcher};

use super::asked::Leniency;
use super::collecting::{Collected, Collecting};
use super::facet_numbers::FacetNumbers;
use super::facets::{Facets, FacetsWanted, facets};
use super::hit_columns::HitColumns;
use super::narrowing::Narrowing;
use super::order::{Hit, HitKey, Ordering, SearchSort};
use super::query::{SearchQuery, Start};
use super::relevance::{Demand, Opened, Wanted};
use super::reranking::{LOOKED_THROUGH, RERANKED, order_the_rest, rerank};
use super::segment_book::SegmentBook;
use super::statistics::{Lengths, Statistics};
use super::title_fit::BEST;
use crate::analysis::analyses;
use crate::schema::{Fields, schema};
use crate::snapshot::SnapshotDirectory;
use crate::{SearchError, SnapshotError};

/// When fewer listings than these have every word, the best of those with fewer words follow them: about four pages,
/// which is further than people look. In any other order than by relevance they would not follow but stand in between,
/// so there they come only when no listing has every word.
const FEW: u64 = 100;

/// One generation of the index. Searching works on the calling thread and may take as long as its deadline allows, so it
/// belongs on a thread for such work.
pub struct SearchIndex {
    generation: u64,
    searcher: Searcher,
    fields: Fields,
    lengths: Lengths,
    facet_numbers: FacetNumbers,
    columns: Vec<HitColumns>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchHits {
    /// The listings of the page asked for, in order.
    pub ids: Vec<ListingId>,
    /// How many listings match in all.
    pub total: u64,
    /// How well they match.
    pub matched: Matched,
    /// What they can be narrowed by, as far as it was asked for.
    pub facets: Facets,
    /// The hit to go on behind, when there are more.
    pub last: Option<HitKey>,
    /// The query with its probable mistakes put right, when it found little as it was.
    pub correction: Option<String>,
    /// Every word that they may have been found by, for marking it.
    pub words: Vec<String>,
    /// Whether the deadline came before all listings were looked at: there may be more and better hits.
    pub is_cut_short: bool,
    /// The generation that answered.
    pub generation: u64,
}

/// How many of the words the hits have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matched {
    /// Every hit has every word.
    AllWords,
    /// Few listings or none have every word; those that have come first, then some with fewer.
    SomeWords,
}

/// A search while it is answered.
pub(crate) struct Request<'a> {
    pub query: &'a SearchQuery,
    pub deadline: Instant,
    /// Is shown every query of the engine before it runs.
    pub watch: &'a dyn Fn(&dyn Query),
}

impl SearchIndex {
    /// Opens a generation and, if most of it is new, touches what every query will need, so that the first shopper does not
    /// wait for the disk. What commits and merges add later is in memory still from being checked, and to read everything
    /// again for it would take the time from those who search.
    pub(crate) fn open(files: SnapshotDirectory, generation: u64, book: &SegmentBook) -> Result<Self, SnapshotError> {
        let mut index = Index::open(files)?;
        index.set_tokenizers(analyses());
        let (expected, fields) = schema();
        if index.schema() != expected {
            let reason = "it has other fields than its schema version says".to_owned();
            return Err(SnapshotError::Damaged { name: format!("generation {generation}"), reason });
        }
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let searcher = reader.searcher();
        let lengths = Lengths::of(&searcher)?;
        let news = book.facets.news(&searcher);
        let facet_numbers = book.facets.number(&searcher)?;
        let columns = book.columns(&searcher)?;
        let opened = Self { generation, searcher, fields, lengths, facet_numbers, columns };
        if news > opened.documents() / 2 {
            opened.warm()?;
        }
        Ok(opened)
    }

    /// The generation's number.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The engine's view of it.
    pub(crate) fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    /// How many listings it holds.
    pub fn documents(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// Answers a query. What is not found by `deadline` is left out, and the answer says so; an error when nothing is.
    pub fn search(&self, query: &SearchQuery, deadline: Instant) -> Result<SearchHits, SearchError> {
        self.search_watched(&Request { query, deadline, watch: &|_| {} })
    }

    /// The same, showing every query of the engine before it runs.
    pub(crate) fn search_watched(&self, request: &Request<'_>) -> Result<SearchHits, SearchError> {
        let query = request.query;
        let mut wanted = self.understand(query, Demand::AllExact)?;
        let mut demanded = wanted.demanded(Demand::AllExact);
        let mut collected = self.collect(&wanted, demanded, request)?;
        let mut leniency = Leniency::Exact;
        let few = if query.sort == SearchSort::Relevance { FEW } else { 1 };
        for demand in Demand::LENIENT {
            // Something is better than nothing, but not than anything else.
            let enough = if demand == Demand::Anything { 1 } else { few };
            if collected.matching >= enough || wanted.is_empty() || collected.is_cut_short {
                break;
            }
            let mut is_news = false;
            if demand.leniency() != leniency {
                leniency = demand.leniency();
                let lenient = self.understand(query, demand)?;
                is_news = !lenient.asks_the_same_as(&wanted);
                wanted = lenient;
            }
            if is_news || wanted.demanded(demand) < demanded {
                demanded = wanted.demanded(demand);
                collected = self.collect(&wanted, demanded, request)?;
            }
        }
        if collected.is_cut_short && collected.total == 0 {
            return Err(SearchError::OutOfTime);
        }
        let has_all_words = demanded == wanted.demanded(Demand::All) && leniency != Leniency::Guessing;
        let matched = if has_all_words { Matched::AllWords } else { Matched::SomeWords };
        if is_ranked_again(query) {
            rerank(&wanted, &mut collected.hits);
            if demanded < wanted.demanded(Demand::All) && reaches_behind_the_best(query) {
                order_the_rest(&wanted, &mut collected.hits);
            }
        }
        let page = page_of(&collected, query);
        Ok(SearchHits {
            ids: page.iter().filter_map(Hit::id).collect(),
            total: collected.total,
            matched,
            facets: facets(&collected, query, &self.searcher, &self.facet_numbers)?,
            last: page.last().map(|hit| hit.key).filter(|_| page.len() == query.limit),
            correction: wanted.corrected(&query.text),
            words: wanted.words(),
            is_cut_short: collected.is_cut_short,
            generation: self.generation,
        })
    }

    /// The query in the terms of this generation.
    pub(super) fn understand(&self, query: &SearchQuery, demand: Demand) -> tantivy::Result<Wanted<'_>> {
        let mut ruled = query.rules.about(query.text.words());
        if query.sort != SearchSort::Relevance {
            ruled.pinned.clear();
        }
        let Self { fields, searcher, lengths, columns, .. } = self;
        let index = Opened { fields, searcher, lengths, columns };
        Wanted::new(&query.text, demand.leniency(), &query.synonyms, ruled, index)
    }

    fn collect(&self, wanted: &Wanted<'_>, demanded: usize, request: &Request<'_>) -> Result<Collected, SearchError> {
        let query = request.query;
        let has_words = !wanted.is_empty();
        let collecting = Collecting {
            query,
            ordering: Ordering { sort: query.sort, currency: query.currency, near: query.near, has_words },
            depth: depth_of(query),
            behind: behind(query),
            columns: &self.columns,
            deadline: request.deadline,
        };
        let text_query = wanted.query(demanded, query.category);
        (request.watch)(text_query.as_ref());
        let statistics = Statistics { lengths: &self.lengths, frequencies: &wanted.frequencies };
        Ok(collecting.collect(text_query.as_ref(), &statistics, &self.searcher)?)
    }

    /// What other ways to ask this generation work with.
    pub(super) fn parts(&self) -> (&Searcher, &Fields) {
        (&self.searcher, &self.fields)
    }

    /// Runs a query that reads every number of every listing once.
    fn warm(&self) -> tantivy::Result<()> {
        let everything = FacetsWanted { price_edges_cents: vec![1], properties: 1, values: 1, shops: 1 };
        let query = SearchQuery {
            sort: SearchSort::PriceAsc,
            limit: 1,
            narrowing: Narrowing { language: Some(Language::Fr), ..Narrowing::default() },
            facets: Some(everything),
            ..SearchQuery::default()
        };
        match self.search(&query, Instant::now() + Duration::from_secs(1)) {
            Ok(_) | Err(SearchError::OutOfTime) => Ok(()),
            Err(SearchError::Index(error)) => Err(error),
        }
    }
}

/// How many hits are needed to cut the page from.
fn depth_of(query: &SearchQuery) -> usize {
    match query.start {
        Start::At(offset) if offset >= Start::DEEPEST => 0,
        Start::At(offset) => {
            let deep = offset + query.limit.min(Start::DEEPEST);
            match is_ranked_again(query) {
                true if reaches_behind_the_best(query) => deep.max(LOOKED_THROUGH),
                true => deep.max(RERANKED),
                false => deep,
            }
        }
        Start::Walk | Start::Behind(_) => query.limit.min(Start::DEEPEST),
    }
}

/// Whether the best hits are looked at once more. A walk goes through all hits in strict order.
fn is_ranked_again(query: &SearchQuery) -> bool {
    query.sort == SearchSort::Relevance && !query.text.is_empty() && matches!(query.start, Start::At(_))
}

/// Whether more is asked for than the hits that the rest is compared with.
fn reaches_behind_the_best(query: &SearchQuery) -> bool {
    matches!(query.start, Start::At(offset) if offset.saturating_add(query.limit) > BEST)
}

fn behind(query: &SearchQuery) -> Option<HitKey> {
    match query.start {
        Start::Behind(hit) => Some(hit),
        Start::At(_) | Start::Walk => None,
    }
}

fn page_of<'a>(collected: &'a Collected, query: &SearchQuery) -> &'a [Hit] {
    let skipped = match query.start {
        Start::At(offset) => offset,
        Start::Walk | Start::Behind(_) => 0,
    };
    let rest = collected.hits.get(skipped..).unwrap_or_default();
    &rest[..rest.len().min(query.limit)]
}
