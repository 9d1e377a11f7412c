//! What benchmarks measure the index against: the same documents and the same queries, through the engine alone.
//!
//! Nothing else uses it. What it leaves out is what our own code adds: turning listings into documents; reading a query,
//! correcting it and looking for more when it finds little; counting facets; looking at the clock.

use std::cell::RefCell;
use std::path::Path;
use std::time::Instant;

use tantivy::aggregation::AggregationCollector;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::Query;
use tantivy::{Searcher, TantivyDocument};

use crate::analysis::Analysers;
use crate::document::IndexedListing;
use crate::schema::{CATEGORY, CURRENCY, FACET, Fields, LANGUAGE, ORDERABLE, PRICE, SELLER, schema};
use crate::search::{Request, SearchIndex, SearchQuery};
use crate::writer::create_index;
use crate::{SearchError, WriterError, WriterSettings};

/// How many choices of a kind the engine may tell of.
const MAX_CHOICES: u32 = 1_000;

/// The engine's own writer, over the same fields and analyses as ours.
pub struct BareWriter {
    writer: tantivy::IndexWriter,
    fields: Fields,
    analysers: Analysers,
}

/// A document as the engine takes it in.
pub struct BareDocument(TantivyDocument);

impl BareWriter {
    /// Starts an empty index in `directory`, which is emptied first.
    pub fn create(directory: &Path, settings: WriterSettings) -> Result<Self, WriterError> {
        let writer = create_index(directory)?.writer_with_num_threads(settings.threads, settings.memory_bytes)?;
        Ok(Self { writer, fields: schema().1, analysers: Analysers::new() })
    }

    /// Makes a listing's document beforehand.
    pub fn document(&mut self, listing: IndexedListing<'_>) -> BareDocument {
        BareDocument(listing.to_document(&self.fields, &mut self.analysers))
    }

    /// Adds a document.
    pub fn insert(&mut self, document: BareDocument) -> Result<(), WriterError> {
        self.writer.add_document(document.0)?;
        Ok(())
    }

    /// Makes everything so far durable.
    pub fn commit(&mut self) -> Result<(), WriterError> {
        self.writer.commit()?;
        Ok(())
    }
}

/// What the engine is asked in the course of one search, ready to be asked again.
pub struct BareSearch<'a> {
    searcher: &'a Searcher,
    queries: Vec<Box<dyn Query>>,
    limit: usize,
    facets: Aggregations,
}

impl SearchIndex {
    /// Runs the search once to see what the engine is asked.
    pub fn bare(&self, query: &SearchQuery, deadline: Instant) -> Result<BareSearch<'_>, SearchError> {
        let queries = RefCell::new(Vec::new());
        let watch = |asked: &dyn Query| queries.borrow_mut().push(asked.box_clone());
        self.search_watched(&Request { query, deadline, watch: &watch })?;
        let facets = facets(query.facets.as_ref().map_or(&[], |wanted| &wanted.price_edges_cents))?;
        Ok(BareSearch { searcher: self.searcher(), queries: queries.into_inner(), limit: query.limit.max(1), facets })
    }
}

impl BareSearch<'_> {
    /// Finds the best hits by score and counts all of them. Returns how many the last query has.
    pub fn count(&self) -> Result<usize, SearchError> {
        let mut hits = 0;
        for query in &self.queries {
            let collected = (TopDocs::with_limit(self.limit).order_by_score(), Count);
            hits = self.searcher.search(query, &collected)?.1;
        }
        Ok(hits)
    }

    /// Finds the best hits by score, and nothing else.
    pub fn top(&self) -> Result<usize, SearchError> {
        let mut hits = 0;
        for query in &self.queries {
            hits = self.searcher.search(query, &TopDocs::with_limit(self.limit).order_by_score())?.len();
        }
        Ok(hits)
    }

    /// Finds the best hits by score, and counts all of them by everything that ours counts, with the engine's own
    /// aggregations.
    pub fn count_facets(&self) -> Result<usize, SearchError> {
        let mut hits = 0;
        for query in &self.queries {
            let facets = AggregationCollector::from_aggs(self.facets.clone(), Default::default());
            let collected = (TopDocs::with_limit(self.limit).order_by_score(), Count, facets);
            hits = self.searcher.search(query, &collected)?.1;
        }
        Ok(hits)
    }
}

fn facets(price_edges_cents: &[i64]) -> Result<Aggregations, SearchError> {
    let starts = std::iter::once(None).chain(price_edges_cents.iter().copied().map(Some));
    let ends = price_edges_cents.iter().copied().map(Some).chain(std::iter::once(None));
    let bands: Vec<_> = starts.zip(ends).filter(|(from, to)| from.is_some() || to.is_some()).map(band).collect();
    let counted = |field: &str| serde_json::json!({ "terms": { "field": field, "size": MAX_CHOICES } });
    let fields = [CATEGORY, SELLER, FACET, LANGUAGE, CURRENCY, ORDERABLE];
    let mut wanted: serde_json::Value = fields.into_iter().map(|field| (field.to_owned(), counted(field))).collect();
    if !bands.is_empty() {
        wanted["prices"] = serde_json::json!({ "range": { "field": PRICE, "ranges": bands } });
    }
    serde_json::from_value(wanted)
        .map_err(|error| SearchError::Index(tantivy::TantivyError::InvalidArgument(error.to_string())))
}

fn band((from, to): (Option<i64>, Option<i64>)) -> serde_json::Value {
    match (from, to) {
        (Some(from), Some(to)) => serde_json::json!({ "from": from, "to": to }),
        (Some(from), None) => serde_json::json!({ "from": from }),
        (None, to) => serde_json::json!({ "to": to }),
    }
}
