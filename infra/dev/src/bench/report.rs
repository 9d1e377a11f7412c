//! What a benchmark leaves behind: a table for people, a file for programs.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use comfy_table::{CellAlignment, Table, presets};
use serde::{Deserialize, Serialize};

use super::contest::Verdict;

/// The results of one benchmark on one machine.
#[derive(Debug, Serialize, Deserialize)]
pub struct Report {
    /// Processor, number of cores and memory.
    pub machine: String,
    /// The commit that was measured.
    pub commit: String,
    /// One entry for each contest.
    pub results: Vec<Verdict>,
}

impl Report {
    /// Whether every promise was kept.
    pub fn all_met(&self) -> bool {
        self.results.iter().all(|verdict| verdict.met)
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
        table.load_style(presets::NOTHING).set_header(["", "median", "unit", "ratio", "goal", "", "against"]);
        for verdict in &self.results {
            table.add_row([
                verdict.name.clone(),
                format!("{:.0}", verdict.value),
                verdict.unit.clone(),
                format!("{:.2}", verdict.ratio),
                format!("≥ {:.2}", verdict.goal),
                if verdict.met { "met".to_owned() } else { "MISSED".to_owned() },
                verdict.against.clone(),
            ]);
        }
        for column in [1, 3, 4] {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table
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

    #[test]
    fn a_report_reads_back() {
        let verdict = Verdict {
            name: "generate".to_owned(),
            value: 61_000.0,
            unit: "rows/s".to_owned(),
            against: "a bare COPY".to_owned(),
            ratio: 0.6,
            goal: 0.5,
            met: true,
        };
        let report = Report { machine: describe_machine(), commit: "abc".to_owned(), results: vec![verdict] };
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = report.write(directory.path(), "import").expect("writable");
        let back: Report = serde_json::from_str(&fs::read_to_string(path).expect("readable")).expect("valid");
        assert_eq!(back.results, report.results);
        assert!(back.all_met());
        assert!(report.table().to_string().contains("61000"));
    }
}
