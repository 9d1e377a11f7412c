//! What a benchmark leaves behind: a table for people, a file for programs.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use comfy_table::{CellAlignment, Table, presets};
use serde::{Deserialize, Serialize};

use super::verdict::{Verdict, in_short};

/// The results of one benchmark on one machine.
#[derive(Debug, Serialize, Deserialize)]
pub struct Report {
    /// Processor, number of cores and memory.
    pub machine: String,
    /// The commit that was measured.
    pub commit: String,
    /// How often every side was measured.
    pub rounds: u32,
    /// One entry for each part that was run.
    pub parts: Vec<PartReport>,
}

/// The results of one part.
#[derive(Debug, Serialize, Deserialize)]
pub struct PartReport {
    /// Its name.
    pub name: String,
    /// How long it took.
    pub seconds: u64,
    /// One entry for each figure.
    pub results: Vec<Verdict>,
    /// Why it could not be measured to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

impl Report {
    /// Whether everything was measured and every promise was kept.
    pub fn all_met(&self) -> bool {
        self.parts.iter().all(|part| part.failure.is_none() && part.results.iter().all(|verdict| verdict.met))
    }

    /// Writes the report to `directory/name.json`.
    pub fn write(&self, directory: &Path, name: &str) -> Result<PathBuf> {
        fs::create_dir_all(directory)?;
        let path = directory.join(format!("{name}.json"));
        let text = serde_json::to_string_pretty(self)?;
        fs::write(&path, text + "\n").with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    /// The report for a person.
    pub fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_header(["", "", "median", "unit", "ratio", "goal", "", "against"]);
        for part in &self.parts {
            for verdict in &part.results {
                table.add_row([
                    part.name.clone(),
                    verdict.name.clone(),
                    in_short(verdict.value),
                    verdict.unit.clone(),
                    verdict.ratio.map(in_short).unwrap_or_default(),
                    verdict.goal.map(|goal| goal.to_string()).unwrap_or_default(),
                    outcome(verdict).to_owned(),
                    verdict.against.clone(),
                ]);
            }
        }
        for column in [2, 4, 5] {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table
    }
}

fn outcome(verdict: &Verdict) -> &'static str {
    match (verdict.goal, verdict.met) {
        (None, _) => "",
        (Some(_), true) => "met",
        (Some(_), false) => "MISSED",
    }
}

/// This machine in a few words, without its name.
pub fn describe_machine() -> String {
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let model = model.map_or("unknown processor", |(_, name)| name.trim());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kilobytes = memory.lines().find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix("kB"));
    let gigabytes = kilobytes.and_then(|text| text.trim().parse::<u64>().ok()).unwrap_or_default() >> 20;
    format!("{model}, {cores} cores, {gigabytes} GB")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::verdict::{Contest, Goal};

    fn report(failure: Option<String>) -> Report {
        let contest =
            Contest { name: "generate", unit: "rows/s", against: "a bare COPY", goal: Some(Goal::AtLeast(0.5)) };
        let results = vec![contest.judge(&[61_000.0], &[100_000.0])];
        let parts = vec![PartReport { name: "import".to_owned(), seconds: 7, results, failure }];
        Report { machine: describe_machine(), commit: "abc".to_owned(), rounds: 1, parts }
    }

    #[test]
    fn a_report_reads_back() {
        let report = report(None);
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = report.write(directory.path(), "import").expect("writable");
        let back: Report = serde_json::from_str(&fs::read_to_string(path).expect("readable")).expect("valid");
        assert_eq!(back.parts[0].results, report.parts[0].results);
        assert!(back.all_met());
        let table = report.table().to_string();
        assert!(table.contains("61000") && table.contains("≥ 0.50"), "{table}");
    }

    #[test]
    fn a_part_that_failed_keeps_no_promise() {
        assert!(!report(Some("the disk is full".to_owned())).all_met());
    }
}
