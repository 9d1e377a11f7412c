//! The yardstick: the engine as it comes, BM25 over title, brand and description with English stems.

use anyhow::Result;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::QueryParser;
use tantivy::schema::{FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, Searcher, TantivyDocument};

use crate::judged_set::{DEPTH, JudgedSet};

/// Memory for building the index.
const WRITER_BYTES: usize = 256 << 20;
/// The fast field with a product's place in the set.
const PLACE: &str = "place";

/// An index of a judged catalogue in memory.
pub struct BareEngine {
    searcher: Searcher,
    parser: QueryParser,
}

impl BareEngine {
    /// Indexes the set's products.
    pub fn index(set: &JudgedSet) -> Result<Self> {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("en_stem")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let text = TextOptions::default().set_indexing_options(indexing);
        let [title, brand, description]: [Field; 3] =
            ["title", "brand", "description"].map(|name| schema.add_text_field(name, text.clone()));
        let place = schema.add_u64_field(PLACE, FAST);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, WRITER_BYTES)?;
        for (number, product) in set.products.iter().enumerate() {
            let mut document = TantivyDocument::new();
            document.add_text(title, &product.title);
            document.add_text(brand, &product.brand);
            document.add_text(description, &product.description);
            document.add_u64(place, number as u64);
            writer.add_document(document)?;
        }
        writer.commit()?;
        let parser = QueryParser::for_index(&index, vec![title, brand, description]);
        Ok(Self { searcher: index.reader()?.searcher(), parser })
    }

    /// What it finds for a query as typed.
    pub fn find(&self, text: &str) -> Result<Vec<usize>> {
        let (query, _what_it_could_not_parse) = self.parser.parse_query_lenient(text);
        let collected = (TopDocs::with_limit(DEPTH).order_by_score(), Count);
        let (top, _total) = self.searcher.search(&query, &collected)?;
        let mut found = Vec::with_capacity(top.len());
        for (_, address) in top {
            let places = self.searcher.segment_reader(address.segment_ord).fast_fields().u64(PLACE)?;
            found.extend(places.first(address.doc_id).and_then(|place| usize::try_from(place).ok()));
        }
        Ok(found)
    }
}
