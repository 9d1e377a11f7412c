//! The scores of every side on every catalogue: a table for people, files for programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;

use crate::judged_set::{Answer, JudgedSet};
use crate::scores::{Scores, count};

/// Everything that one run found out.
#[derive(Default, Serialize)]
pub struct Report {
    results: Vec<Side>,
    #[serde(skip)]
    queries: Vec<QueryLine>,
}

/// One side on one catalogue: means over the queries that had something good to find.
#[derive(Serialize)]
pub struct Side {
    set: String,
    side: &'static str,
    queries: usize,
    ndcg_10: f64,
    mrr_10: f64,
    recall_100: f64,
    judged_10: f64,
    /// Which part of all queries found nothing.
    zero_results: f64,
    p50_ms: f64,
    p99_ms: f64,
}

/// One side's answer to one query.
#[derive(Serialize)]
struct QueryLine {
    set: String,
    side: &'static str,
    query_id: String,
    query: String,
    ndcg_10: Option<f64>,
    recall_100: Option<f64>,
    found: usize,
    micros: u128,
    /// The first ten, with what people said of them.
    first: String,
}

impl Report {
    /// Scores what `side` answered.
    pub fn add(&mut self, set: &JudgedSet, side: &'static str, answers: Vec<Answer>) {
        let scored: Vec<Option<Scores>> =
            set.queries.iter().zip(&answers).map(|(query, answer)| Scores::of(query, answer)).collect();
        let counted: Vec<Scores> = scored.iter().flatten().copied().collect();
        let mean = |score: fn(&Scores) -> Option<f64>| {
            let values: Vec<f64> = counted.iter().filter_map(score).collect();
            values.iter().sum::<f64>() / count(values.len().max(1))
        };
        let mut took: Vec<Duration> = answers.iter().map(|answer| answer.took).collect();
        took.sort_unstable();
        let empty = answers.iter().filter(|answer| answer.found.is_empty()).count();
        self.results.push(Side {
            set: set.name.clone(),
            side,
            queries: counted.len(),
            ndcg_10: mean(|scores| Some(scores.ndcg)),
            mrr_10: mean(|scores| Some(scores.reciprocal_rank)),
            recall_100: mean(|scores| scores.recall),
            judged_10: mean(|scores| Some(scores.judged)),
            zero_results: count(empty) / count(answers.len().max(1)),
            p50_ms: percentile(&took, 50),
            p99_ms: percentile(&took, 99),
        });
        for ((query, answer), scores) in set.queries.iter().zip(answers).zip(scored) {
            let judged = |place: &usize| match query.grades.get(place) {
                Some(grade) => format!("{grade} {}", set.products[*place].title),
                None => format!("? {}", set.products[*place].title),
            };
            self.queries.push(QueryLine {
                set: set.name.clone(),
                side,
                query_id: query.id.clone(),
                query: query.text.clone(),
                ndcg_10: scores.map(|scores| scores.ndcg),
                recall_100: scores.and_then(|scores| scores.recall),
                found: answer.found.len(),
                micros: answer.took.as_micros(),
                first: answer.found.iter().take(10).map(judged).collect::<Vec<_>>().join(" | "),
            });
        }
    }

    /// Writes `relevance.json` and the scores of each query into `directory`.
    pub fn write(&self, directory: &Path) -> Result<PathBuf> {
        fs::create_dir_all(directory)?;
        let path = directory.join("relevance.json");
        fs::write(&path, serde_json::to_string_pretty(self)? + "\n")
            .with_context(|| format!("cannot write {}", path.display()))?;
        let mut lines = csv::Writer::from_path(directory.join("queries.csv"))?;
        self.queries.iter().try_for_each(|line| lines.serialize(line))?;
        lines.flush()?;
        Ok(path)
    }

    /// The report for a person.
    pub fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_header([
            "",
            "",
            "queries",
            "nDCG@10",
            "MRR@10",
            "recall@100",
            "judged@10",
            "nothing",
            "p50 ms",
            "p99 ms",
        ]);
        for side in &self.results {
            table.add_row([
                side.set.clone(),
                side.side.to_owned(),
                side.queries.to_string(),
                format!("{:.4}", side.ndcg_10),
                format!("{:.4}", side.mrr_10),
                format!("{:.4}", side.recall_100),
                format!("{:.4}", side.judged_10),
                format!("{:.2} %", side.zero_results * 100.0),
                format!("{:.2}", side.p50_ms),
                format!("{:.2}", side.p99_ms),
            ]);
        }
        for column in 2..10 {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table
    }
}

fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get(last * percent / 100).map_or(0.0, |took| took.as_secs_f64() * 1_000.0)
}
