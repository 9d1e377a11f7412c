//! A catalogue with queries, and what people said about the products that these should find.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use flate2::read::GzDecoder;
use serde::Deserialize;
use serde_json::{Map, Value};

/// How many products each query is asked for.
pub const DEPTH: usize = 100;

/// One judged catalogue.
pub struct JudgedSet {
    /// The directory's name.
    pub name: String,
    /// What can be found.
    pub products: Vec<Product>,
    /// What is asked.
    pub queries: Vec<Query>,
}

/// A product to be found; known by its place in the set from here on.
#[derive(Debug, Deserialize)]
pub struct Product {
    id: String,
    /// Its headline.
    pub title: String,
    /// Its text.
    #[serde(default)]
    pub description: String,
    /// Its maker.
    #[serde(default)]
    pub brand: String,
    #[serde(default)]
    attrs: Map<String, Value>,
}

impl Product {
    /// Named properties in words: of `t_product_type` the words, and of flags those that are set.
    pub fn attributes(&self) -> impl Iterator<Item = (String, String)> {
        self.attrs.iter().filter_map(|(name, value)| {
            let words = name.split_once('_').map_or(name.as_str(), |(_, words)| words).replace('_', " ");
            let value = match value {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), |value| value.to_string()),
                Value::Bool(true) => "yes".to_owned(),
                _ => return None,
            };
            Some((words, value))
        })
    }
}

/// A query with its judgments.
pub struct Query {
    /// Its name in the set.
    pub id: String,
    /// What was typed.
    pub text: String,
    /// The judged products, by their place in the set: 0 is useless, 3 is just what was meant.
    pub grades: HashMap<usize, u8>,
}

/// What one side answered to one query, in the order of the set's queries.
pub struct Answer {
    /// Places of products, the best first, at most [`DEPTH`].
    pub found: Vec<usize>,
    /// How long it took.
    pub took: Duration,
}

#[derive(Deserialize)]
struct QueryRow {
    query_id: String,
    query: String,
}

#[derive(Deserialize)]
struct JudgmentRow {
    query_id: String,
    product_id: String,
    grade: u8,
}

impl JudgedSet {
    /// Reads the three files of `directory`.
    pub fn load(directory: &Path) -> Result<Self> {
        let name = directory.file_name().context("it has no name")?.to_string_lossy().into_owned();
        let products = unpacked(&directory.join("products.jsonl.gz"))?
            .lines()
            .map(|line| Ok(serde_json::from_str(&line?)?))
            .collect::<Result<Vec<Product>>>()?;
        let places: HashMap<&str, usize> =
            products.iter().enumerate().map(|(place, product)| (product.id.as_str(), place)).collect();
        let mut grades: HashMap<String, HashMap<usize, u8>> = HashMap::new();
        let judgments = unpacked(&directory.join("judgments.dev.csv.gz"))?;
        for row in csv::Reader::from_reader(judgments).into_deserialize() {
            let row: JudgmentRow = row?;
            let place = places.get(row.product_id.as_str()).context("a judgment of an unknown product")?;
            grades.entry(row.query_id).or_default().insert(*place, row.grade);
        }
        let mut queries = Vec::new();
        for row in csv::Reader::from_path(directory.join("queries.dev.csv"))?.into_deserialize() {
            let QueryRow { query_id: id, query: text } = row?;
            queries.push(Query { grades: grades.remove(&id).unwrap_or_default(), id, text });
        }
        Ok(Self { name, products, queries })
    }

    /// Asks every query, one after the other.
    pub async fn ask(&self, find: impl AsyncFn(&str) -> Result<Vec<usize>>) -> Result<Vec<Answer>> {
        let mut answers = Vec::with_capacity(self.queries.len());
        for query in &self.queries {
            let started = Instant::now();
            let found = find(&query.text).await.with_context(|| format!("query {:?}", query.text))?;
            answers.push(Answer { found, took: started.elapsed() });
        }
        Ok(answers)
    }
}

fn unpacked(path: &Path) -> Result<impl BufRead + use<>> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    Ok(BufReader::new(GzDecoder::new(file)))
}
