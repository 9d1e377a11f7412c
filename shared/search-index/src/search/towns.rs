//! The towns that the listings of a generation are in.

use std::collections::HashMap;

use super::SearchIndex;
use crate::SearchError;
use crate::gazetteer::{PlaceText, Town, likeliest, town_of, with_name, with_postcode};

/// A name or postcode that more places share is no help to anybody.
const MAX_READ: usize = 1_000;

impl SearchIndex {
    /// The towns that may be meant, among those that listings and shops name, the likeliest first.
    pub fn find_towns(&self, text: &PlaceText) -> Result<Vec<Town>, SearchError> {
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let beginning = if text.name.is_empty() { with_postcode(&text.code) } else { with_name(&text.name) };
        let (searcher, fields) = self.parts();
        let mut listings: HashMap<String, u32> = HashMap::new();
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(fields.place).map_err(SearchError::from)?;
            let mut stream =
                index.terms().range().ge(beginning.as_bytes()).into_stream().map_err(tantivy::TantivyError::from)?;
            while let Some((term, info)) = stream.next() {
                if !term.starts_with(beginning.as_bytes()) || listings.len() > MAX_READ {
                    break;
                }
                if let Ok(term) = std::str::from_utf8(term) {
                    *listings.entry(term.to_owned()).or_default() += info.doc_freq;
                }
            }
        }
        let towns = listings.iter().filter_map(|(term, listings)| town_of(term, *listings));
        Ok(likeliest(towns.collect(), text))
    }
}
