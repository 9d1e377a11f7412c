//! One generation of the index, opened for searching.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use halles_domain::{CategoryId, ListingId};
use tantivy::collector::sort_key::{ComparatorEnum, SortBySimilarityScore, SortByStaticFastValue};
use tantivy::collector::{Collector, SortKeyComputer, TopDocs};
use tantivy::columnar::Column;
use tantivy::query::Query;
use tantivy::{DocAddress, Index, Order, ReloadPolicy, Searcher};

use super::counting::{Counting, Counts, PriceBand, PriceRange};
use super::query::{SearchQuery, SearchSort};
use super::relevance::{Demand, Wanted};
use super::statistics::{Lengths, Statistics};
use crate::analysis::analyses;
use crate::document::as_number;
use crate::schema::{Fields, ID, PRICE, schema};
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
    /// For each category, how many of them are in it or below it.
    pub categories: HashMap<CategoryId, u64>,
    /// How many listings there are in each band of prices, the price filter left aside.
    pub prices: Vec<PriceBand>,
    /// The query with its probable mistakes put right, when it found little as it was.
    pub correction: Option<String>,
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

impl SearchIndex {
    /// Opens a generation and touches what every query will need, so that the first shopper does not wait for the disk.
    pub(crate) fn open(files: SnapshotDirectory, generation: u64) -> Result<Self, SnapshotError> {
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
        let opened = Self { generation, searcher, fields, lengths };
        opened.warm()?;
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

    /// Answers a query, or gives up at `deadline`.
    pub fn search(&self, query: &SearchQuery, deadline: Instant) -> Result<SearchHits, SearchError> {
        self.search_watched(&Request { query, deadline, watch: &|_| {} })
    }

    /// The same, showing every query of the engine before it runs.
    pub(crate) fn search_watched(&self, request: &Request<'_>) -> Result<SearchHits, SearchError> {
        let query = request.query;
        let mut wanted = self.understand(query, Demand::AllExact)?;
        let mut demanded = wanted.demanded(Demand::AllExact);
        let (mut addresses, mut counts) = self.collect(&wanted, demanded, request)?;
        let few = if query.sort == SearchSort::Relevance { FEW } else { 1 };
        for demand in Demand::LENIENT {
            if counts.at_any_price >= few || wanted.is_empty() {
                break;
            }
            let mut is_news = false;
            if demand == Demand::All {
                let lenient = self.understand(query, demand)?;
                is_news = !lenient.asks_the_same_as(&wanted);
                wanted = lenient;
            }
            if is_news || wanted.demanded(demand) < demanded {
                demanded = wanted.demanded(demand);
                (addresses, counts) = self.collect(&wanted, demanded, request)?;
            }
        }
        let has_all_words = demanded == wanted.demanded(Demand::All);
        let matched = if has_all_words { Matched::AllWords } else { Matched::SomeWords };
        let correction = wanted.corrected(&query.text);
        Ok(SearchHits { matched, correction, ..self.hits(&addresses, counts, query)? })
    }

    fn understand(&self, query: &SearchQuery, demand: Demand) -> tantivy::Result<Wanted<'_>> {
        Wanted::new(&query.text, demand.leniency(), &query.synonyms, &self.fields, &self.searcher)
    }

    fn collect(
        &self,
        wanted: &Wanted<'_>,
        demanded: usize,
        request: &Request<'_>,
    ) -> Result<(Vec<DocAddress>, Counts), SearchError> {
        let query = request.query;
        // The engine wants room for at least one hit.
        let top = TopDocs::with_limit(query.limit.max(1)).and_offset(query.offset);
        let newest = || (SortByStaticFastValue::<u64>::for_field(ID), Order::Desc);
        let price = || SortByStaticFastValue::<u64>::for_field(PRICE);
        let statistics = Statistics { lengths: &self.lengths, frequencies: &wanted.frequencies };
        let text_query = wanted.query(demanded, query.category);
        (request.watch)(text_query.as_ref());
        let run = Run { searcher: &self.searcher, text_query: text_query.as_ref(), request, statistics };
        match query.sort {
            SearchSort::Relevance if !wanted.is_empty() => run.sorted(top, (SortBySimilarityScore, newest())),
            SearchSort::Relevance | SearchSort::Newest => run.sorted(top, newest()),
            SearchSort::PriceAsc => run.sorted(top, ((price(), ComparatorEnum::ReverseNoneLower), newest())),
            SearchSort::PriceDesc => run.sorted(top, ((price(), ComparatorEnum::Natural), newest())),
        }
    }

    fn hits(&self, addresses: &[DocAddress], counts: Counts, query: &SearchQuery) -> Result<SearchHits, SearchError> {
        let mut ids = Vec::with_capacity(addresses.len());
        let mut columns: HashMap<u32, Column<u64>> = HashMap::new();
        for address in addresses.iter().take(query.limit) {
            let column = match columns.entry(address.segment_ord) {
                Entry::Occupied(opened) => opened.into_mut(),
                Entry::Vacant(place) => {
                    place.insert(self.searcher.segment_reader(address.segment_ord).fast_fields().u64(ID)?)
                }
            };
            let id = column.first(address.doc_id).and_then(|id| i64::try_from(id).ok());
            ids.extend(id.map(ListingId::new));
        }
        let prices = price_bands(&query.price_edges_cents).zip(counts.prices);
        Ok(SearchHits {
            ids,
            total: counts.total,
            matched: Matched::AllWords,
            categories: counts.categories,
            prices: prices.map(|(range, count)| PriceBand { range, count }).collect(),
            correction: None,
            generation: self.generation,
        })
    }

    /// What other ways to ask this generation work with.
    pub(super) fn parts(&self) -> (&Searcher, &Fields) {
        (&self.searcher, &self.fields)
    }

    /// Runs a query that reads every number of every listing once.
    fn warm(&self) -> tantivy::Result<()> {
        let query =
            SearchQuery { sort: SearchSort::PriceAsc, limit: 1, price_edges_cents: vec![1], ..SearchQuery::default() };
        let in_a_while = Instant::now() + std::time::Duration::from_secs(1);
        match self.search(&query, in_a_while) {
            Ok(_) | Err(SearchError::OutOfTime) => Ok(()),
            Err(SearchError::Index(error)) => Err(error),
        }
    }
}

/// A search while it is answered.
pub(crate) struct Request<'a> {
    pub query: &'a SearchQuery,
    pub deadline: Instant,
    /// Is shown every query of the engine before it runs.
    pub watch: &'a dyn Fn(&dyn Query),
}

/// One pass over the index.
struct Run<'a> {
    searcher: &'a Searcher,
    text_query: &'a dyn Query,
    request: &'a Request<'a>,
    statistics: Statistics<'a>,
}

impl Run<'_> {
    fn sorted<K>(
        &self,
        top: TopDocs,
        order: impl SortKeyComputer<SortKey = K> + Send + 'static,
    ) -> Result<(Vec<DocAddress>, Counts), SearchError>
    where
        K: Clone + Send + Sync + std::fmt::Debug + 'static,
    {
        self.collected(top.order_by(order))
    }

    fn collected<K>(
        &self,
        top: impl Collector<Fruit = Vec<(K, DocAddress)>>,
    ) -> Result<(Vec<DocAddress>, Counts), SearchError>
    where
        K: Send + 'static,
    {
        let out_of_time = Arc::new(AtomicBool::new(false));
        let query = self.request.query;
        let counting = Counting {
            top,
            price: query.price,
            price_edges: query.price_edges_cents.iter().map(|edge| as_number(*edge)).collect(),
            deadline: self.request.deadline,
            out_of_time: Arc::clone(&out_of_time),
        };
        match self.searcher.search_with_statistics_provider(self.text_query, &counting, &self.statistics) {
            Ok((top, counts)) => Ok((top.into_iter().map(|(_, address)| address).collect(), counts)),
            Err(_) if out_of_time.load(Ordering::Relaxed) => Err(SearchError::OutOfTime),
            Err(error) => Err(error.into()),
        }
    }
}

/// The bands between the edges: below the first, between two, from the last on.
fn price_bands(edges_cents: &[i64]) -> impl Iterator<Item = PriceRange> {
    let bands = if edges_cents.is_empty() { 0 } else { edges_cents.len() + 1 };
    (0..bands).map(|band| PriceRange {
        min_cents: band.checked_sub(1).and_then(|lower| edges_cents.get(lower).copied()),
        max_cents: edges_cents.get(band).map(|edge| edge - 1),
    })
}
